"""What the schedule runs."""

import logging

from django.conf import settings

from manifest.errors import ImportRunning, ManifestError
from manifest.sync import sync_all

log = logging.getLogger(__name__)


def check() -> str:
    """Bring every language up to date. A failure is noted on the language's row and tried again at the next check."""
    told = []
    for language, outcome in sync_all(settings.MANIFEST_LANGUAGES):
        if isinstance(outcome, ManifestError):
            log.log(logging.INFO if isinstance(outcome, ImportRunning) else logging.ERROR, "%s: %s", language, outcome)
            told.append(f"{language}: {outcome}")
        else:
            told.append(f"{language}: {outcome.action}")
    return "\n".join(told)
