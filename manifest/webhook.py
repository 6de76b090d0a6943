"""A message to ANNOUNCE_WEBHOOK_URL, in Discord's or Slack's form. The address is a secret: no error names it."""

import json
import re
import ssl
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

from manifest.errors import Undelivered, lost_from_here, said
from manifest.messages import address as more
from manifest.messages import fitting, sentence
from manifest.models import Announcement

SECONDS = 15  # to connect, and for each wait after that
DISCORD_HOSTS = ("discord.com", "discordapp.com")
DISCORD_MOST, SLACK_MOST = 2000, 4000  # characters
GONE = {401, 403, 404, 405, 410}
LONGEST_PAUSE_SECONDS = 24 * 3600
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()#@:-])")


def send(address: str, rows: Sequence[Announcement]) -> None:
    """Once. Raises Undelivered.

    By http.client, since it shows when the connection stands: before that nothing can have arrived, after that it may
    have, whatever went wrong. It follows no redirect either, which would hand the message to a stranger.
    """
    parts = urlsplit(address)
    request = _target(parts), json.dumps(body(address, rows)), _headers()
    connection = _connected(parts)
    with lost_from_here("The webhook"), closing(connection):
        connection.request("POST", *request)
        reply = connection.getresponse()
        _judge(reply.status, reply.headers.get("Retry-After", ""))


def body(address: str, rows: Sequence[Announcement]) -> dict[str, object]:
    if _is_discord(urlsplit(address)):
        # No name in a text of somebody else's calls anybody; <> keeps the link from growing a preview.
        text = fitting((f"{_for_discord(sentence(row))} <{more(row)}>" for row in rows), DISCORD_MOST)
        return {"content": text, "allowed_mentions": {"parse": []}}
    return {"text": fitting((f"{_for_slack(sentence(row))} <{more(row)}>" for row in rows), SLACK_MOST)}


def _is_discord(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in DISCORD_HOSTS)
    return known or parts.path.startswith("/api/webhooks/")


def _for_discord(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _connected(parts: SplitResult) -> HTTPConnection:
    try:
        connection = _connection(parts)
        connection.connect()
    except (OSError, UnicodeError) as error:  # a host that is no name is a UnicodeError
        raise Undelivered(f"The webhook cannot be reached: {said(error)}.") from error
    return connection


def _connection(parts: SplitResult) -> HTTPConnection:
    if parts.scheme == "https":
        return HTTPSConnection(parts.hostname, parts.port, timeout=SECONDS, context=ssl.create_default_context())
    return HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@+,;=~!$&'()*")
    return f"{path}?{quote(parts.query, safe='=&%+:@/,;~')}" if parts.query else path


def _headers() -> dict[str, str]:
    agent = f"DestinyVault/{settings.VERSION} (+{settings.SITE_URL})"
    return {"Content-Type": "application/json", "User-Agent": agent}


def _judge(status: int, retry_after: str) -> None:
    if 200 <= status < 300:
        return
    if status in GONE or 300 <= status < 400:
        raise Undelivered(
            f"The webhook does not exist, or is closed to us (HTTP {status}). Make a new one and put its address into"
            " ANNOUNCE_WEBHOOK_URL.",
            final=True,
        )
    raise Undelivered(f"The webhook answered with HTTP {status}.", pause_seconds=_seconds(retry_after))


def _seconds(retry_after: str) -> float:
    """Discord sends fractions; a date is not worth reading, since we wait for a minute at least."""
    try:
        return min(max(float(retry_after), 0), LONGEST_PAUSE_SECONDS)
    except ValueError:
        return 0
