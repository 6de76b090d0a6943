"""What is in an item's sockets, and what else could be: plugs by the categories in which the game shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .untrusted import definition_hash, integer, listing, mapping, text
from .words import Definitions

JsonObject = Mapping[str, Any]

MOST_OPTIONS = 40  # of one socket; sets of shaders and mods have hundreds, which nobody would read here


@dataclass(frozen=True, slots=True)
class Plug:
    """`active` is False for one that is in its socket without effect."""

    hash: int
    name: str
    type_name: str
    description: str
    icon: str
    category: str
    active: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Socket:
    """`choices` can be put in on this copy, beside what is in; `options` are what copies of the item can roll or take.

    Where there are too many to read, `options` is empty and `more` counts them.
    """

    plug: Plug | None
    choices: tuple[Plug, ...]
    options: tuple[Plug, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SocketCategory:
    """`hash` is 0 for sockets that the definition puts nowhere."""

    hash: int
    name: str
    sockets: tuple[Socket, ...]


@dataclass(frozen=True, slots=True)
class BareSocket:
    """A socket by hashes alone: what to look up before it can be shown."""

    index: int
    plug_hash: int | None
    active: bool
    visible: bool
    choices: tuple[int, ...]
    listed: tuple[int, ...]  # options that the definition itself lists
    plug_sets: tuple[int, ...]  # and the sets that hold the others


def bare_sockets(
    definition: JsonObject, component: JsonObject | None = None, reusable: JsonObject | None = None
) -> tuple[BareSocket, ...]:
    """`component` and `reusable` are the data of the item's components 305 and 310.

    Without a component: as the game hands the item out, by its definition.
    """
    entries = [mapping(entry) for entry in listing(_block(definition).get("socketEntries"))]
    states = None if component is None else [mapping(state) for state in listing(component.get("sockets"))]
    choices = mapping(mapping(reusable).get("plugs"))
    count = len(entries) if states is None else len(states)
    return tuple(
        _bare(
            index,
            entries[index] if index < len(entries) else {},
            None if states is None else states[index],
            tuple(_plug_items(choices.get(str(index)), "canInsert")),
        )
        for index in range(count)
    )


def plug_hashes(sockets: Iterable[BareSocket]) -> set[int]:
    """Of the plugs that are in, and of the choices beside them."""
    return {each for socket in sockets for each in (socket.plug_hash, *socket.choices) if each}


def plug_set_hashes(sockets: Iterable[BareSocket]) -> set[int]:
    return {each for socket in sockets for each in socket.plug_sets}


def option_hashes(sockets: Iterable[BareSocket], plug_sets: Definitions) -> set[int]:
    """Those that will be shown."""
    options = (options_of(socket, plug_sets) for socket in sockets if socket.visible)
    return {each for found in options if len(found) <= MOST_OPTIONS for each in found}


def options_of(socket: BareSocket, plug_sets: Definitions) -> tuple[int, ...]:
    """Everything that could be in the socket, without what no longer can."""
    held = (mapping(plug_sets.get(each)).get("reusablePlugItems") for each in socket.plug_sets)
    in_sets = (plug for plugs in held for plug in _plug_items(plugs, "currentlyCanRoll"))
    return tuple(dict.fromkeys((*socket.listed, *in_sets)))


def active_plugs(sockets: Iterable[BareSocket], plugs: Definitions) -> list[JsonObject]:
    """The definitions of what takes effect, also in sockets that are not shown: armor is rolled in such."""
    return [plugs[each.plug_hash] for each in sockets if each.active and each.plug_hash in plugs]


def by_category(
    definition: JsonObject,
    sockets: Iterable[BareSocket],
    plugs: Definitions,
    plug_sets: Definitions,
    categories: Definitions,
    perks: Definitions | None = None,
) -> tuple[SocketCategory, ...]:
    """`plugs` are item definitions; `perks` sandbox perks, which describe the plugs that do not do so themselves."""
    names = _Names(plugs, perks or {})
    shown = {each.index: _socket(each, names, plug_sets) for each in sockets if each.visible and each.plug_hash != 0}
    found = []
    for category, indexes in _categories(definition):
        held = [shown.pop(index) for index in indexes if index in shown]
        found.append(SocketCategory(category, _name(mapping(categories.get(category))), _worth_showing(held)))
    found.append(SocketCategory(0, "", _worth_showing(shown.values())))
    return tuple(category for category in found if category.sockets)


def perk_hashes(plug: JsonObject) -> list[int]:
    """The sandbox perks that a plug gives."""
    given = (definition_hash(mapping(each).get("perkHash")) for each in listing(plug.get("perks")))
    return [each for each in given if each]


@dataclass(frozen=True, slots=True)
class _Names:
    plugs: Definitions
    perks: Definitions

    def plug(self, plug_hash: int, *, active: bool = True) -> Plug:
        definition = self.plugs.get(plug_hash)
        if definition is None:
            return Plug(plug_hash, f"Unknown plug {plug_hash}", "", "", "", "", active, known=False)
        shown = mapping(definition.get("displayProperties"))
        return Plug(
            hash=plug_hash,
            name=text(shown.get("name")),
            type_name=text(definition.get("itemTypeDisplayName")),
            description=text(shown.get("description")) or self._described(definition),
            icon=text(shown.get("icon")),
            category=text(mapping(definition.get("plug")).get("plugCategoryIdentifier")),
            active=active,
            known=True,
        )

    def _described(self, definition: JsonObject) -> str:
        perks = (mapping(self.perks.get(each)).get("displayProperties") for each in perk_hashes(definition))
        return "\n".join(filter(None, (text(mapping(shown).get("description")) for shown in perks)))


def _bare(index: int, entry: JsonObject, state: JsonObject | None, choices: tuple[int, ...]) -> BareSocket:
    if state is None:
        plug_hash, active = definition_hash(entry.get("singleInitialItemHash")), True
        visible = bool(entry.get("defaultVisible", True))
    else:
        plug_hash, active = definition_hash(state.get("plugHash")), bool(state.get("isEnabled"))
        visible = bool(state.get("isVisible"))
    listed = (*_plug_items(entry.get("reusablePlugItems")), *_plug_items(entry.get("randomizedPlugItems")))
    sets = (definition_hash(entry.get(name)) for name in ("randomizedPlugSetHash", "reusablePlugSetHash"))
    return BareSocket(
        index=index,
        plug_hash=plug_hash or None,
        active=active,
        visible=visible,
        choices=choices,
        listed=tuple(dict.fromkeys(listed)),
        plug_sets=tuple(each for each in sets if each),
    )


def _plug_items(raw: object, condition: str = "") -> Iterator[int]:
    """The hashes of a list of plugs, without those for which `condition` is said not to hold."""
    for entry in map(mapping, listing(raw)):
        plug_hash = definition_hash(entry.get("plugItemHash"))
        if plug_hash and entry.get(condition, True) is not False:
            yield plug_hash


def _socket(bare: BareSocket, names: _Names, plug_sets: Definitions) -> Socket:
    plug = names.plug(bare.plug_hash, active=bare.active) if bare.plug_hash else None
    if plug is None or _is_upgrade(plug):
        return Socket(plug, (), (), 0)
    options = options_of(bare, plug_sets)
    readable = len(options) <= MOST_OPTIONS
    choices = _named(bare.choices, names, but={_title(plug)})
    return Socket(
        plug=plug,
        choices=choices,
        options=_named(options, names, but={_title(plug), *map(_title, choices)}) if readable else (),
        more=0 if readable else len(options),
    )


def _is_upgrade(plug: Plug) -> bool:
    """Tiers of a masterwork and kinds of trackers are bought, not rolled: nobody looks for what else there is."""
    return "masterworks" in plug.category


def _named(hashes: Iterable[int], names: _Names, but: set[tuple[str, str]]) -> tuple[Plug, ...]:
    """Each name once: Bungie keeps several plugs for one perk. Unknown ones give nobody an idea."""
    found = {_title(plug): plug for plug in map(names.plug, hashes) if plug.known and plug.name}
    return tuple(plug for title, plug in found.items() if title not in but)


def _title(plug: Plug) -> tuple[str, str]:
    """The better kind of a perk bears the same name, and another type."""
    return plug.name, plug.type_name


def _worth_showing(sockets: Iterable[Socket]) -> tuple[Socket, ...]:
    """The game has plugs without a name for its own use."""
    return tuple(socket for socket in sockets if socket.plug and (socket.plug.name or not socket.plug.known))


def _categories(definition: JsonObject) -> Iterator[tuple[int, list[int]]]:
    for raw in map(mapping, listing(_block(definition).get("socketCategories"))):
        indexes = (integer(each) for each in listing(raw.get("socketIndexes")))
        yield definition_hash(raw.get("socketCategoryHash")) or 0, [each for each in indexes if each is not None]


def _block(definition: JsonObject) -> JsonObject:
    return mapping(definition.get("sockets"))


def _name(definition: JsonObject) -> str:
    return text(mapping(definition.get("displayProperties")).get("name"))
