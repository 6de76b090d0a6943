from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import memberships, people
from accounts.models import BungieAccount, Membership, User
from accounts.people import looked_up_again, player
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


def test_a_player_is_one_query(django_assert_num_queries):
    user = person()
    with django_assert_num_queries(1):
        found = player(user)
        assert found.account.access_token == "access-one"
        assert (found.membership.membership_type, found.preferences.theme) == (3, "system")
        assert found.account.user == user


def test_staff_without_a_destiny_account_is_no_player():
    assert player(User.objects.create_user("staff")) is None
    assert player(AnonymousUser()) is None


def test_a_player_without_preferences_has_the_usual_ones():
    user = person()
    user.preferences.delete()
    assert player(User.objects.get()).preferences.language == ""


def test_old_memberships_do_not_stop_anybody_while_bungie_is_away(settings):
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    user = person()
    two_days_ago = timezone.now() - timedelta(days=2)
    BungieAccount.objects.update(memberships_read_at=two_days_ago)
    found = player(user)
    assert BungieAccount.objects.get().memberships_read_at == two_days_ago, "a page does not wait for Bungie"
    assert looked_up_again(found) == found
    assert BungieAccount.objects.get().memberships_read_at > two_days_ago + timedelta(days=1), "not asked at every read"


def test_who_is_looked_up_again_stays_the_one_that_was_asked_for(monkeypatch):
    user = person()
    began = player(user)
    other = Membership.objects.create(account=user.bungie, membership_type=1, membership_id="77")
    memberships.choose(user.bungie, other)
    monkeypatch.setattr(people, "refresh_if_old", lambda _: True)
    assert looked_up_again(began).membership == began.membership
    Membership.objects.filter(pk=began.membership.pk).update(listed=False)
    assert looked_up_again(began).membership == other


def test_a_player_with_two_accounts_knows_where_the_other_one_is():
    user = person()
    Membership.objects.create(account=user.bungie, membership_type=1, membership_id="77")
    assert player(user).elsewhere == ("Xbox",)
