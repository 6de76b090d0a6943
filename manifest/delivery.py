"""Send what announcing.py wrote down, once: what may have arrived is never sent again."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from manifest import mail, webhook
from manifest.announcing import queue_delivery
from manifest.errors import Undelivered
from manifest.locks import importing
from manifest.models import Announcement, Subscription

log = logging.getLogger(__name__)
Status, Channel = Announcement.Status, Announcement.Channel

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
LOST_AFTER = timedelta(minutes=5)  # longer than a message takes with all its timeouts
# The languages of one version go live within minutes of each other, and are told in one message.
GATHERED = timedelta(minutes=10)
KEPT = timedelta(days=90)
MOST = 50  # in one message


def deliver() -> str:
    """Everything that is due, one message for each place. Any number of workers may do this at the same time."""
    _admit_lost()
    return "\n".join(_send(rows) for place in _places_due() if (rows := _claim(*place)))


def deliver_soon() -> None:
    """At the end of a round of imports, for what waited for it."""
    if Announcement.objects.filter(status=Status.WAITING).exists():
        queue_delivery()


def forget_old() -> None:
    Announcement.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _admit_lost() -> None:
    """Whoever was sending them was killed, before or after they arrived."""
    lost = Announcement.objects.filter(status=Status.SENDING, next_try_at__lt=timezone.now())
    lost.update(status=Status.UNKNOWN, error="The process ended while it was sending this.")


def _places_due() -> list[tuple[str, int | None]]:
    """Channel and subscription. A place that asked for a pause gets nothing in it, not even what came since."""
    now = timezone.now()
    waiting = Announcement.objects.filter(status=Status.WAITING)
    if importing():
        waiting = waiting.filter(created_at__lt=now - GATHERED)
    places = waiting.order_by().values_list("channel", "subscription").annotate(due=Max("next_try_at"))
    return [(channel, subscription) for channel, subscription, due in places if due <= now]


def _claim(channel: str, subscription: int | None) -> list[Announcement]:
    """Each waiting message is handed to one caller only."""
    waiting = Announcement.objects.filter(status=Status.WAITING, channel=channel, subscription=subscription)
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:MOST])
        lost_at = timezone.now() + LOST_AFTER
        _note(rows, status=Status.SENDING, attempts=F("attempts") + 1, next_try_at=lost_at, error="")
    return rows


def _send(rows: list[Announcement]) -> str:
    """What became of it, in a line for the task's result."""
    place = rows[0].get_channel_display()
    try:
        sent = _to_webhook(rows) if rows[0].channel == Channel.WEBHOOK else _to_subscriber(rows)
    except Undelivered as error:
        return _failed(place, rows, error)
    except Exception as error:  # of nothing that was sent: whatever happens after that is told as lost
        log.exception("A message by %s was not sent", place)
        mistake = f"This site made a mistake before it sent this ({type(error).__name__}); its log has the rest."
        return _failed(place, rows, Undelivered(mistake))
    _note(sent, status=Status.SENT, sent_at=timezone.now())
    return f"{place}: {len(sent)} sent"


def _failed(place: str, rows: list[Announcement], error: Undelivered) -> str:
    _note_failure(rows, error)
    log.warning("Not delivered by %s: %s", place, error)
    return f"{place}: {error}"


def _to_webhook(rows: list[Announcement]) -> list[Announcement]:
    if not settings.ANNOUNCE_WEBHOOK_URL:
        raise Undelivered("ANNOUNCE_WEBHOOK_URL is no longer set.", final=True)
    webhook.send(settings.ANNOUNCE_WEBHOOK_URL, rows)
    return rows


def _to_subscriber(rows: list[Announcement]) -> list[Announcement]:
    subscription = Subscription.objects.select_related("user").filter(pk=rows[0].subscription_id).first()
    if subscription is None:
        return []  # deleted just now, and its messages with it
    wanted = [row for row in rows if subscription.wants(row.kind)]
    _note([row for row in rows if row not in wanted], status=Status.FAILED, error="Nobody there asks for it any more.")
    if wanted:
        mail.send(subscription.email, wanted)
    return wanted


def _note_failure(rows: list[Announcement], error: Undelivered) -> None:
    now = timezone.now()
    next_try_at = now + max(_pause(rows), timedelta(seconds=error.pause_seconds))
    for row in rows:
        # Not over what was settled on the way: an e-mail that nobody wants any more.
        sending = Announcement.objects.filter(pk=row.pk, status=Status.SENDING)
        sending.update(status=_status(row, error, now), next_try_at=next_try_at, error=str(error))


def _status(row: Announcement, error: Undelivered, now: datetime) -> Status:
    if error.lost:
        return Status.UNKNOWN
    return Status.FAILED if error.final or now - row.created_at > GIVEN_UP_AFTER else Status.WAITING


def _pause(rows: Sequence[Announcement]) -> timedelta:
    failures = min(max(row.attempts for row in rows), 10)
    return min(FIRST_PAUSE * 2**failures, LONGEST_PAUSE)


def _note(rows: Sequence[Announcement], **noted: Any) -> None:
    Announcement.objects.filter(pk__in=[row.pk for row in rows]).update(**noted)
