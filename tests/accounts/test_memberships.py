from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts import memberships
from accounts.models import Membership
from accounts.people import player
from tests.accounts.people import linked, person
from tests.manifest.standstill import until

pytestmark = pytest.mark.django_db

EARLIER, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def account():
    account = person().bungie
    account.memberships.all().delete()
    return account


def known(account):
    return set(account.memberships.values_list("membership_id", flat=True))


def chosen(account):
    return account.memberships.get(chosen=True).membership_id


def test_overridden_memberships_are_dropped(account):
    overridden = linked(2, "22", is_overridden=True)
    empty = linked(3, "33", applicable_types=())
    memberships.store(account, [overridden, empty, linked(1, "11")])
    assert known(account) == {"11"}


def test_the_cross_save_primary_is_chosen_wherever_it_stands_and_whenever_it_was_played(account):
    played = linked(2, "22", date_last_played=LATER)
    primary = linked(1, "11", is_cross_save_primary=True, date_last_played=EARLIER)
    memberships.store(account, [played, primary])
    assert chosen(account) == "11"


@pytest.mark.parametrize("order", [1, -1])
def test_without_cross_save_the_last_played_one_is_chosen(account, order):
    both = [linked(1, "11", date_last_played=LATER), linked(2, "22", date_last_played=EARLIER)]
    memberships.store(account, both[::order])
    assert chosen(account) == "11"


def test_a_choice_survives_the_next_reading(account):
    both = [linked(1, "11", date_last_played=LATER), linked(2, "22", date_last_played=EARLIER)]
    memberships.store(account, both)
    memberships.choose(account, account.memberships.get(membership_id="22"))
    memberships.store(account, both)
    assert chosen(account) == "22"
    assert account.memberships.filter(chosen=True).count() == 1


def test_a_choice_that_cross_save_has_overridden_passes_to_the_primary(account):
    memberships.store(account, [linked(1, "11", date_last_played=LATER), linked(2, "22", date_last_played=EARLIER)])
    overridden = linked(1, "11", is_overridden=True, applicable_types=())
    memberships.store(account, [overridden, linked(2, "22", is_cross_save_primary=True, applicable_types=(1, 2))])
    assert chosen(account) == "22"
    assert Membership.objects.get(chosen=True).other_platforms == ["Xbox"]


def test_a_profile_that_bungie_cannot_read_just_now_is_kept(account):
    memberships.store(account, [linked(1, "11"), linked(2, "22")])
    memberships.store(account, [linked(1, "11"), linked(2, "22", error_code=1601)])
    assert known(account) == {"11", "22"}


def test_platform_that_bungie_lists_no_more_is_not_offered_but_stays_until_it_is_listed_again(account):
    both = [linked(1, "11", date_last_played=LATER), linked(2, "22", date_last_played=EARLIER)]
    memberships.store(account, both)
    first = account.memberships.get(membership_id="11")
    memberships.store(account, both[1:])
    assert chosen(account) == "22"
    assert player(account.user).elsewhere == ()
    memberships.choose(account, first)
    assert chosen(account) == "22", "a page shown before may still offer it"
    browser = Client()
    browser.force_login(account.user)
    assert "Xbox" not in browser.get("/settings/").text
    browser.post("/settings/platform/", {"membership": first.pk})
    assert chosen(account) == "22"
    assert [each["id"] for each in browser.get("/api/v1/me").json()["memberships"]] == ["22"]
    memberships.store(account, both)
    assert account.memberships.get(membership_id="11") == first
    assert player(account.user).elsewhere == ("Xbox",)


def test_person_with_no_platform_left_plays_none(account):
    memberships.store(account, [linked(1, "11")])
    memberships.store(account, [])
    assert player(account.user) is None


def test_names_are_brought_up_to_date(account):
    memberships.store(account, [linked(1, "11", display_name="Before")])
    memberships.store(account, [linked(1, "11", display_name="After", code=7)])
    assert account.memberships.get().full_name == "After#0007"


def test_a_membership_that_went_meanwhile_leaves_the_person_with_another(account):
    memberships.store(account, [linked(1, "11"), linked(2, "22", is_cross_save_primary=True)])
    gone = account.memberships.get(membership_id="11")
    Membership.objects.filter(pk=gone.pk).delete()
    memberships.choose(account, gone)
    assert chosen(account) == "22"


@pytest.mark.django_db(transaction=True)
def test_of_two_choices_at_the_same_moment_the_later_one_counts(account):
    memberships.store(account, [linked(1, "11"), linked(2, "22"), linked(3, "33", is_cross_save_primary=True)])
    first, second = (account.memberships.get(membership_id=each) for each in ("11", "22"))
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            memberships.choose(account, first)
            later = beside.submit(_choose_and_close, account, second)
            until(lambda: somebody_waits_for_us() or later.done())
        later.result()
    assert chosen(account) == "22"


def _choose_and_close(account, membership):
    try:
        memberships.choose(account, membership)
    finally:
        connection.close()


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        # Not pg_stat_activity: inside a transaction it keeps showing what it showed first.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone()[0] > 0
