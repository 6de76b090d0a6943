"""An action is over in time, whatever the other end does."""

import socket
import threading
from contextlib import closing, suppress

import pytest

from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieDown, OutcomeUnknown
from tests.bungie.wire import envelope

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
TRICKLE_SECONDS = 0.1


def act():
    client.equip_item(3, "4611686018400000001", "1", "2", "t")


@pytest.fixture
def short(monkeypatch):
    """Long enough for a busy machine to have sent the request by then."""
    monkeypatch.setattr(client, "ACTION_SECONDS", 2)


@pytest.fixture
def trickling(wire, settings):
    """trickling(at_once) is a Bungie that then sends its whole and valid answer, byte by byte."""
    listening = socket.create_server(("127.0.0.1", 0))
    settings.BUNGIE_ROOT = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def serve(at_once, slowly):
        def answer():
            connected, _ = listening.accept()
            with closing(connected):
                connected.recv(65536)
                connected.sendall(at_once)
                for byte in slowly:
                    threading.Event().wait(TRICKLE_SECONDS)
                    connected.sendall(bytes([byte]))

        def until_hung_up():
            with suppress(OSError):
                answer()

        threading.Thread(target=until_hung_up, daemon=True).start()

    with closing(listening):
        yield serve


@pytest.mark.parametrize("in_head", [True, False])
def test_an_answer_that_trickles_is_cut_off(trickling, short, in_head):
    body = envelope(0).body
    head = HEAD.replace(b"1000", str(len(body)).encode())
    trickling(b"", head + body) if in_head else trickling(head, body)
    with pytest.raises(OutcomeUnknown):
        act()


def test_what_found_no_connection_in_time_is_never_sent(wire, monkeypatch):
    monkeypatch.setattr(client, "ACTION_SECONDS", 0.4)
    wire.will_say(envelope(0))
    genuine = socket.getaddrinfo

    def slow(*question, **options):
        threading.Event().wait(0.6)
        return genuine(*question, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(BungieDown):
        act()
    assert wire.seen == []


def test_a_connection_that_is_still_being_secured_has_carried_nothing(wire, settings, monkeypatch):
    monkeypatch.setattr(client, "ACTION_SECONDS", 0.4)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.BUNGIE_ROOT = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BungieDown):
            act()
