"""What goes over the wire: a reply, Bungie's envelope around a response, and a refusal."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from destinyvault.sandbox.codes import CODES

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"
ABSENT: Any = object()


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    gzipped: bytes | None = None
    file: Path | None = None  # sent from disk instead of the body
    error_code: int | None = None  # for the log


class Refused(Exception):
    """Bungie says no: becomes an envelope with this ErrorCode."""

    def __init__(
        self,
        code: int,
        *,
        http_status: int | None = None,
        throttle_seconds: int = 0,
        message: str | None = None,
        response: Any = ABSENT,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.http_status = http_status
        self.throttle_seconds = throttle_seconds
        self.message = message
        self.response = response


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def plain_json(value: Any, status: int = 200) -> Reply:
    return Reply(status, compact(value), headers=(("Cache-Control", "no-store"),))


def html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), HTML_TYPE)


def success(response: Any) -> Reply:
    body = compact(envelope(1, response))
    return Reply(200, body, headers=(("Cache-Control", "private"),), gzipped=squeezed(body), error_code=1)


def refusal(error: Refused) -> Reply:
    code = CODES.get(error.code)
    body = envelope(error.code, error.response, error.throttle_seconds, error.message)
    return Reply(
        error.http_status or (code.http if code else 500),
        compact(body),
        headers=(("Cache-Control", "private"), ("x-ventcore-status", str(error.code))),
        error_code=error.code,
    )


def envelope(code: int, response: Any = ABSENT, throttle: int = 0, message: str | None = None) -> dict[str, Any]:
    known = CODES.get(code)
    wrapped = {} if response is ABSENT else {"Response": response}
    return wrapped | {
        "ErrorCode": code,
        "ThrottleSeconds": throttle,
        "ErrorStatus": known.status if known else f"Unknown{code}",
        "Message": message if message is not None else (known.message if known else ""),
        "MessageData": {},
    }


def squeezed(body: bytes) -> bytes | None:
    return gzip.compress(body, compresslevel=1, mtime=0) if len(body) > 1400 else None
