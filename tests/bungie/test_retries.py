import pytest

from destinyvault.bungie import client, patience
from destinyvault.bungie.errors import BungieDown, OutcomeUnknown, Refused, SignInExpired, Throttled
from tests.bungie.wire import Answer, envelope

HTML = Answer(502, b"<html>bad gateway</html>")
DONE = envelope({"fine": True})


def read():
    return client.profile(3, "1", [100])


def test_a_read_that_fails_in_passing_succeeds_in_the_end(wire):
    wire.will_say(HTML, envelope(code=1618, http=500), DONE)
    assert read() == {"fine": True}
    assert len(wire.seen) == 3


def test_waits_between_tries_grow(wire):
    wire.will_say(HTML)
    with pytest.raises(BungieDown):
        read()
    assert len(wire.seen) == patience.TRIES
    assert wire.waits == sorted(wire.waits)
    assert wire.waits[0] >= patience.FIRST_WAIT_SECONDS


def test_two_waits_of_the_same_kind_differ(wire):
    error = BungieDown()
    assert len({patience.wait_after(1, error) for _ in range(20)}) > 1


def test_a_short_throttle_is_waited_for(wire):
    wire.will_say(envelope(code=36, throttle=1, http=503), DONE)
    assert read() == {"fine": True}
    assert 1 <= wire.waits[0] <= 1.5


def test_a_long_throttle_is_handed_to_the_caller_at_once(wire):
    wire.will_say(envelope(code=36, throttle=30, http=503))
    with pytest.raises(Throttled):
        read()
    assert (len(wire.seen), wire.waits) == (1, [])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (envelope(code=5, http=503), BungieDown),
        (envelope(code=1601, http=500), Refused),
        (envelope(code=99, http=500), SignInExpired),
    ],
)
def test_what_would_fail_again_is_not_repeated(wire, answer, error):
    wire.will_say(answer)
    with pytest.raises(error):
        read()
    assert len(wire.seen) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [(HTML, OutcomeUnknown), (envelope(code=36, http=503), Throttled), (envelope(code=1618, http=500), Refused)],
)
def test_a_write_is_sent_once(wire, answer, error):
    wire.will_say(answer)
    with pytest.raises(error):
        client.transfer_item(3, "77", "1", 2, "3", 1, True, "t")
    assert len(wire.seen) == 1
