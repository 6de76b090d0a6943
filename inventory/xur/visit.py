"""Whether Xûr is here, since when and until when: as Bungie told, else by his usual schedule, and which of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from destinyvault.bungie.errors import BungieError
from inventory.models import VendorSnapshot, trouble_of

from . import keeping
from .schedule import Stay, comes_or_goes_between, usual_stay


@dataclass(frozen=True, slots=True)
class Presence:
    """`told` is False where nobody but his usual schedule says so: Bungie has not been heard since it last changed.

    Bungie tells whether he is here, not for how long: `until` and `returns` are his usual times, and None where what
    Bungie told does not fit them. `since` is sure where `seen_coming`, else it is the usual time too.
    """

    here: bool
    told: bool
    since: datetime | None
    seen_coming: bool
    until: datetime | None
    returns: datetime | None
    unusual: bool  # Bungie says other than his schedule does
    as_of: datetime | None  # Bungie's last word
    trouble: str  # why there is no newer one, as in models.Trouble; empty for none


def presence() -> Presence:
    """For any page; Bungie's trouble is part of the answer. One query while what is known is fresh."""
    try:
        return presence_in(keeping.told_to_all())
    except BungieError as error:
        return by_schedule(timezone.now(), trouble=trouble_of(error))


def last_known() -> Presence:
    """Without asking Bungie, for a page that is not to wait: as last told, or by his schedule where he moved since."""
    row, now = keeping.known_to_all(), timezone.now()
    if row is None or comes_or_goes_between(row.answered_at, now):
        return by_schedule(now, as_of=row.answered_at if row else None)
    return presence_in(row, now)


def presence_in(row: VendorSnapshot, now: datetime | None = None) -> Presence:
    now = now or timezone.now()
    if comes_or_goes_between(row.answered_at, now) and row.trouble:
        return by_schedule(now, as_of=row.answered_at, trouble=row.trouble)
    stay = usual_stay(now)
    usual = stay.covers(now)
    since, until, returns = _here(row, stay, usual) if row.here else _away(stay, usual)
    return Presence(
        here=row.here,
        told=True,
        since=since,
        seen_coming=row.here and row.here_since is not None,
        until=until,
        returns=returns,
        unusual=row.here != usual,
        as_of=row.answered_at,
        trouble=row.trouble,
    )


def by_schedule(now: datetime, as_of: datetime | None = None, trouble: str = "") -> Presence:
    stay = usual_stay(now)
    here = stay.covers(now)
    since, until, returns = (stay.arrives, stay.leaves, None) if here else _away(stay, here)
    return Presence(here, False, since, False, until, returns, False, as_of, trouble)


def _here(row: VendorSnapshot, stay: Stay, usual: bool) -> tuple[datetime | None, datetime | None, None]:
    return row.here_since or (stay.arrives if usual else None), stay.leaves if usual else None, None


def _away(stay: Stay, usual: bool) -> tuple[None, None, datetime]:
    """Where he should be here but is not, he comes a little late or left before his time, as he does for patches."""
    return None, None, stay.next.arrives if usual else stay.arrives
