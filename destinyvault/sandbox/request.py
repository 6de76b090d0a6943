"""One request as the sandbox's rooms see it."""

import json
import time
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    method: str
    path: str
    raw_query: str
    query: dict[str, str]
    headers: Message
    body: bytes = b""
    ip: str = ""
    arrived: float = field(default_factory=time.monotonic)
    operation: str = ""
    guardian: str | None = None  # the Bungie.net id behind the access token
    scopes: frozenset[str] = frozenset()  # what the application may do for that guardian
    params: dict[str, str] = field(default_factory=dict)
    ordered: dict[str, Any] = field(default_factory=dict)  # the fault that was ordered for it
    turn: int = 0  # which of the sandbox's lives it came in, counted by its resets
    entry: Any = None  # where the journal tells of it, when it is an action

    def meets(self, ordered: dict[str, Any]) -> None:
        """The fault that was ordered for it."""
        self.ordered = ordered
        if self.entry:
            self.entry.fault = ordered

    @property
    def form(self) -> dict[str, str]:
        return first_values(self.body.decode("utf-8", "replace"))

    @property
    def json(self) -> dict[str, Any]:
        """Raises ValueError when the body is not a JSON object."""
        read = json.loads(self.body or b"{}")
        if not isinstance(read, dict):
            raise ValueError("the body must be a JSON object")
        return read


def parse(method: str, target: str, headers: Message, body: bytes, ip: str) -> Request:
    parts = urlsplit(target)
    return Request(method, parts.path, parts.query, first_values(parts.query), headers, body, ip)


def first_values(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
