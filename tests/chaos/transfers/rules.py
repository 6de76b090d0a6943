"""What the site may refuse by itself, and whether the game agrees: by where everything is in the end."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from destinyvault.sandbox import facts
from inventory.transfers.wants import Kind, Want
from tests.chaos.transfers.case import Case
from tests.chaos.transfers.disasters import FINAL
from tests.chaos.transfers.truth import Thing

SAYS_FULL = (1637, 1642)
SLOT, BAG, VAULT = 10, 50, 1000  # CONTRACT, "Profile"


def fits(code: str, case: Case, want: Want) -> bool:
    rule = RULES.get(code)
    return bool(rule and rule(case, want))


def some(case: Case, want: Want) -> list[Thing]:
    """What the wish is about."""
    everything = [*case.before, *case.after]
    return [each for each in everything if (each.id == want.item_id if want.item_id else each.hash == want.item_hash)]


def is_gone(case: Case, want: Want) -> bool:
    return case.thing(want.item_id) is None


def is_full(case: Case, want: Want) -> bool:
    """Neither the place itself has room, nor anything that could go aside from there; or Bungie says so.

    Where the player has taken something away since, it may have been full before that.
    """
    if any(each["code"] in SAYS_FULL for each in case.journal):
        return True
    moments = [case.after, case.before] if case.touched or case.destroyed else [case.after]
    return any(_is_full(things, case, want) for things in moments)


def _is_full(things: Sequence[Thing], case: Case, want: Want) -> bool:
    if want.to == "vault":
        return sum(each.is_in_vault for each in things) >= VAULT
    if want.kind is Kind.ROOM:
        return in_slot(things, want.item_hash, want.to) > SLOT - want.quantity
    home = next(iter(homes(case, want)), want.item_hash)
    there = [each for each in things if each.bucket == home and each.owner in ("", want.to)]
    return len(there) >= (BAG if home == facts.CONSUMABLES else SLOT)


def in_slot(things: Iterable[Thing], bucket: int, character: str) -> int:
    return sum(each.bucket == bucket and each.owner == character for each in things)


def has_no_other_to_wear(case: Case, want: Want) -> bool:
    """Nothing of that slot anywhere that the class may wear, that is not exotic, and that nobody wished elsewhere."""
    thing = case.thing(want.item_id)
    if thing is None:
        return False
    wished = {each.item_id for each in case.wants}
    no = {item for each in case.journal if each["code"] in FINAL for item in each["item"].split(",")}
    others = [
        each for each in case.after if each.home == thing.home and each.id not in wished | no and not each.is_lost
    ]
    fitting = [each for each in others if may_wear(case, each, thing.owner) and not each.equip_label]
    return not any(each.owner == thing.owner or (each.movable and not each.equipped) for each in fitting)


def may_wear(case: Case, thing: Thing, owner: str) -> bool:
    worn = (each.class_type for each in case.after if each.owner == owner and each.equipped)
    class_type = next((each for each in worn if each != facts.ANY_CLASS), facts.ANY_CLASS)
    return thing.class_type in (facts.ANY_CLASS, class_type)


def is_of_another_class(case: Case, want: Want) -> bool:
    return not any(may_wear(case, each, want.to) for each in some(case, want))


def is_second_exotic(case: Case, want: Want) -> bool:
    """Beside one that is worn there, or is to be by another wish."""
    labels = {each.equip_label for each in some(case, want)} - {""}
    wished = {each.item_id for each in case.wants if each.kind is Kind.EQUIP and each.to == want.to}
    others = (each for each in case.after if each.id != want.item_id and each.equip_label in labels)
    return any(each.id in wished or (each.owner == want.to and each.equipped) for each in others)


def any_of(test: Callable[[Thing], bool]) -> Callable[[Case, Want], bool]:
    return lambda case, want: any(map(test, some(case, want)))


def touches_others(case: Case, want: Want) -> bool:
    was_worn = any(each.equipped and each.id == want.item_id for each in chain(case.before, case.after))
    return was_worn or is_full(case, want) or is_second_exotic(case, want)


def is_overtaken(case: Case, want: Want) -> bool:
    """Something else was asked for later with the same item, or another one to wear in its place."""
    for each in case.later:
        if each.item_id == want.item_id:
            if (each.kind, each.to) != (want.kind, want.to):
                return True
        elif each.kind is want.kind is Kind.EQUIP and each.to == want.to and homes(case, each) & homes(case, want):
            return True
    return False


def homes(case: Case, want: Want) -> set[int]:
    return {each.home for each in some(case, want)}


RULES: dict[str, Callable[[Case, Want], bool]] = {
    "gone": is_gone,
    "no_room": is_full,
    "cannot_unequip": has_no_other_to_wear,
    "one_exotic": is_second_exotic,
    "other_class": is_of_another_class,
    "not_transferable": any_of(lambda each: not each.movable),
    "side_effects": any_of(lambda each: each.side_effects),
    "at_postmaster": any_of(lambda each: each.is_lost),
    "unique_stack": any_of(lambda each: bool(each.stack_label)),
    "only_one": any_of(lambda each: bool(each.stack_label)),
    "moves_others": touches_others,
    "overtaken": is_overtaken,
}
