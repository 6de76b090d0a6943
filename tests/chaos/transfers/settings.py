"""As the tests', with the sandbox that the site of this run talks to, and what was switched off to see the run fail."""

import os

from tests.settings import *  # noqa: F403

BUNGIE_ROOT = os.environ["CHAOS_BUNGIE_ROOT"]
INSTALLED_APPS += ["tests.chaos.transfers.sabotage.Sabotage"]  # noqa: F405
MANIFEST_LANGUAGES = ["en"]
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
Q_CLUSTER["workers"] = int(os.environ["CHAOS_WORKERS"])  # noqa: F405
