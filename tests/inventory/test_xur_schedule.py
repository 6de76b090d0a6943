from datetime import UTC, datetime, timedelta

import pytest

from inventory.models import VendorSnapshot
from inventory.xur.schedule import comes_or_goes_between, last_reset, usual_stay
from inventory.xur.visit import by_schedule, presence_in

FRIDAY, TUESDAY = datetime(2026, 11, 27, 17, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC)
WEEK = timedelta(days=7)


def at(text):
    return datetime.fromisoformat(f"2026-{text}:00+00:00")


@pytest.mark.parametrize(
    ("moment", "here"),
    [
        ("11-27T16:59", False),
        ("11-27T17:00", True),
        ("11-29T12:00", True),
        ("12-01T16:59", True),
        ("12-01T17:00", False),
        ("12-03T12:00", False),
        ("07-03T17:00", True),  # in summer too
        ("12-31T18:00", False),
    ],
)
def test_he_usually_stays_from_friday_to_tuesday(moment, here):
    assert usual_stay(at(moment)).covers(at(moment)) is here


@pytest.mark.parametrize("moment", ["11-25T01:00", "11-27T00:00", "11-27T17:00", "11-30T23:00", "12-01T16:59"])
def test_the_stay_is_the_one_that_goes_on_or_the_next(moment):
    stay = usual_stay(at(moment))
    assert (stay.arrives, stay.leaves) == (FRIDAY, TUESDAY)
    assert usual_stay(stay.leaves) == stay.next


def test_moments_of_other_zones_are_the_same_moments():
    tokyo = at("11-27T17:00").astimezone(tz=datetime.fromisoformat("2026-01-01T00:00+09:00").tzinfo)
    assert usual_stay(tokyo).arrives == FRIDAY
    assert last_reset(tokyo) == FRIDAY


@pytest.mark.parametrize(
    ("start", "end", "changed"),
    [
        ("11-26T10:00", "11-27T16:59", False),
        ("11-26T10:00", "11-27T17:00", True),
        ("11-28T10:00", "12-01T16:59", False),
        ("11-28T10:00", "12-01T17:00", True),
        ("11-26T10:00", "12-02T10:00", True),
    ],
)
def test_what_was_true_holds_until_he_usually_comes_or_goes(start, end, changed):
    assert comes_or_goes_between(at(start), at(end)) is changed


def row(answered, here, **more):
    return VendorSnapshot(key="public", asked_at=at(answered), answered_at=at(answered), here=here, **more)


def test_bungies_word_stands_and_the_times_are_the_usual_ones():
    told = presence_in(row("11-28T10:00", True), at("11-28T10:05"))
    assert (told.here, told.told, told.seen_coming, told.unusual) == (True, True, False, False)
    assert (told.since, told.until, told.returns) == (FRIDAY, TUESDAY, None)
    away = presence_in(row("11-26T10:00", False), at("11-26T10:05"))
    assert (away.here, away.told, away.since, away.until, away.returns) == (False, True, None, None, FRIDAY)


def test_one_who_was_seen_coming_has_been_here_since_then():
    told = presence_in(row("11-28T10:00", True, here_since=at("11-27T17:04")), at("11-28T10:05"))
    assert (told.since, told.seen_coming) == (at("11-27T17:04"), True)


def test_he_may_leave_before_his_time():
    told = presence_in(row("11-30T10:00", False), at("11-30T10:05"))
    assert (told.here, told.told, told.unusual) == (False, True, True)
    assert told.returns == FRIDAY + WEEK


def test_of_unusual_days_nobody_knows_the_end():
    told = presence_in(row("11-26T10:00", True), at("11-26T10:05"))
    assert (told.here, told.unusual, told.since, told.until) == (True, True, None, None)


def test_an_old_word_gives_way_to_the_schedule_once_he_should_have_come_or_gone():
    silent = row("11-26T10:00", False, trouble="silent")
    assert presence_in(silent, at("11-27T16:00")).told
    guessed = presence_in(silent, at("11-28T10:00"))
    assert (guessed.here, guessed.told, guessed.trouble) == (True, False, "silent")
    assert guessed.as_of == at("11-26T10:00")
    assert (guessed.since, guessed.until) == (FRIDAY, TUESDAY)


def test_without_any_word_the_schedule_alone_speaks():
    assert by_schedule(at("11-25T01:00")).returns == FRIDAY
    assert by_schedule(at("11-28T01:00")).until == TUESDAY
    assert not by_schedule(at("11-28T01:00")).told
