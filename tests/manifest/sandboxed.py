"""Settings of a process beside the tests, whose Bungie.net is the sandbox of the test that started it."""

import os

from tests.settings import *  # noqa: F403

BUNGIE_ROOT = os.environ["SANDBOX_ROOT"]
MANIFEST_LANGUAGES = ["en"]
