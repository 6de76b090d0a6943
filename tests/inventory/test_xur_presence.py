import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from inventory.models import VendorSnapshot
from inventory.xur import presence

from .weekends import ARRIVAL, AWAY, DEPARTURE, HERE

pytestmark = pytest.mark.django_db
ASKED = "GetPublicVendors"


def test_presence_is_what_bungie_says(site, clock):
    clock.set(HERE)
    told = presence()
    assert (told.here, told.told, told.unusual) == (True, True, False)
    assert told.until == datetime.fromisoformat(DEPARTURE).replace(tzinfo=UTC)
    clock.set(AWAY)
    VendorSnapshot.objects.all().delete()
    told = presence()
    assert (told.here, told.told) == (False, True)
    assert told.returns == datetime.fromisoformat(ARRIVAL).replace(tzinfo=UTC)


def test_many_visitors_cause_one_read(site, clock, django_assert_num_queries):
    clock.set(HERE)
    presence()
    with django_assert_num_queries(1):
        presence()
    assert site.calls(ASKED) == 1
    clock.pass_by(minutes=11)
    presence()
    presence()
    assert site.calls(ASKED) == 2


def test_a_reset_is_not_slept_through_and_read_again_minutes_later(site, clock):
    clock.set(ARRIVAL, seconds=-60)
    assert not presence().here
    clock.set(ARRIVAL, seconds=30)
    arrived = presence()
    assert (arrived.here, arrived.seen_coming) == (True, True)
    clock.pass_by(minutes=3)
    assert presence().since == arrived.since
    assert site.calls(ASKED) == 3


@pytest.mark.parametrize(
    ("effect", "trouble"),
    [
        ({"maintenance": True}, "maintenance"),
        ({"error_code": 36, "throttle_seconds": 9}, "throttled"),
        ({"html": 503}, "silent"),
        ({"drop": "before"}, "silent"),
        ({"body": {"ErrorCode": 1, "Response": {"vendors": {"privacy": 2}}}}, "silent"),
        ({"body": {"ErrorCode": 1, "Response": 7}}, "silent"),
        ({"error_code": 2101}, "refused"),
    ],
)
def test_presence_never_raises_and_says_that_it_is_the_schedule(site, clock, effect, trouble):
    clock.set(HERE)
    site.fault(ASKED, **effect)
    told = presence()
    assert (told.here, told.told, told.trouble) == (True, False, trouble)
    asked = site.calls(ASKED)
    assert presence().trouble == trouble
    assert site.calls(ASKED) == asked  # trouble is remembered for a while, too
    site.sandbox.faults.clear()
    clock.pass_by(minutes=2)
    assert presence().told


def test_the_last_word_stays_while_bungie_is_away(site, clock):
    clock.set(HERE)
    presence()
    site.fault(ASKED, maintenance=True)
    clock.pass_by(hours=1)
    told = presence()
    assert (told.here, told.told, told.trouble) == (True, True, "maintenance")
    clock.set(DEPARTURE, seconds=60)
    told = presence()
    assert (told.here, told.told) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_visitors_of_the_same_moment_share_the_first_read(site, clock):
    clock.set(HERE)
    site.fault(ASKED, delay=1)
    found = []

    def visit():
        found.append(presence())
        connection.close()

    visitors = [threading.Thread(target=visit) for _ in range(6)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert site.calls(ASKED) == 1
    assert [told.told for told in found] == [True] * 6
