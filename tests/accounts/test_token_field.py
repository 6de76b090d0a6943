import pytest
from cryptography.fernet import Fernet
from django.db import connection

from accounts.models import BungieAccount
from accounts.tokens import fresh_access_token
from destinyvault.bungie.errors import SignInExpired
from tests.accounts.people import expire_access, person

pytestmark = pytest.mark.django_db

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM accounts_bungieaccount")
        return cursor.fetchone()


def test_tokens_are_not_in_the_database_in_the_clear():
    person()
    assert not [value for value in stored() if "one" in value]
    assert BungieAccount.objects.get().access_token == "access-one"


def test_a_new_key_in_front_reads_the_old_ones_tokens_and_writes_its_own(settings):
    settings.TOKEN_KEYS = [OLD]
    person()
    settings.TOKEN_KEYS = [NEW, OLD]
    account = BungieAccount.objects.get()
    assert account.refresh_token == "refresh-one"
    account.save()
    assert Fernet(NEW).decrypt(stored()[1].encode()) == b"refresh-one"


def test_a_token_that_no_key_opens_asks_for_a_sign_in_and_is_sent_nowhere(settings):
    settings.TOKEN_KEYS = [OLD]
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"  # a request there would be BungieDown
    person()
    settings.TOKEN_KEYS = [NEW]
    account = BungieAccount.objects.get()
    assert account.access_token is None
    with pytest.raises(SignInExpired):
        fresh_access_token(account)
    assert BungieAccount.objects.get().sign_in_needed


def test_a_refresh_token_that_has_ended_is_not_sent(settings):
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    account = person().bungie
    account.refresh_expires_at = account.access_expires_at
    expire_access(account)
    account.refresh_expires_at = account.access_expires_at
    account.save()
    with pytest.raises(SignInExpired):
        fresh_access_token(account)
