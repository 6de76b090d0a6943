"""Bungie's clock beside ours: what it told of a moment is never taken for a later one than it was."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from destinyvault.bungie import clock


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(clock, "_least", timedelta.min)
    monkeypatch.setattr(clock, "_most", timedelta.max)


def reply(ahead, took=0.2):
    """One that has just come, from a clock so many seconds ahead of ours."""
    now = timezone.now()
    date = (now - timedelta(seconds=took / 2) + timedelta(seconds=ahead)).replace(microsecond=0)
    clock.noticed(format_datetime(date, usegmt=True), now - timedelta(seconds=took))


def off(ahead):
    """By how much a moment of Bungie's is taken for an earlier one."""
    now = timezone.now()
    return now - clock.ours(now + timedelta(seconds=ahead))


@pytest.mark.parametrize("date", [None, "", "soon", "Wed, 99 Nov 2026 10:00:00 GMT"])
def test_reply_without_a_date_tells_nothing(date):
    clock.noticed(date, timezone.now())
    assert off(0) == timedelta()


def test_clocks_that_may_agree_are_taken_to():
    reply(0)
    assert off(0) == timedelta()


@pytest.mark.parametrize("ahead", [300, 20, 1.5, -1.5, -20, -300])
def test_moment_is_taken_for_at_most_a_second_earlier_and_never_for_a_later_one(ahead):
    reply(ahead)
    assert timedelta() <= off(ahead) <= timedelta(seconds=1.2)


def test_clock_that_was_set_is_learned_anew():
    reply(300)
    reply(-20)
    assert timedelta() <= off(-20) <= timedelta(seconds=1.2)
