"""What is worth telling people about, written down in the transaction in which it happens; delivery.py sends it."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from manifest.models import Announcement, Revision, Subscription

Kind, Channel = Announcement.Kind, Announcement.Channel


def went_live(revision: Revision) -> None:
    revision.refresh_from_db()
    again = " again" if revision.live_until else ""
    text = (
        f"Manifest {revision.version} is live{again} ({revision.language}): {revision.rows:,} definitions,"
        f" {revision.added:,} new, {revision.changed:,} changed, {revision.removed:,} removed."
    )
    _write(Kind.LIVE, revision, text)


def failed(revision: Revision, reason: str, *, held: bool) -> None:
    """Told once for each content path: a broken file is tried again at every check."""
    kind = Kind.HELD if held else Kind.FAILED
    if Announcement.objects.filter(kind=kind, language=revision.language, path=revision.path).exists():
        return
    what = "is held back until somebody confirms it" if held else "could not be imported"
    _write(kind, revision, f"Manifest {revision.version} ({revision.language}) {what}: {reason}")


def queue_delivery() -> None:
    """The broker is this database: within a transaction the task exists if and only if what it should send does."""
    async_task("manifest.tasks.deliver", q_options={"save": False})


def _write(kind: Kind, revision: Revision, text: str) -> None:
    about = {
        "kind": kind,
        "language": revision.language,
        "path": revision.path,
        "version": revision.version,
        "revision_id": revision.pk,
        "text": text,
        "next_try_at": timezone.now(),
    }
    rows = [Announcement(**about, channel=channel, subscription=to) for channel, to in _places(kind)]
    if rows:
        Announcement.objects.bulk_create(rows)
        queue_delivery()


def _places(kind: Kind) -> Iterator[tuple[Channel, Subscription | None]]:
    if settings.ANNOUNCE_WEBHOOK_URL:
        yield Channel.WEBHOOK, None
    for subscription in Subscription.objects.select_related("user"):
        if subscription.wants(kind):
            yield Channel.EMAIL, subscription
