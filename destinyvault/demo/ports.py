"""Ports of this machine."""

import socket
import time

PATIENCE_SECONDS = 5


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wished: int) -> int:
    """The first free port from `wished` on; 0 when there is none."""
    return next((port for port in range(wished, 65536) if is_free(port)), 0)


def becomes_free(port: int) -> bool:
    """What was just killed holds its port for a moment longer."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_free(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_free(port)
