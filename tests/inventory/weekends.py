"""Days of Xûr's calendar, and a clock that the site and the sandbox share."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from tests.conftest import refill_the_budget

AWAY, ARRIVAL, HERE, DEPARTURE = "2026-11-26T12:00", "2026-11-27T17:00", "2026-11-28T12:00", "2026-12-01T17:00"


class CommonClock:
    """What a test sets it to, and going on from there."""

    def __init__(self, sandbox, monkeypatch):
        self.sandbox = sandbox
        self.offset = timedelta(0)
        genuine = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: genuine() + self.offset)
        self.genuine = genuine

    def set(self, moment, seconds=0):
        wanted = datetime.fromisoformat(moment).replace(tzinfo=UTC) + timedelta(seconds=seconds)
        self.sandbox.clock.set(wanted)
        self.offset = wanted - self.genuine()

    def pass_by(self, **time):
        self.sandbox.clock.advance(timedelta(**time).total_seconds())
        self.offset += timedelta(**time)
        refill_the_budget()
