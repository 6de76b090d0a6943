"""Delete my data: whatever models there are, now or later, none of their rows refers to the person afterwards."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import ForeignKey
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.models import User
from destinyvault.models import BungieTurn
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


def furnished(name, bungie_id):
    user = person(name, bungie_id)
    SocialAccount.objects.create(user=user, provider="bungie", uid=bungie_id)
    api_keys.create(user, f"key of {bungie_id}")
    now = timezone.now()
    BungieTurn.objects.create(membership_id=bungie_id, held_until=now, action_at=now, slow_action_at=now)
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def rows_of(user):
    """Every row that a foreign key leads to from the person, over however many tables."""
    found, waiting = set(), [user]
    while waiting:
        row = waiting.pop()
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey) and isinstance(row, field.related_model):
                    new = set(model._base_manager.filter(**{field.name: row})) - found
                    found |= new
                    waiting += new
    return found


def mentions(marks):
    """Rows of any table in which one of `marks` stands as text."""
    return [
        (model.__name__, row)
        for model in apps.get_models(include_auto_created=True)
        for row in model._base_manager.values()
        if any(mark in str(value) for value in row.values() for mark in marks)
    ]


def test_every_row_of_the_person_is_gone_and_nobody_elses():
    owner, friend = furnished("Aro", "90017777"), furnished("Bel", "90027777")
    mine, phone, theirs = signed_in(owner), signed_in(owner), signed_in(friend)
    tables = {type(row).__name__ for row in rows_of(owner)}
    assert {"BungieAccount", "Membership", "Preferences", "ApiKey", "SocialAccount"} <= tables
    kept = rows_of(friend)

    assert "Delete my data?" in mine.get("/settings/delete/").text
    assert User.objects.filter(pk=owner.pk).exists(), "a GET deletes nothing"
    assert "Your data is deleted" in mine.post("/settings/delete/").text

    assert not User.objects.filter(pk=owner.pk).exists()
    assert mentions(["90017777"]) == []
    assert rows_of(friend) == kept
    assert phone.get("/settings/").status_code == 302
    assert theirs.get("/settings/").status_code == 200


def test_sessions_on_all_devices_are_deleted():
    owner = furnished("Aro", "90017777")
    mine, _, visitor = signed_in(owner), signed_in(owner), SessionStore()
    visitor.create()
    mine.post("/settings/delete/")
    assert [each.session_key for each in Session.objects.all()] == [visitor.session_key]


def test_deleting_takes_a_signed_in_person():
    assert Client().post("/settings/delete/").status_code == 302
