"""Jobs and plans in words: what happens to which item, from where to where, and why. Pure but for Names.of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from accounts.people import Player
from destinyvault.bungie.enums import TIERS
from inventory import snapshots
from inventory.reading import Reading, read
from inventory.summaries import summaries
from inventory.vault import VAULT, Guardian, OwnedItem, item_name, unknown_item
from manifest import lookup
from manifest.lookup import ItemSummary

from .models import Action, Step, StepStatus
from .refusing import MOVES_OTHERS, UNTOUCHED
from .steps import MOVES, Plan, PlannedStep, Refusal, StepKind, Why
from .wants import Kind, Want

AnyStep = Step | PlannedStep
HOPS = (StepKind.TO_VAULT, StepKind.TO_CHARACTER)
LOCKED_AGAIN = "make sure that it is locked, as it was before the move"
UNLOCKED_AGAIN = "make sure that it is not locked, as before the move"


@dataclass(frozen=True, slots=True)
class Thing:
    """An item, as jobs name and picture it."""

    name: str
    icon: str = ""
    tier: str = "basic"
    power: int = 0  # only where another of that name is owned, too

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


GONE = Thing("An item that is gone")


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one item; `why` is empty where it is what was asked for."""

    thing: Thing
    quantity: int
    does: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """Why some of what was asked for cannot be done: one sentence for all that it is true of."""

    message: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What items and stores are called, for one person. `reading` is None while nothing is known of what they own."""

    reading: Reading | None
    kinds: Mapping[int, ItemSummary]
    items: Mapping[str, OwnedItem]
    stores: Mapping[str, str]
    twins: frozenset[str]  # the names of which there are several

    @classmethod
    def of(cls, player: Player, hashes: Iterable[int]) -> Self:
        seen = snapshots.known(player)
        reading = read(seen) if seen else None
        live = reading.live if reading else lookup.live(player.preferences.language)
        owned = reading.vault.items if reading else ()
        guardians = reading.vault.characters if reading else ()
        items = {each.id: each for each in owned if each.id}
        counted = Counter(each.name for each in items.values())
        twins = frozenset(name for name, count in counted.items() if count > 1)
        return cls(reading, summaries(live, hashes), items, stores(guardians), twins)

    def thing(self, item_hash: int, item_id: str | None = None) -> Thing:
        owned = self.items.get(item_id or "")
        if owned:
            power = (owned.power or 0) if owned.name in self.twins else 0
            return Thing(owned.name, owned.icon, TIERS.get(owned.tier, "basic"), power)
        if not item_hash:
            return GONE
        summary = self.kinds.get(item_hash) or unknown_item(item_hash)
        return Thing(item_name(summary), summary.icon, TIERS.get(summary.tier, "basic"))

    def wanted(self, want: Want) -> Thing:
        return self._bucket(want.item_hash) if want.kind == Kind.ROOM else self.thing(want.item_hash, want.item_id)

    def store(self, store: str) -> str:
        return self.stores.get(store, "a character that is gone") if store else ""

    def _bucket(self, bucket_hash: int) -> Thing:
        found = self.reading.words.buckets.get(bucket_hash) if self.reading else None
        return Thing(found.name if found and found.name else "Items")


def stores(guardians: Sequence[Guardian]) -> dict[str, str]:
    """By class, and by race where two are of one class."""
    classes = [each.class_name for each in guardians]
    told = {
        each.id: f"{each.race} {each.class_name}" if classes.count(each.class_name) > 1 else each.class_name
        for each in guardians
    }
    return {**told, VAULT: "the vault"}


def titled(action: Action, wants: Sequence[Want], names: Names) -> str:
    """Such as "Move 12 items to the vault"."""
    what, to = _what(wants, names), _to(wants, names)
    match action:
        case Action.EQUIP:
            return f"Equip {what} on {to}"
        case Action.PULL:
            return f"Pull {what} from the postmaster"
        case Action.COLLECT:
            return f"Collect the postmaster: {what}"
        case Action.ROOM:
            return f"Make room on {to}"
        case Action.CONSOLIDATE:
            return f"Bring all {what} to {to}"
        case Action.UNDO:
            return f"Undo: {what}"
        case Action.LOCK | Action.UNLOCK:
            return f"{action.label} {what}"
    if all(want.item_id and want.source == want.to for want in wants):
        return f"Take off {what}"
    return f"Move {what} to {to}"


def line(step: AnyStep, names: Names) -> Line:
    return Line(names.thing(step.item_hash, step.item_id), step.quantity, does(step, names), _why(step))


def does(step: AnyStep, names: Names) -> str:
    who, vault = names.store(step.character_id), names.store(VAULT)
    match StepKind(step.kind):
        case StepKind.TO_VAULT:
            return f"{who} → {vault}"
        case StepKind.TO_CHARACTER:
            return f"{vault} → {who}"
        case StepKind.PULL:
            return f"postmaster → {who}"
        case StepKind.EQUIP:
            return f"equip on {who}"
        case StepKind.EQUIP_MANY:
            return f"equip {len(step.item_ids)} items on {who}"
        case StepKind.LOCK:
            return LOCKED_AGAIN if step.why == Why.SAME_LOCK else "lock"
    return UNLOCKED_AGAIN if step.why == Why.SAME_LOCK else "unlock"


def wanted_moves(plan: Plan, names: Names) -> list[Line]:
    """Each item that was asked for, with all that happens to it in one line."""
    return _by_item([step for step, is_other in _by_whom(plan) if not is_other], names)


def other_moves(plan: Plan, names: Names) -> list[Line]:
    """The same for those that nobody asked to have touched."""
    return _by_item([step for step, is_other in _by_whom(plan) if is_other], names)


def stay(steps: Iterable[Step], wants: Sequence[Want], names: Names) -> list[Thing]:
    """What a job has moved, and its undoing does not: what went aside, and what came from the postmaster."""
    back = {(want.item_id, want.item_id or want.item_hash) for want in wants}
    moved = [step for step in steps if step.status == StepStatus.DONE and step.kind in MOVES]
    left = [step for step in moved if (step.item_id, step.item_id or step.item_hash) not in back]
    return [names.thing(*each) for each in dict.fromkeys((step.item_hash, step.item_id) for step in left)]


def refused(refusals: Iterable[Refusal], wants: Sequence[Want], names: Names) -> list[Told]:
    """What cannot be done, with the items where it is about any; those of one reason together."""
    alike: dict[tuple[str, str], list[tuple[Thing | None, str]]] = {}
    for each in refusals:
        thing = names.wanted(wants[each.want]) if each.want < len(wants) else None
        alike.setdefault((each.code, _reason(each, thing)), []).append((thing, each.message))
    return [_told([thing for thing, _ in found if thing], found[0][1]) for found in alike.values()]


def _reason(refusal: Refusal, thing: Thing | None) -> str:
    """Its words without what is another for each item."""
    if refusal.code == MOVES_OTHERS:
        return refusal.message.partition(UNTOUCHED)[2]
    return refusal.message.replace(thing.name, "") if thing else refusal.message


def _told(things: Sequence[Thing], message: str) -> Told:
    if len(things) > 1:
        others = f"{len(things) - 1} other{'s' if len(things) > 2 else ''}"
        message = message.replace(things[0].name, f"{things[0].name} and {others}", 1)
    return Told(message, tuple(things))


def hashes_of(wants: Iterable[Want], steps: Iterable[AnyStep] = ()) -> set[int]:
    wanted = {want.item_hash for want in wants if want.kind != Kind.ROOM}
    return {each for each in wanted | {step.item_hash for step in steps} if each}


def _by_whom(plan: Plan) -> Iterator[tuple[PlannedStep, bool]]:
    """Each step, and whether it is for an item that nobody asked for: one that moves aside, or its lock put right."""
    wanted = {step.item_id for step in plan.steps if step.why == Why.WANTED}
    for step in plan.steps:
        yield step, step.moves_other or (step.why == Why.SAME_LOCK and step.item_id not in wanted)


def _by_item(steps: Iterable[PlannedStep], names: Names) -> list[Line]:
    by_item: dict[object, list[PlannedStep]] = {}
    for step in steps:
        for each in _single(step):
            by_item.setdefault(each.item_id or each.item_hash, []).append(each)
    return [_all_of(each, names) for each in by_item.values()]


def _single(step: PlannedStep) -> list[PlannedStep]:
    """One for each item that is put on together; their ids tell what they are."""
    alone = replace(step, kind=StepKind.EQUIP, item_hash=0, item_ids=())
    return [replace(alone, item_id=each) for each in step.item_ids] or [step]


def _all_of(steps: Sequence[PlannedStep], names: Names) -> Line:
    """Two hops through the vault are told as one move; a lock that stays as it was, of what moves, not at all."""
    steps = [step for step in steps if step.why != Why.SAME_LOCK] or steps
    first, last = steps[0], steps[-1]
    if [step.kind for step in steps] == list(HOPS):
        told = f"{names.store(first.character_id)} → {names.store(last.character_id)}"
    else:
        told = ", ".join(dict.fromkeys(does(step, names) for step in steps))
    return Line(names.thing(last.item_hash, last.item_id), last.quantity, told, _why(first))


def _why(step: AnyStep) -> str:
    """What was asked for needs no reason, and what puts a lock right says it by itself."""
    return "" if step.why in (Why.WANTED, Why.SAME_LOCK) else Why(step.why).label


def _what(wants: Sequence[Want], names: Names) -> str:
    if len(wants) != 1:
        return f"{len(wants)} items"
    name = names.wanted(wants[0]).name
    return f"{wants[0].quantity:,} × {name}" if wants[0].quantity > 1 else name


def _to(wants: Sequence[Want], names: Names) -> str:
    found = {want.to for want in wants}
    return names.store(found.pop()) if len(found) == 1 else "several places"
