"""One Destiny account as GetProfile shows it: its components, who may see them, and the 30 s cache before it."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from destinyvault.sandbox import components
from destinyvault.sandbox.belongings import Belongings
from destinyvault.sandbox.clock import Clock, iso
from destinyvault.sandbox.components import ITEM_COMPONENTS
from destinyvault.sandbox.envelope import Reply, success
from destinyvault.sandbox.guardians import Guardian, Membership

T = TypeVar("T")
Ids = Collection[str] | None
Key = tuple[frozenset[int], bool]
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
    def __init__(self, guardian: Guardian, membership: Membership, clock: Clock, owned: Belongings) -> None:
        self.guardian, self.membership, self.clock = guardian, membership, clock
        self.hidden_at_first = INVENTORY | {202, 206, 900} if membership.holdings.private else set()
        self.hidden = set(self.hidden_at_first)  # private to everyone, the owner included
        self.missing: set[int] = set()  # left out of the reply altogether
        self.owned, self._at_first = owned, owned.kept()
        self._minted = self._last_minted = 0.0
        self._replies: dict[Key, Reply] = {}
        self._earlier: dict[Key, Reply] = {}
        self.lock = threading.RLock()  # nobody reads while something is between two places

    def reset(self) -> None:
        with self.lock:
            self.hidden, self.missing = set(self.hidden_at_first), set()
            self.owned.restore(self._at_first)
            self.forget()
            self._earlier, self._last_minted = {}, 0.0

    def forget(self) -> None:
        """Drops what is cached. A successful write does this, so that its owner sees it at once."""
        with self.lock:
            self._earlier |= self._replies
            self._minted, self._replies = 0.0, {}

    def stale_profile(self, wanted: frozenset[int], owner: bool) -> Reply:
        """The last reply of an earlier minting, where that was asked for: Bungie's servers disagree (#1030)."""
        with self.lock:
            return self._earlier.get((wanted, owner)) or self.profile(wanted, owner)

    def profile(self, wanted: frozenset[int], owner: bool) -> Reply:
        """GetProfile's reply: up to 30 s old, serialized once."""
        with self.lock:
            now, key = self.clock.now(), (wanted, owner)
            if not -1 <= now - self._minted < CACHE_SECONDS:
                self.forget()
                self._minted = self._last_minted = self.later(now)
            if key not in self._replies:
                self._replies[key] = success(self.response(wanted, owner, self._minted))
            return self._replies[key]

    def later(self, now: float) -> float:
        """Timestamps tell milliseconds, and two mintings never have the same; a clock set back starts anew."""
        return max(now, self._last_minted + 0.001) if now > self._last_minted - 1 else now

    def write(self, act: Callable[[Belongings], T], *, stays: bool = True) -> tuple[T, bool]:
        """What the act answers, and whether there was anything to change. All of it takes effect or nothing; nothing
        stays of a rehearsal."""
        with self.lock:
            before = self.owned.kept()
            try:
                told = act(self.owned)
            except BaseException:
                self.owned.restore(before)
                raise
            changed = self.owned.kept() != before
            if not stays:
                self.owned.restore(before)
            return told, changed

    def response(self, wanted: frozenset[int], owner: bool, minted: float) -> dict[str, Any]:
        with self.lock:
            return self.told(wanted, owner, minted)

    def told(self, wanted: frozenset[int], owner: bool, minted: float) -> dict[str, Any]:
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
            "characterActivities": lambda: self.per_character(lambda one: components.activity(one, now)),
            "characterLoadouts": lambda: self.per_character(lambda one: components.loadouts(owned.saved(one.id))),
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
        with self.lock:
            instanced = [
                one for one in self.owned.items if one.instance_id and (only is None or one.instance_id in only)
            ]
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
