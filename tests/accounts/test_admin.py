import pytest
from allauth.socialaccount.models import SocialToken
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts import api_keys
from accounts.models import ApiKey, BungieAccount, Membership, Preferences, User
from tests.accounts.people import person

pytestmark = pytest.mark.django_db

MODELS = [User, BungieAccount, Preferences, ApiKey]


@pytest.fixture
def somebody():
    user = person()
    user.key, user.secret = api_keys.create(user, "my script")
    return user


def pages(somebody):
    rows = {User: somebody, BungieAccount: somebody.bungie, Preferences: somebody.preferences, ApiKey: somebody.key}
    for model in MODELS:
        name = f"admin:accounts_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_change", args=[rows[model].pk])


def test_staff_can_look_but_no_page_shows_a_token(admin_client, somebody):
    account = somebody.bungie
    stored = BungieAccount.objects.values("access_token", "refresh_token").get().values()
    hidden = ["access-one", "refresh-one", somebody.secret, somebody.key.digest, somebody.password, *stored]
    for page in pages(somebody):
        response = admin_client.get(page)
        assert response.status_code == 200, page
        assert not [each for each in hidden if each and each in response.text], page
    assert str(account) in response.text


def test_nothing_can_be_added_changed_or_deleted(admin_client, somebody):
    for model in MODELS:
        name = f"admin:accounts_{model._meta.model_name}"
        row = model.objects.order_by("pk").first()
        assert admin_client.get(reverse(f"{name}_add")).status_code == 403
        assert admin_client.post(reverse(f"{name}_change", args=[row.pk]), {"name": "x"}).status_code == 403
        assert admin_client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_the_pages_that_would_hold_tokens_are_not_there():
    assert not admin.site.is_registered(SocialToken)
    assert not admin.site.is_registered(Membership)


def test_the_list_of_accounts_asks_the_same_number_of_questions_for_more_of_them(
    admin_client, somebody, django_assert_max_num_queries
):
    for number in range(20):
        person("More", f"800{number}")
    with django_assert_max_num_queries(6):
        admin_client.get(reverse("admin:accounts_bungieaccount_changelist"))


def act(client, action, *users):
    chosen = {"action": action, "_selected_action": [each.pk for each in users]}
    return client.post(reverse("admin:accounts_user_changelist"), chosen, follow=True)


def test_a_locked_person_is_out_at_once_until_unlocked(client, admin_client, somebody):
    theirs = Client()
    theirs.force_login(somebody)
    assert "1 person locked" in act(admin_client, "lock", somebody).text
    assert theirs.get("/settings/").status_code == 302
    assert api_keys.user_for(somebody.secret) is None
    assert "1 person unlocked" in act(admin_client, "unlock", somebody).text
    assert theirs.get("/settings/").status_code == 200


def test_locking_is_noted_in_the_history_of_the_person(admin_client, somebody):
    act(admin_client, "lock", somebody)
    assert "Locked" in admin_client.get(reverse("admin:accounts_user_history", args=[somebody.pk])).text


def test_nobody_locks_themselves_and_staff_lock_no_superuser(admin_client, admin_user, client):
    act(admin_client, "lock", admin_user)
    client.force_login(staff_who("view_user", "change_user"))
    act(client, "lock", admin_user)
    admin_user.refresh_from_db()
    assert admin_user.is_active


def test_staff_who_may_only_look_cannot_lock(client, somebody):
    client.force_login(staff_who("view_user"))
    act(client, "lock", somebody)
    somebody.refresh_from_db()
    assert somebody.is_active


def staff_who(*may):
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=may))
    return staff
