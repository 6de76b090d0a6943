"""What actions were asked for, what became of them, how many were under way at once. For tests to assert on."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

ACTIONS = "/Platform/Destiny2/Actions/"


@dataclass
class Entry:
    """One action request. Times are monotonic; `end` is when its reply was ready, whether anybody waited or not."""

    number: int
    operation: str
    account: str | None  # the Destiny membership id that it meant
    guardian: str | None
    start: float
    character: str | None = None
    item: str | None = None  # instance id, or the hash of a stack
    source: str | None = None  # "vault", "postmaster" or a character id
    destination: str | None = None
    quantity: int | None = None
    end: float | None = None
    code: int | None = None  # ErrorCode of the reply; None where there was none
    status: int | None = None
    effect: bool = False  # whether anything changed
    idle: bool = False  # the game said yes, and all was so already
    fault: dict[str, Any] = field(default_factory=dict)  # what was ordered to go wrong with it

    def told(self) -> dict[str, Any]:
        told = asdict(self)
        return told | {"from": told.pop("source"), "to": told.pop("destination")}


class Journal:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._entries: list[Entry] = []
            self._under_way: dict[str, set[int]] = defaultdict(set)
            self._most: Counter[str] = Counter()
            self._throttled: Counter[str] = Counter()

    @contextmanager
    def following(self, sandbox: "Sandbox", request: Request) -> Iterator[None]:
        """Notes an action from the moment it came until its reply is ready."""
        if not request.path.startswith(ACTIONS):
            yield
            return
        entry = self.begin(request, *meant(sandbox, request))
        try:
            yield
        finally:
            with self._lock:
                entry.end = time.monotonic()
                self._under_way[entry.account or ""].discard(id(entry))

    def begin(self, request: Request, guardian: str | None, account: str | None) -> Entry:
        with self._lock:
            number = len(self._entries) + 1
            entry = Entry(number, request.operation, account, guardian, request.arrived, **asked(request))
            request.entry = entry
            self._entries.append(entry)
            under_way = self._under_way[account or ""]
            under_way.add(id(entry))
            self._most[account or ""] = max(self._most[account or ""], len(under_way))
        return entry

    def throttled(self, by: str) -> None:
        """By "address" or by "account"."""
        with self._lock:
            self._throttled[by] += 1

    def told(self, guardian: str = "") -> dict[str, Any]:
        with self._lock:
            return {
                "actions": [entry.told() for entry in self._entries if guardian in ("", entry.guardian)],
                "most_in_flight": dict(self._most),
                "throttled": {by: self._throttled[by] for by in ("address", "account")},
            }


def meant(sandbox: "Sandbox", request: Request) -> tuple[str | None, str | None]:
    """The guardian behind the token, alive or not, and the account of theirs that the body means."""
    holder = sandbox.tokens.holder(request.headers.get("Authorization", "").partition(" ")[2])
    guardian = sandbox.guardian(holder) if holder else None
    if guardian is None:
        return None, None
    platform = read(request).get("membershipType")
    return guardian.id, next((m.id for m in guardian.memberships if m.type == platform), None)


def read(request: Request) -> dict[str, Any]:
    try:
        return request.json
    except (ValueError, RecursionError):
        return {}


def asked(request: Request) -> dict[str, Any]:
    """What a body says, as far as it can be read; nothing is judged here."""
    body = read(request)
    character, item = text(body.get("characterId")), text(body.get("itemId"))
    if item in (None, "0"):
        item = text(body.get("itemReferenceHash"))
    if isinstance(body.get("itemIds"), list):
        item = ",".join(map(str, body["itemIds"]))
    ways = {
        "TransferItem": (character, "vault") if body.get("transferToVault") else ("vault", character),
        "PullFromPostmaster": ("postmaster", character),
    }
    source, destination = ways.get(request.operation, (None, None))
    quantity = body.get("stackSize")
    return {
        "character": character, "item": item, "source": source, "destination": destination,
        "quantity": quantity if isinstance(quantity, int) else None,
    }  # fmt: skip


def text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def whereabouts(items: list[Any]) -> list[dict[str, Any]]:
    """Where every item really is at this moment, whatever replies say of it."""
    return [
        {
            "instance_id": item.instance_id, "hash": item.hash, "quantity": item.quantity, "bucket": item.bucket,
            "home": item.home, "owner": item.owner or None, "place": place(item), "equipped": item.equipped,
            "locked": bool(item.state & 1), "tracked": bool(item.state & 2), "movable": item.movable,
            "side_effects": bool(item.kind and item.kind.side_effects), "stack_label": item.stack_label,
            "equip_label": item.equip_label, "class_type": item.kind.class_type if item.kind else facts.ANY_CLASS,
        }
        for item in items
    ]  # fmt: skip


def place(item: Any) -> str:
    if item.bucket == facts.POSTMASTER:
        return "postmaster"
    if item.bucket == facts.VAULT:
        return "vault"
    return "character" if item.owner else "account"
