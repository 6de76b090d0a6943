"""What the definition of an item says of it, put into words by the definitions that it names. Two queries.

Bungie's JSON may lack anything, and hold what nobody expects: whatever does not fit is passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from manifest import lookup
from manifest.lookup import ItemSummary, JsonObject, Live
from manifest.tables import BUCKETS, COLLECTIBLES, ELEMENTS, LORE, PERKS, PLUG_SETS, SOCKET_CATEGORIES, STATS

AMMUNITION = {1: "Primary", 2: "Special", 3: "Heavy"}
_MOST_SOCKETS, _MOST_OPTIONS = 40, 60

Found = dict[str, dict[int, JsonObject]]


@dataclass(frozen=True)
class Stat:
    name: str
    value: int


@dataclass(frozen=True)
class Perk:
    name: str
    description: str


@dataclass(frozen=True)
class Socket:
    """What it holds at first, and the names of what it may hold instead."""

    plug: ItemSummary | None
    options: list[str]


@dataclass(frozen=True)
class SocketGroup:
    name: str
    sockets: list[Socket]


@dataclass(frozen=True)
class Facts:
    """Empty where the Manifest does not say."""

    description: str
    flavour: str
    slot: str
    element: str
    ammunition: str
    source: str
    story: str
    stats: list[Stat]
    perks: list[Perk]
    groups: list[SocketGroup]


def facts(live: Live, definition: JsonObject) -> Facts:
    sockets = [_mapping(each) for each in _listing(_at(definition, "sockets", "socketEntries"))[:_MOST_SOCKETS]]
    groups = [_mapping(each) for each in _listing(_at(definition, "sockets", "socketCategories"))]
    found = lookup.definitions(live, _wanted(definition, sockets, groups))
    options = [_options(socket, found[PLUG_SETS]) for socket in sockets]
    initial = [_hash(socket.get("singleInitialItemHash")) for socket in sockets]
    plugs = lookup.items(live, {each for some in (*options, initial) for each in some if each})
    filled = [_socket(*each, plugs) for each in zip(initial, options, strict=True)]
    collectible = _one(found, COLLECTIBLES, definition.get("collectibleHash"))
    return Facts(
        description=_display(definition, "description"),
        flavour=_text(definition.get("flavorText")),
        slot=_display(_one(found, BUCKETS, _at(definition, "inventory", "bucketTypeHash"))),
        element=_display(_one(found, ELEMENTS, definition.get("defaultDamageTypeHash"))),
        ammunition=AMMUNITION.get(_hash(_at(definition, "equippingBlock", "ammoType")), ""),
        source=_text(collectible.get("sourceString")) or _text(definition.get("displaySource")),
        story=_display(_one(found, LORE, definition.get("loreHash")), "description"),
        stats=_stats(definition, found[STATS]),
        perks=list(_perks(definition, found[PERKS])),
        groups=list(_groups(groups, filled, found[SOCKET_CATEGORIES])),
    )


def _wanted(definition: JsonObject, sockets: list[JsonObject], groups: list[JsonObject]) -> dict[str, set[int]]:
    named = {
        STATS: [stat.get("statHash") for stat in _stat_rows(definition)],
        PLUG_SETS: [socket.get("randomizedPlugSetHash") for socket in sockets],
        SOCKET_CATEGORIES: [group.get("socketCategoryHash") for group in groups],
        PERKS: [_mapping(perk).get("perkHash") for perk in _listing(definition.get("perks"))],
        COLLECTIBLES: [definition.get("collectibleHash")],
        LORE: [definition.get("loreHash")],
        BUCKETS: [_at(definition, "inventory", "bucketTypeHash")],
        ELEMENTS: [definition.get("defaultDamageTypeHash")],
    }
    return {table: {each for each in map(_hash, hashes) if each} for table, hashes in named.items()}


def _stat_rows(definition: JsonObject) -> list[JsonObject]:
    return [_mapping(stat) for stat in _mapping(_at(definition, "stats", "stats")).values()]


def _stats(definition: JsonObject, named: dict[int, JsonObject]) -> list[Stat]:
    """In the order of the game; what is zero tells nothing."""
    rows = [(named.get(_hash(stat.get("statHash")), {}), stat.get("value")) for stat in _stat_rows(definition)]
    rows.sort(key=lambda row: _hash(row[0].get("index")))
    return [Stat(_display(stat), value) for stat, value in rows if _display(stat) and type(value) is int and value]


def _perks(definition: JsonObject, named: dict[int, JsonObject]) -> Iterator[Perk]:
    for perk in _listing(definition.get("perks")):
        told = named.get(_hash(_mapping(perk).get("perkHash")), {})
        if _display(told):
            yield Perk(_display(told), _display(told, "description"))


def _options(socket: JsonObject, sets: dict[int, JsonObject]) -> list[int]:
    """Of what is rolled by chance, and of what the definition itself lists; not every shader of the game."""
    rolled = sets.get(_hash(socket.get("randomizedPlugSetHash")), {}).get("reusablePlugItems")
    plugs = [*_listing(rolled), *_listing(socket.get("reusablePlugItems"))]
    hashes = dict.fromkeys(_hash(_mapping(plug).get("plugItemHash")) for plug in plugs)
    return [each for each in hashes if each][:_MOST_OPTIONS]


def _socket(initial: int, options: Iterable[int], plugs: dict[int, ItemSummary]) -> Socket:
    first = plugs.get(initial)
    first = first if first and first.name.strip() else None
    names = dict.fromkeys(plugs[each].name for each in options if each in plugs and plugs[each].name.strip())
    return Socket(first, [name for name in names if not first or name != first.name])


def _groups(
    groups: list[JsonObject], sockets: list[Socket], categories: dict[int, JsonObject]
) -> Iterator[SocketGroup]:
    for group in groups:
        places = [each for each in _listing(group.get("socketIndexes")) if isinstance(each, int)]
        held = [sockets[each] for each in places if 0 <= each < len(sockets)]
        if told := [socket for socket in held if socket.plug or socket.options]:
            category = categories.get(_hash(group.get("socketCategoryHash")), {})
            yield SocketGroup(_display(category) or "Sockets", told)


def _one(found: Found, table: str, hash_: Any) -> JsonObject:
    return found[table].get(_hash(hash_), {})


def _display(definition: JsonObject, name: str = "name") -> str:
    return _text(_mapping(definition.get("displayProperties")).get(name)).strip()


def _at(definition: JsonObject, outer: str, inner: str) -> Any:
    return _mapping(definition.get(outer)).get(inner)


def _mapping(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _hash(value: Any) -> int:
    """0, which no definition has, for whatever is none."""
    return value if type(value) is int and 0 <= value < 1 << 32 else 0  # in Python, True is an int
