"""One Destiny account as GetProfile shows it: its components, who may see them, and the 30 s cache before it."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Any

from destinyvault.sandbox import components
from destinyvault.sandbox.belongings import Belongings
from destinyvault.sandbox.clock import Clock, iso
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.envelope import Reply, success
from destinyvault.sandbox.guardians import Guardian, Membership

Ids = Collection[str] | None
CACHE_SECONDS = 30
PUBLIC, PRIVATE = 1, 2

# component number -> the properties of the reply that it fills
PROPERTIES: dict[int, tuple[str, ...]] = {
    100: ("profile",),
    101: ("vendorReceipts",),
    102: ("profileInventory",),
    103: ("profileCurrencies",),
    104: ("profileProgression",),
    105: ("platformSilver",),
    200: ("characters",),
    201: ("characterInventories",),
    202: ("characterProgressions",),
    203: ("characterRenderData",),
    204: ("characterActivities",),
    205: ("characterEquipment",),
    206: ("characterLoadouts",),
    305: ("profilePlugSets", "characterPlugSets"),
    500: ("profileKiosks", "characterKiosks"),
    600: ("characterCurrencyLookups",),
    700: ("profilePresentationNodes", "characterPresentationNodes"),
    800: ("profileCollectibles", "characterCollectibles"),
    900: ("profileRecords", "characterRecords"),
    1000: ("profileTransitoryData",),
    1100: ("metrics",),
    1200: ("profileStringVariables", "characterStringVariables"),
    1300: ("characterCraftables",),
    1400: ("profileCommendations",),
}
NAMES = {
    "Profiles": 100, "VendorReceipts": 101, "ProfileInventories": 102, "ProfileCurrencies": 103,
    "ProfileProgression": 104, "PlatformSilver": 105, "Characters": 200, "CharacterInventories": 201,
    "CharacterProgressions": 202, "CharacterRenderData": 203, "CharacterActivities": 204, "CharacterEquipment": 205,
    "CharacterLoadouts": 206, "ItemInstances": 300, "ItemObjectives": 301, "ItemPerks": 302, "ItemRenderData": 303,
    "ItemStats": 304, "ItemSockets": 305, "ItemTalentGrids": 306, "ItemCommonData": 307, "ItemPlugStates": 308,
    "ItemPlugObjectives": 309, "ItemReusablePlugs": 310, "Vendors": 400, "VendorCategories": 401, "VendorSales": 402,
    "Kiosks": 500, "CurrencyLookups": 600, "PresentationNodes": 700, "Collectibles": 800, "Records": 900,
    "Transitory": 1000, "Metrics": 1100, "StringVariables": 1200, "Craftables": 1300, "SocialCommendations": 1400,
}  # fmt: skip
# Only the owner sees these; everyone else gets {"privacy": 2}, and ErrorCode 1 all the same.
OWNERS_ONLY = {101, 102, 103, 104, 105, 201, 202, 206, 500, 600, 1000, 1300}
# What a person may hide from others, and what a consent without the inventory scope hides from everyone.
INVENTORY = {102, 103, 201, 205}


class Account(ABC):
    def __init__(self, guardian: Guardian, membership: Membership, clock: Clock) -> None:
        self.guardian, self.membership, self.clock = guardian, membership, clock
        self.hidden_at_first = INVENTORY | {202, 206, 900} if membership.holdings.private else set()
        self.hidden = set(self.hidden_at_first)  # private to everyone, the owner included
        self.missing: set[int] = set()  # left out of the reply altogether
        self._minted = 0.0
        self._replies: dict[tuple[frozenset[int], bool], Reply] = {}
        self._lock = threading.Lock()

    def reset(self) -> None:
        self.hidden, self.missing = set(self.hidden_at_first), set()
        self.forget()

    def forget(self) -> None:
        """Drops what is cached. A successful write does this, so that its owner sees it at once."""
        with self._lock:
            self._minted = 0.0

    def profile(self, wanted: frozenset[int], owner: bool) -> Reply:
        """GetProfile's reply: up to 30 s old, serialized once."""
        with self._lock:
            now = self.clock.now()
            if not 0 <= now - self._minted < CACHE_SECONDS:
                self._minted, self._replies = now, {}
            key = (wanted, owner)
            if key not in self._replies:
                self._replies[key] = success(self.response(wanted, owner, self._minted))
            return self._replies[key]

    def response(self, wanted: frozenset[int], owner: bool, minted: float) -> dict[str, Any]:
        told: dict[str, Any] = {
            "responseMintedTimestamp": iso(minted),
            "secondaryComponentsMintedTimestamp": iso(minted),
        }
        for number, properties in PROPERTIES.items():
            if number in wanted - self.missing:
                told |= {name: self.component(number, name, owner, minted) for name in properties}
        if wanted & ITEM_COMPONENTS.keys() or 308 in wanted:
            told["itemComponents"] = self.item_components(wanted - self.missing, owner)
            told["characterUninstancedItemComponents"] = {}
        elif wanted & {202, 900}:
            told["characterUninstancedItemComponents"] = {}
        return told

    def component(self, number: int, name: str, owner: bool, now: float) -> dict[str, Any]:
        private = number in OWNERS_ONLY
        if number in self.hidden or (private and not owner):
            return {"privacy": PRIVATE}
        return {"data": self.data(name, now), "privacy": PRIVATE if private else PUBLIC}

    @abstractmethod
    def data(self, name: str, now: float) -> dict[str, Any]:
        """The component of that name in the reply, as it stands under "data"."""

    @abstractmethod
    def item_components(self, wanted: frozenset[int], owner: bool, only: Ids = None) -> dict[str, Any]:
        """Of all items whose list is wanted too, or of those instances only."""


class DrawnAccount(Account):
    """An account whose belongings were drawn from the seed."""

    def __init__(self, guardian: Guardian, membership: Membership, clock: Clock, owned: Belongings) -> None:
        super().__init__(guardian, membership, clock)
        self.owned = owned

    def data(self, name: str, now: float) -> dict[str, Any]:
        owned = self.owned
        told: dict[str, Callable[[], dict[str, Any]]] = {
            "profile": lambda: components.profile(self.guardian, self.membership, owned, now),
            "profileInventory": lambda: components.items(owned.shared()),
            "profileCurrencies": lambda: components.items(owned.currencies()),
            "characters": lambda: self.per_character(
                lambda one: components.character(self.membership, owned, one, now)
            ),
            "characterInventories": lambda: self.per_character(lambda one: components.items(owned.carried(one.id))),
            "characterEquipment": lambda: self.per_character(lambda one: components.items(owned.worn(one.id))),
            "characterActivities": lambda: self.per_character(lambda one: idle_activity(now)),
            "characterLoadouts": lambda: self.per_character(lambda one: {"loadouts": []}),
            "characterProgressions": lambda: self.per_character(lambda one: {"progressions": {}, "factions": {}}),
            "characterPlugSets": lambda: self.per_character(lambda one: {"plugs": {}}),
            "profilePlugSets": lambda: {"plugs": {}},
        }
        if name in told:
            return told[name]()
        return self.per_character(lambda one: {}) if name.startswith("character") else {}

    def per_character(self, tell: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        return {one.id: tell(one) for one in self.owned.characters}

    def item_components(self, wanted: frozenset[int], owner: bool, only: Ids = None) -> dict[str, Any]:
        instanced = (one for one in self.owned.items if one.instance_id and (only is None or one.instance_id in only))
        visible = [one for one in instanced if self.shows(one, wanted, owner)]
        told: dict[str, Any] = {}
        for number, (name, has, tell) in ITEM_COMPONENTS.items():
            if number in wanted:
                data = {one.instance_id: tell(one) for one in visible if has(one)}
                hidden = number in self.hidden or self.hidden >= INVENTORY
                told[name] = {"privacy": PRIVATE} if hidden else {"data": data, "privacy": PRIVATE if owner else PUBLIC}
        if 308 in wanted:
            told["plugStates"] = {"data": {}, "privacy": PUBLIC}
        return told

    def shows(self, one: Any, wanted: frozenset[int], owner: bool) -> bool:
        """Items are only told of where the component that lists them was asked for, and may be seen."""
        listed_in = 205 if one.equipped else 201 if one.owner else 102
        return listed_in in wanted - self.hidden and (owner or listed_in == 205)


def idle_activity(now: float) -> dict[str, Any]:
    """In orbit since yesterday: nothing that would lock an item."""
    return {
        "dateActivityStarted": iso(now - 86400),
        "availableActivities": [],
        "currentActivityHash": 0,
        "currentActivityModeHash": 0,
        "lastCompletedStoryHash": 0,
    }
