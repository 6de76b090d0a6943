"""The sandbox's command line, shared by `manage.py sandbox` and `python -m destinyvault.sandbox`."""

import argparse
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from destinyvault.sandbox.capture import BadCapture
from destinyvault.sandbox.content import BadContent
from destinyvault.sandbox.server import PORT, REDIRECT_URL, Sandbox

FULL_SIZE = 110_000
FAREWELLS = {signal.SIGINT, signal.SIGTERM}


class CannotStart(Exception):
    """Says in one sentence why the sandbox does not start."""


def definitions_count(text: str) -> int:
    return FULL_SIZE if text == "full" else int(text)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help=f"where to listen on 127.0.0.1 (default {PORT})")
    parser.add_argument("--seed", type=int, default=1, help="another number makes another world (default 1)")
    parser.add_argument(
        "--scale",
        type=definitions_count,
        default=3000,
        help=f"how many definitions; “full” is {FULL_SIZE} (default 3000)",
    )
    parser.add_argument("--content", type=Path, help="serve this Manifest content file in place of our own world")
    parser.add_argument(
        "--profile", type=Path, help="let the owner of this GetProfile reply (.json or .json.gz) play too"
    )
    parser.add_argument("--crowd", type=int, default=0, help="so many more accounts, one like the other (default 0)")
    parser.add_argument("--redirect-url", default=REDIRECT_URL, help="where the application wants people back")


def open_sandbox(options: dict[str, Any]) -> Sandbox:
    """Raises CannotStart."""
    names = ("port", "seed", "scale", "content", "profile", "crowd", "redirect_url")
    try:
        return Sandbox(**{name: options[name] for name in names}, cache_dir=options.get("cache_dir"))
    except OSError as error:
        raise CannotStart(f"port {options['port']} on 127.0.0.1 cannot be used: {error.strerror or error}") from error
    except (BadContent, BadCapture) as error:
        raise CannotStart(str(error)) from error


def run(options: dict[str, Any], say: Callable[[str], Any]) -> None:
    """Serves until Ctrl-C or SIGTERM, at whatever moment they come."""
    try:
        serve(options, say)
    except KeyboardInterrupt:
        say("Stopped.")


def serve(options: dict[str, Any], say: Callable[[str], Any]) -> None:
    """The signals are waited for, since an exception out of a handler is lost where it meets a callback."""
    sandbox = open_sandbox(options)
    signal.pthread_sigmask(signal.SIG_BLOCK, FAREWELLS)
    try:
        sandbox.start()
        say(f"The sandbox is at {sandbox.root} (API key {sandbox.api_key}, client {sandbox.client_id}).")
        say(f"People come back to {sandbox.redirect_url} after signing in. Orders: {sandbox.root}/sandbox/")
        say("Ctrl-C stops it.")
        if signal.sigwait(FAREWELLS) == signal.SIGINT:
            say("Stopped.")
    finally:
        sandbox.stop()
