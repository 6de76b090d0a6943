"""A real GetProfile reply, served as though its owner played here."""

import gzip
import json
from pathlib import Path
from typing import Any

from destinyvault.sandbox import components
from destinyvault.sandbox.account import INVENTORY, PRIVATE, Account, Ids
from destinyvault.sandbox.belongings import Belongings
from destinyvault.sandbox.clock import Clock
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.guardians import Guardian, Membership

BUNGIE_ID = "20000099"


class BadCapture(Exception):
    """The file is not a GetProfile reply."""


class CapturedAccount(Account):
    def __init__(self, guardian: Guardian, membership: Membership, clock: Clock, captured: dict[str, Any]) -> None:
        super().__init__(guardian, membership, clock)
        self.captured = captured

    def data(self, name: str, now: float) -> dict[str, Any]:
        if name in self.captured:
            return self.captured[name].get("data", {})
        if name == "profile":
            return self.made_up_profile(now)
        characters = self.captured["characters"]["data"]
        return {one: {} for one in characters} if name.startswith("character") else {}

    def made_up_profile(self, now: float) -> dict[str, Any]:
        characters = self.captured["characters"]["data"]
        told = components.profile(self.guardian, self.membership, Belongings(), now)
        played = max(one["dateLastPlayed"] for one in characters.values())
        return told | {"characterIds": list(characters), "dateLastPlayed": played}

    def item_components(self, wanted: frozenset[int], owner: bool, only: Ids = None) -> dict[str, Any]:
        told = {}
        for number, (name, _, _) in ITEM_COMPONENTS.items():
            if number in wanted:
                hidden = not owner or number in self.hidden or self.hidden >= INVENTORY
                told[name] = {"privacy": PRIVATE} if hidden else self.captured_items(name, only)
        return told

    def captured_items(self, name: str, only: Ids) -> dict[str, Any]:
        data = self.captured.get("itemComponents", {}).get(name, {}).get("data", {})
        chosen = data if only is None else {key: value for key, value in data.items() if key in only}
        return {"data": chosen, "privacy": PRIVATE}


def read_capture(file: Path) -> tuple[Guardian, dict[str, Any]]:
    """The capture's owner, first on the consent page, and their reply. Raises BadCapture with the reason."""
    try:
        raw = file.read_bytes()
        captured = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        captured = captured.get("Response", captured)
        first = next(iter(captured["characters"]["data"].values()))
        membership = Membership(first["membershipType"], first["membershipId"], "The capture’s owner")
    except FileNotFoundError as error:
        raise BadCapture(f"{file}: there is no such file") from error
    except (OSError, EOFError, ValueError, KeyError, AttributeError, StopIteration, TypeError) as error:
        raise BadCapture(f"{file} is not a GetProfile reply with characters: {error!r}") from error
    owned = sum(len(bag["items"]) for bag in bags(captured))
    about = f"A real account from a file: {owned} items"
    return Guardian(BUNGIE_ID, "The capture’s owner", 2021, about, (membership,)), captured


def bags(captured: dict[str, Any]) -> list[dict[str, Any]]:
    shared = [captured[name]["data"] for name in ("profileInventory",) if "data" in captured.get(name, {})]
    for name in ("characterInventories", "characterEquipment"):
        shared += captured.get(name, {}).get("data", {}).values()
    return shared
