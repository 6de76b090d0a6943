"""Orders to a running sandbox, for tests and curious shells: `SandboxOrders(root).fault("GetProfile", delay=2)`."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 60


class OrderRefused(Exception):
    """The sandbox did not understand the order."""


class SandboxOrders:
    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")

    def state(self) -> dict[str, Any]:
        return self._send("GET", "")

    def fault(
        self,
        operation: str = "*",
        *,
        times: int | None = None,
        skip: int = 0,
        seconds: float | None = None,
        guardian: str | None = None,
        **effect: Any,
    ) -> None:
        """For example fault("GetProfile", error_code=1618, times=1), fault("*", maintenance=True, seconds=5)."""
        match = {"operation": operation, "guardian": guardian}
        when = {"times": times, "skip": skip, "seconds": seconds}
        self._send("POST", "faults", {"match": match, **when, "fault": effect})

    def clear_faults(self, guardian: str = "") -> None:
        """All, or those that were ordered for one guardian."""
        self._send("DELETE", f"faults/{guardian}")

    def publish(self, **changes: Any) -> dict[str, Any]:
        """A new Manifest: changed, added and removed as shares of 1, keep_version."""
        return self._send("POST", "manifest", changes)

    def flip_manifest(self) -> dict[str, Any]:
        return self._send("POST", "manifest", {"flip": True})

    def remove_language(self, language: str) -> dict[str, Any]:
        return self._send("POST", "manifest", {"remove_language": language})

    def restore_languages(self) -> dict[str, Any]:
        return self._send("POST", "manifest", {"restore_languages": True})

    def issue_tokens(self, guardian: str) -> dict[str, Any]:
        """What the token endpoint would answer after a sign-in."""
        return self._send("POST", "tokens", {"guardian": guardian, "issue": True})

    def end_tokens(self, guardian: str, *kinds: str) -> None:
        self._send("POST", "tokens", {"guardian": guardian, "end": kinds or ("access", "refresh")})

    def token_lifetimes(self, **seconds: float) -> None:
        """Of tokens and codes issued from now on: code, access, refresh."""
        self._send("POST", "tokens", {"lifetimes": seconds})

    def advance(self, seconds: float) -> str:
        return self._send("POST", "clock", {"advance": seconds})["now"]

    def set_clock(self, moment: str) -> str:
        return self._send("POST", "clock", {"set": moment})["now"]

    def hide(self, account: str, private: list[int] | None = None, missing: list[int] | None = None) -> None:
        """Makes components of an account private to everyone, or leaves them out; empty lists undo it."""
        self._send("POST", f"guardians/{account}", {"private": private or [], "missing": missing or []})

    def throttle(self, per_second: float | None) -> None:
        self._send("POST", "throttle", {"per_second": per_second})

    def pace(self, quick: float = 0.1, slow: float = 1.0) -> None:
        """Seconds between the starts of two actions of one person; slow are tracking and loadouts."""
        self._send("POST", "throttle", {"quick": quick, "slow": slow})

    def scopes(self, *names: str) -> None:
        """What the application may do for those who signed in."""
        self._send("POST", "scopes", {"scopes": names})

    def status(self, disabled: list[str] | None = None, alerts: list[str] | None = None) -> None:
        self._send("POST", "status", {"disabled": disabled or [], "alerts": alerts or []})

    def vendors(self, away: list[int] | None = None, disabled: list[int] | None = None) -> dict[str, Any]:
        return self._send("POST", "vendors", {"away": away or [], "disabled": disabled or []})

    def log(self, operation: str | None = None) -> list[dict[str, Any]]:
        entries = self._send("GET", "log")
        return [entry for entry in entries if operation in (None, entry["operation"])]

    def reset(self) -> None:
        """Everything as it was at the start, but for who is signed in."""
        self._send("POST", "reset")

    def clear_log(self) -> None:
        self._send("DELETE", "log")

    def actions(self, guardian: str = "") -> dict[str, Any]:
        """What was asked for ("actions", of all or of one guardian), "most_in_flight" by account, and "throttled" by
        address and by account."""
        return self._send("GET", f"actions/{guardian}")

    def clear_actions(self) -> None:
        self._send("DELETE", "actions")

    def late_effects(self) -> int:
        """What lags behind its answer happens now; how much of it there was."""
        return self._send("POST", "late")["happened"]

    def items(self, guardian: str) -> list[dict[str, Any]]:
        """Where every item of an account really is at this moment."""
        return self._send("GET", f"guardians/{guardian}/items")

    def play(self, guardian: str, do: str, **order: Any) -> list[dict[str, Any]]:
        """The player at the game: play(guardian, "move", item=…, to="vault"), "equip", "dismantle", "lock", "add",
        "fill", "activity". Says where what was touched is now."""
        return self._send("POST", "play", {"guardian": guardian, "do": do, **order})

    def consent(self, guardian: str, state: str = "", *, cancel: bool = False) -> dict[str, str]:
        """Presses a button of the consent page and says what the redirect carries: code and state, or the error."""
        form = {"client_id": self.state()["client_id"], "response_type": "code", "state": state}
        form |= {"cancel": "1"} if cancel else {"guardian": guardian}
        request = Request(f"{self.root}/en/OAuth/Authorize", urlencode(form).encode(), {"User-Agent": "orders"})  # noqa: S310
        location = redirect_of(request)
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    def _send(self, method: str, order: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.root}/sandbox/{order}", data, {"User-Agent": "orders"}, method=method)  # noqa: S310
        try:
            with OPENER.open(request, timeout=TIMEOUT) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise OrderRefused(error.read().decode()) from error


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = build_opener(NoRedirect)


def redirect_of(request: Request) -> str:
    try:
        with OPENER.open(request, timeout=TIMEOUT) as answer:
            raise OrderRefused(f"no redirect but {answer.status}")
    except HTTPError as error:
        if error.code != 302:
            raise OrderRefused(error.read().decode()) from error
        return error.headers["Location"]
