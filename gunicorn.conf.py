"""How the site is served. gunicorn reads this file by itself, from the folder that it is started in."""

import os

from django.conf import settings
from gunicorn.arbiter import Arbiter

from destinyvault import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "destinyvault.settings")

bind = f"{settings.WEB_HOST}:{settings.WEB_PORT}"
workers = 2
preload_app = True  # what both import is one copy in memory
worker_class = "gthread"
threads = 8  # more than may wait for profiles at once (inventory.turns.MOST_AT_ONCE); single items and Xûr wait besides
timeout = 60
limit_request_field_size = 16_380  # twice the usual: what is too long for us is told in our words
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
errorlog = "-"
loglevel = "warning"

# A certificate made by `make certificate`: Bungie sends people back to https addresses only, this machine's included.
_certificate = settings.VAR_DIR / "certificate.pem"
if settings.SITE_ON_LOOPBACK and settings.SITE_URL.startswith("https://") and _certificate.exists():
    certfile = str(_certificate)
    keyfile = str(settings.VAR_DIR / "certificate.key")


def when_ready(server: Arbiter) -> None:
    memory.before_forking()
    server.log.warning("Destiny Vault runs at %s", settings.SITE_URL)
