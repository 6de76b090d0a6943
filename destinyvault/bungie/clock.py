"""Bungie's clock beside ours, as its replies tell it: what is decided by time must not need both to agree."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from django.utils import timezone

NOTHING, WHOLE_SECOND = timedelta(0), timedelta(seconds=1)  # which is all that a Date header tells
_least, _most = timedelta.min, timedelta.max  # by how much Bungie's may be ahead, after all replies


def noticed(date: str | None, sent_at: datetime) -> None:
    """The Date of a reply that has just come. One that does not fit to those before says that a clock was set."""
    global _least, _most
    try:
        told = parsedate_to_datetime(date or "")
        least, most = told - timezone.now(), told + WHOLE_SECOND - sent_at
    except (TypeError, ValueError):  # none, or one that is none
        return
    both = max(least, _least), min(most, _most)
    _least, _most = both if both[0] <= both[1] else (least, most)


def ours(moment: datetime) -> datetime:
    """What our clock showed then, or somewhat less, never more: while both may show the same they are taken to."""
    return moment if _least <= NOTHING <= _most else moment - _most
