"""What the cluster runs: the schedule's check, and what staff ask for."""

import logging
from collections.abc import Iterable

from django.conf import settings

from destinyvault.bungie.replies import ManifestIndex
from manifest import asking, comparing, delivery
from manifest.errors import HeldBack, ImportRunning, ManifestError
from manifest.models import Revision
from manifest.sync import Action, Outcome, sync_all

log = logging.getLogger(__name__)


def check() -> str:
    """Bring every language up to date, each new content when it is seen for the second time.

    A failure is noted on the language's row and tried again at the next check.
    """
    return _told(sync_all(settings.MANIFEST_LANGUAGES, patient=True))


def update(languages: list[str] | None = None, *, force: bool = False) -> str:
    """The same by hand, at once; `force` imports even what is known already or was held back."""
    return _told(sync_all(languages or settings.MANIFEST_LANGUAGES, force=force))


def import_again(revision_id: int) -> str:
    """The content of one revision once more, also one that was held back: whoever asks for it confirms it."""
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        return (
            f"Revision {revision_id} is gone: its content was tried again since, and a newer row tells how that went."
        )
    if not revision.path.startswith("/"):
        return f"{revision} was read from a file, not from Bungie.net: run sync_manifest --force --file with it."
    index = ManifestIndex(version=revision.version, paths={revision.language: revision.path})
    return _told(sync_all([revision.language], force=True, read_index=lambda: index))


def check_for_newer(language: str, revision_id: int, hashes: list[int]) -> str:
    """The check that a visit asked for, because of items that `revision_id` does not know (asking.py)."""
    outcomes = dict(sync_all(settings.MANIFEST_LANGUAGES, patient=True))
    if _has_nothing_newer(outcomes.get(language)):
        asking.remember_missing(revision_id, hashes)
    return _told(outcomes.items())


def count_differences(revision_id: int) -> None:
    comparing.count_differences(revision_id)


def deliver() -> str:
    return delivery.deliver()


def _has_nothing_newer(outcome: Outcome | ManifestError | None) -> bool:
    """Or nothing that may go live before somebody says so; then another revision is live, and the question new."""
    settled = {Action.UP_TO_DATE, Action.PINNED}
    return isinstance(outcome, HeldBack) or (isinstance(outcome, Outcome) and outcome.action in settled)


def _told(outcomes: Iterable[tuple[str, Outcome | ManifestError]]) -> str:
    told = []
    for language, outcome in outcomes:
        if isinstance(outcome, ManifestError):
            level = logging.INFO if isinstance(outcome, ImportRunning) else logging.ERROR
            log.log(level, "%s: %s%s", language, outcome, outcome.detail)
            told.append(f"{language}: {outcome}")
        else:
            told.append(f"{language}: {outcome.action}")
    delivery.deliver_soon()
    return "\n".join(told)
