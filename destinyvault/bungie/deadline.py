"""An end for a whole request, connection and reply together; the timeouts of sockets begin anew with every byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError


class Deadline:
    """`sent` tells whether Bungie may have seen anything of the request."""

    def __init__(self) -> None:
        self.sent = False
        self._passed = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def watch(self, connected: socket.socket, connection: HTTPConnection) -> None:
        with self._lock:
            if self._passed and not self.sent:
                connected.close()
                raise ConnectTimeoutError(connection, "There was no connection in time.")
            self._socket = connected

    def passes(self) -> None:
        with self._lock:
            self._passed = True
            if self._socket is not None:
                _cut(self._socket)


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[Deadline]:
    """Requests in here lose their connection once the time is over. What is not sent by then is never sent."""
    deadline = Deadline()
    timer = threading.Timer(seconds, deadline.passes)
    timer.daemon = True
    timer.start()
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)
        timer.cancel()


class _Watched:
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if deadline := _current.get():
            deadline.watch(connected, self)
        return connected

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if deadline := _current.get():
            deadline.watch(self.sock, self)
            deadline.sent = True
        super().send(data)


class WatchedHTTPConnection(_Watched, HTTPConnection):
    pass


class WatchedHTTPSConnection(_Watched, HTTPSConnection):
    pass


class WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = WatchedHTTPConnection


class WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedHTTPSConnection


POOLS = {"http": WatchedHTTPPool, "https": WatchedHTTPSPool}


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):  # closed already
        # Of the plain socket, below TLS: the thread that reads from it gets the end of the stream.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
