"""The site's own settings, on an environment that no developer's .env reaches."""

import os

for name in list(os.environ):
    if name.startswith(("BUNGIE_", "MANIFEST_")) and name != "BUNGIE_CAPTURES":
        del os.environ[name]
os.environ.update(
    ENV_FILE="",
    DEBUG="on",
    SITE_URL="http://127.0.0.1:8000",
    MANIFEST_LANGUAGES="en,fr",
    BUNGIE_API_KEY="sandbox-api-key",
    BUNGIE_CLIENT_ID="12345",
    BUNGIE_CLIENT_SECRET="sandbox-client-secret",
    BUNGIE_ROOT="http://127.0.0.1:1",  # nothing answers there: a test without the sandbox reaches nobody
)

from destinyvault.settings import *  # noqa: E402, F403

DEBUG = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  whitenoise warns where it is missing
ALLOWED_HOSTS = ["*"]
Q_CLUSTER["poll"] = 0.05  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  a live server's threads would hold the test database open
