"""Faults that were ordered over HTTP: what to match, how often, and what to do then."""

import threading
import time
from dataclasses import dataclass
from typing import Any

# `"*"` means every operation of the API and the token endpoint; these have names of their own.
NOT_OF_THE_API = ("content", "icons", "authorize", "json")
STATUS = ("GetCommonSettings", "GetGlobalAlerts")


@dataclass
class Fault:
    operation: str
    effect: dict[str, Any]
    guardian: str | None = None
    times: int | None = None  # None: until it is taken back
    ends: float | None = None  # monotonic; None: until it is taken back
    skip: int = 0  # so many matching requests pass before the first

    def matches(self, operation: str, path: str, guardians: set[str]) -> bool:
        if self.guardian and self.guardian not in guardians:
            return False
        if self.operation.startswith("/"):
            return path.startswith(self.operation)
        return self.operation == operation or (self.operation == "*" and operation not in self.spared())

    def spared(self) -> tuple[str, ...]:
        """What "*" leaves alone. In maintenance the two that tell people about it still answer."""
        return NOT_OF_THE_API + (STATUS if self.effect.get("maintenance") else ())


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, order: dict[str, Any]) -> Fault:
        """Raises ValueError with what is wrong with the order."""
        match, effect = order.get("match") or {}, order.get("fault")
        if not isinstance(effect, dict) or not effect:
            raise ValueError('a fault order needs "fault": {…}')
        unknown = effect.keys() - KNOWN
        if unknown:
            raise ValueError(f"unknown in a fault: {', '.join(sorted(unknown))}")
        if "after" in effect and not effect.keys() & INSTEAD:
            raise ValueError(f"after the effect of a fault comes one of: {', '.join(sorted(INSTEAD))}")
        seconds = order.get("seconds")
        ends = None if seconds is None else time.monotonic() + seconds
        counted = order.get("times"), ends, order.get("skip", 0)
        fault = Fault(match.get("operation", "*"), effect, match.get("guardian"), *counted)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, operation: str, path: str, guardians: set[str]) -> dict[str, Any]:
        """The effect that is due for this request, counted down; empty when none is."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.ends is None or time.monotonic() < fault.ends]
            for fault in self._faults:
                if fault.matches(operation, path, guardians) and self._is_due(fault):
                    self._count_down(fault)
                    return fault.effect
        return {}

    def _is_due(self, fault: Fault) -> bool:
        fault.skip -= 1
        return fault.skip < 0

    def _count_down(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)

    def maintenance(self) -> bool:
        return any(fault["fault"].get("maintenance") for fault in self.waiting())

    def clear(self, guardians: set[str] | None = None) -> None:
        """All of them, or those that were ordered for one of these names."""
        with self._lock:
            self._faults = [each for each in self._faults if guardians is not None and each.guardian not in guardians]

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"match": {"operation": f.operation, "guardian": f.guardian}, "times": f.times, "fault": f.effect}
                for f in self._faults
            ]


# Replies in place of the right one: nothing has happened, unless they come "after".
INSTEAD = {"error_code", "html", "empty", "status", "body", "maintenance"}
KNOWN = INSTEAD | {
    "http_status", "throttle_seconds", "message", "response", "delay", "drop", "content", "late_reply", "no_effect",
    "lag", "stale", "after",
}  # fmt: skip
