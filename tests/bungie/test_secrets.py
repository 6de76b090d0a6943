"""Tokens, codes and secrets stay out of everything that somebody might read."""

import logging
import pickle
import traceback

import pytest

from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieError, Throttled
from destinyvault.bungie.replies import Tokens
from tests.bungie.wire import HANG_UP, Answer, envelope, oauth_error

# By variables: a traceback shows the lines of this file, too.
ACCESS, REFRESH, CODE, PERSON = "an-access-token", "a-refresh-token", "an-auth-code", "4611686018400000001"
SECRETS = [ACCESS, REFRESH, CODE, PERSON, "the-client-secret", "the-api-key"]
CALLS = {
    "read": lambda: client.profile(3, PERSON, [100], ACCESS),
    "write": lambda: client.equip_item(3, PERSON, "1", "2", ACCESS),
    "exchange": lambda: client.exchange_code(CODE),
    "refresh": lambda: client.refresh_tokens(REFRESH),
}
ANSWERS = {
    "lost": HANG_UP,
    "html": Answer(500, b"<html>"),
    "refused": envelope(code=1601, http=500),
    "oauth": oauth_error("invalid_grant", " ".join(SECRETS)),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_no_secret_in_log_or_error(wire, caplog, call, answer):
    caplog.set_level(logging.INFO)
    wire.will_say(ANSWERS[answer])
    with pytest.raises(BungieError) as caught:
        CALLS[call]()
    written = caplog.text + str(caught.value) + repr(caught.value) + "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in SECRETS if secret in written]


def test_no_request_hangs_on_an_error(wire):
    wire.will_say(HANG_UP)
    with pytest.raises(BungieError) as caught:
        CALLS["refresh"]()
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_each_call_is_one_line_with_operation_outcome_and_time(wire, caplog):
    caplog.set_level(logging.INFO, "destinyvault.bungie")
    wire.will_say(envelope({"profile": {}}))
    CALLS["read"]()
    wire.will_say(envelope(code=1601, http=500))
    with pytest.raises(BungieError):
        CALLS["read"]()
    first, second = [each.getMessage() for each in caplog.records if each.name == "destinyvault.bungie"]
    assert first.startswith("GetProfile 200 1 ")
    assert first.endswith(" ms")
    assert second.startswith("GetProfile 500 Refused 1601 ")


def test_tokens_do_not_show_themselves():
    tokens = Tokens(ACCESS, REFRESH, 3600, 7776000, "1")
    assert "token'" not in repr(tokens)
    assert not [secret for secret in SECRETS if secret in repr(tokens)]


def test_an_error_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(Throttled(36, "Momentarily", "Patience", 10, 503)))
    assert (type(error), error.code, error.throttle_seconds) == (Throttled, 36, 10)
