"""What is worth telling people about, written down in the transaction in which it happens; delivery.py sends it."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django_q.tasks import async_task

from manifest import comparing
from manifest.models import Announcement, Revision, Subscription

Kind, Channel = Announcement.Kind, Announcement.Channel


def went_live(revision: Revision, *, before: Revision | None = None, by_staff: bool = False) -> None:
    """`before` is what was live until now: the counts are of what readers see change, whatever an import counted."""
    if not any(_places(Kind.LIVE)):
        return
    revision.refresh_from_db()
    counts = comparing.known_total(before, revision) if before else revision  # nobody waits for a count in a switch
    changes = f"{counts.added:,} new, {counts.changed:,} changed, {counts.removed:,} removed" if counts else ""
    _write(Kind.LIVE, revision, f"{_switched(revision, before, by_staff, changes)}.", compared_with=before)


def _switched(revision: Revision, before: Revision | None, by_staff: bool, changes: str) -> str:
    """`changes` is empty where nobody has counted them."""
    rows = f"{revision.rows:,} definitions"
    if before and by_staff:
        way = "back" if revision.pk < before.pk else "on"
        against = f". Against {before.version}, which was live until now: {changes}" if changes else ""
        return f"Staff went {way} to Manifest {revision.version} ({revision.language}), and pinned it: {rows}{against}"
    again = " again" if revision.live_until else ""
    live = f"Manifest {revision.version} is live{again} ({revision.language}): {rows}"
    return f"{live}, {changes}" if changes else live


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


def _write(kind: Kind, revision: Revision, text: str, *, compared_with: Revision | None = None) -> None:
    about = {
        "kind": kind,
        "language": revision.language,
        "path": revision.path,
        "version": revision.version,
        "revision_id": revision.pk,
        "compared_with": compared_with and compared_with.pk,
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
