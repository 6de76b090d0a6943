"""When Xûr usually comes and goes: Friday to Tuesday, 17:00 UTC, summer and winter. Only what Bungie says is sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

RESET = time(17, tzinfo=UTC)
FRIDAY = 4
STAY = timedelta(days=4)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Stay:
    arrives: datetime
    leaves: datetime

    def covers(self, moment: datetime) -> bool:
        return self.arrives <= moment < self.leaves

    @property
    def next(self) -> Stay:
        return Stay(self.arrives + WEEK, self.leaves + WEEK)


def usual_stay(moment: datetime) -> Stay:
    """The one that is going on, else the next."""
    day = moment.astimezone(UTC).date()
    friday = day - timedelta(days=(day.weekday() - FRIDAY) % 7)
    arrives = datetime.combine(friday, RESET)
    if arrives > moment:  # it is a Friday, before he comes
        return Stay(arrives, arrives + STAY)
    stay = Stay(arrives, arrives + STAY)
    return stay if stay.covers(moment) else stay.next


def comes_or_goes_between(start: datetime, end: datetime) -> bool:
    """Whether what was true at `start` about his being here is usually no longer true at `end`, or was not between."""
    stay = usual_stay(start)
    return (stay.leaves if stay.covers(start) else stay.arrives) <= end


def last_reset(moment: datetime) -> datetime:
    """The daily one: stocks turn at it, and vendors come and go."""
    today = datetime.combine(moment.astimezone(UTC).date(), RESET)
    return today if today <= moment else today - timedelta(days=1)
