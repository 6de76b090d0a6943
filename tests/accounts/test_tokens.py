import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.memberships import refresh_memberships
from accounts.models import BungieAccount
from accounts.people import looked_up_again, player
from accounts.tokens import fresh_access_token, with_token
from destinyvault.bungie import client as bungie
from destinyvault.bungie.errors import BungieDown, SignInExpired
from tests.accounts.bungie import ILVA, calls, fault, signed_in
from tests.accounts.people import expire_access

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(client, sandbox):
    account = signed_in(sandbox, client)
    sandbox.log.clear()
    return account


@pytest.fixture
def expired(account):
    expire_access(account)
    return account


def stored():
    return BungieAccount.objects.get()


def ask(account):
    return with_token(account, lambda token: bungie.current_user_memberships(token))


def at_once(work, times):
    """What `work` gave or raised, in as many threads as `times`, let go at the same moment."""
    start, results = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_token_that_is_good_is_used_as_it_is(account, sandbox, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert fresh_access_token(account) == account.access_token
    assert calls(sandbox, "token") == []


def test_an_expired_token_is_renewed_with_both_ends_and_works(expired, sandbox):
    before = stored()
    token = fresh_access_token(expired)
    after = stored()
    assert token == after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert after.access_expires_at > timezone.now() + timedelta(minutes=59)
    assert after.refresh_expires_at >= before.refresh_expires_at
    assert ask(expired)["bungieNetUser"]["membershipId"] == ILVA


def test_requests_side_by_side_renew_once(expired, sandbox):
    results = at_once(lambda: fresh_access_token(BungieAccount.objects.get(pk=expired.pk)), 8)
    assert set(results) == {stored().access_token}
    assert len(calls(sandbox, "token")) == 1


def test_requests_side_by_side_renew_a_token_that_bungie_ended_early_once(account, sandbox):
    sandbox.tokens.end(ILVA, ("access",))
    results = at_once(lambda: ask(BungieAccount.objects.get(pk=account.pk)), 6)
    assert {each["bungieNetUser"]["membershipId"] for each in results} == {ILVA}
    assert len(calls(sandbox, "token")) == 1


def test_two_persons_do_not_wait_for_each_other(expired, sandbox):
    other = signed_in(sandbox, Client(), "20000002")
    expire_access(other)
    with transaction.atomic():
        BungieAccount.objects.select_for_update().get(pk=expired.pk)
        (renewed,) = at_once(lambda: fresh_access_token(BungieAccount.objects.get(pk=other.pk)), 1)
    assert isinstance(renewed, str)


def test_the_new_pair_is_committed_before_anyone_uses_it(expired, sandbox):
    def seen_by_another_connection(token):
        return at_once(lambda: stored().access_token, 1) == [token]

    assert with_token(expired, seen_by_another_connection)
    expire_access(expired)
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        fresh_access_token(expired)


def test_maintenance_keeps_the_sign_in(expired, sandbox):
    fault(sandbox, "*", maintenance=True)
    with pytest.raises(BungieDown) as caught:
        fresh_access_token(expired)
    assert caught.value.maintenance
    assert not stored().sign_in_needed
    sandbox.faults.clear()
    assert fresh_access_token(stored())


def test_a_renewal_that_never_arrived_is_made_good_by_the_next(expired, sandbox):
    fault(sandbox, "token", times=1, drop="before")
    with pytest.raises(BungieDown):
        fresh_access_token(expired)
    assert fresh_access_token(stored())


def test_a_renewal_whose_reply_was_lost_ends_in_a_new_sign_in_and_in_no_guessing(expired, sandbox):
    fault(sandbox, "token", times=1, drop="after")
    with pytest.raises(BungieDown):
        fresh_access_token(expired)
    assert not stored().sign_in_needed, "nothing is known yet"
    with pytest.raises(SignInExpired):
        fresh_access_token(stored())
    assert stored().sign_in_needed


def test_a_dead_sign_in_is_noted_and_bungie_is_not_asked_again(expired, sandbox):
    sandbox.tokens.end(ILVA, ("access", "refresh"))
    for _ in range(3):
        with pytest.raises(SignInExpired):
            fresh_access_token(stored())
    assert stored().sign_in_needed
    assert len(calls(sandbox, "token")) == 1


def test_signing_in_again_mends_a_dead_sign_in(expired, sandbox, client):
    BungieAccount.objects.update(sign_in_needed=True)
    assert "Sign in again" in client.get("/settings/").text
    signed_in(sandbox, client)
    assert ask(stored())


def test_a_refusal_of_the_call_itself_is_not_taken_for_a_dead_token_twice(account, sandbox):
    fault(sandbox, "GetMembershipDataForCurrentUser", error_code=99)
    with pytest.raises(SignInExpired):
        ask(account)
    assert len(calls(sandbox, "token")) == 1


def test_nobody_queues_behind_a_renewal_that_hangs(expired, sandbox, monkeypatch):
    monkeypatch.setattr(tokens, "LOCK_SECONDS", 0.1)
    with transaction.atomic():
        BungieAccount.objects.select_for_update().get(pk=expired.pk)
        (result,) = at_once(lambda: fresh_access_token(BungieAccount.objects.get(pk=expired.pk)), 1)
    assert isinstance(result, BungieDown)
    assert calls(sandbox, "token") == []


def test_a_person_who_is_being_deleted_is_asked_to_sign_in(expired):
    copy = stored()
    expired.user.delete()
    with pytest.raises(SignInExpired):
        fresh_access_token(copy)


def test_memberships_are_read_again_after_a_day_once_for_all_requests(account, sandbox):
    user = account.user
    player(user)
    assert calls(sandbox, "GetLinkedProfiles") == []
    BungieAccount.objects.update(memberships_read_at=timezone.now() - timedelta(days=1, minutes=1))
    account.memberships.update(display_name="An old name")
    at_once(lambda: looked_up_again(player(user)), 5)
    assert len(calls(sandbox, "GetLinkedProfiles")) == 1
    assert player(user).membership.display_name == "Ilva Thornquist"


def test_memberships_can_be_read_again_with_a_token_that_bungie_ended_early(account, sandbox):
    sandbox.tokens.end(ILVA, ("access",))
    account.memberships.update(display_name="An old name")
    refresh_memberships(account)
    assert account.memberships.get().display_name == "Ilva Thornquist"
