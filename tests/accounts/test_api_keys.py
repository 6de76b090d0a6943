from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import ApiKey
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


def test_a_key_stands_for_its_person():
    owner, _ = person(), person("Friend", "9002")
    _, secret = api_keys.create(owner, "my script")
    assert api_keys.user_for(secret) == owner


@pytest.mark.parametrize("bearer", ["", "dv_", "dv_wrong", "x" * 5000, "\x00"])
def test_anything_else_is_nobody(bearer):
    api_keys.create(person(), "my script")
    assert api_keys.user_for(bearer) is None


def test_the_table_does_not_hold_the_key():
    _, secret = api_keys.create(person(), "my script")
    row = ApiKey.objects.values().get()
    assert secret not in map(str, row.values())
    assert secret.startswith(row["start"])


def test_a_revoked_key_and_a_locked_persons_key_are_nobodys():
    user = person()
    key, secret = api_keys.create(user, "one")
    _, other = api_keys.create(user, "two")
    key.delete()
    assert api_keys.user_for(secret) is None
    user.is_active = False
    user.save()
    assert api_keys.user_for(other) is None


def test_use_is_noted_but_not_written_at_every_call(django_assert_num_queries):
    key, secret = api_keys.create(person(), "my script")
    api_keys.user_for(secret)
    with django_assert_num_queries(1):
        api_keys.user_for(secret)
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    api_keys.user_for(secret)
    key.refresh_from_db()
    assert key.last_used_at > timezone.now() - timedelta(minutes=1)
