"""Why a wish cannot be met, in sentences for players. Pure."""

from __future__ import annotations

from collections.abc import Sequence

MOVES_OTHERS = "moves_others"  # the code of a refusal that ends once other items may be moved
UNTOUCHED = ", but other items are not to be moved"


class Refused(Exception):
    """Ends one wish; the others go on."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def unknown_item() -> Refused:
    return Refused("gone", "This item is not among yours, or not any more.")


def gone(name: str) -> Refused:
    return Refused("gone", f"{name} is not there any more.")


def no_such_character() -> Refused:
    return Refused("no_such_character", "None of your characters is meant by this. Choose one of them, or the vault.")


def conflict(name: str) -> Refused:
    return Refused("conflict", f"{name} cannot go two ways at once. Ask for one of them.")


def two_locks(name: str) -> Refused:
    return Refused("conflict", f"{name} cannot be both locked and unlocked. Ask for one of them.")


def same_slot(name: str, other: str, where: str) -> Refused:
    return Refused("conflict", f"{where} cannot wear {name} and {other} in the same slot. Choose one of them.")


def not_transferable(name: str) -> Refused:
    return Refused("not_transferable", f"{name} cannot be moved: the game does not allow it.")


def no_room(name: str, full: str) -> Refused:
    return Refused("no_room", f"There is no room for {name}: {full}, and nothing there can move aside.")


def moves_others(name: str, other: str, full: str) -> Refused:
    return Refused(MOVES_OTHERS, f"{_other(name, other)} would have to move aside for {name}{UNTOUCHED}: {full}.")


def would_wear_others(name: str, other: str) -> Refused:
    return Refused(MOVES_OTHERS, f"{_other(name, other)} would have to be worn in place of {name}{UNTOUCHED}.")


def _other(name: str, other: str) -> str:
    return f"Another {other}" if other == name else other


def no_places_to_free(full: str) -> Refused:
    return Refused("no_room", f"No more room can be made: {full}, and nothing else there can move aside.")


def no_room_for_both(where: str, other: str) -> Refused:
    why = f"There cannot be so much room in {where} and in {other} at once"
    return Refused("no_room", f"{why}. Ask for less of one of them.")


def cannot_unequip(name: str) -> Refused:
    return Refused("cannot_unequip", f"{name} cannot be taken off: there is nothing else to wear in its place.")


def one_exotic(name: str, other: str) -> Refused:
    why = "both are exotic, and only one can be worn at a time"
    return Refused("one_exotic", f"{other} is worn, and {name} stays off: {why}.")


def other_class(name: str, where: str) -> Refused:
    return Refused("other_class", f"{where} cannot wear {name}: it is made for another class.")


def not_a_stack(name: str) -> Refused:
    return Refused("not_a_stack", f"{name} is a single item: only stacks can be put together. Move it instead.")


def not_equippable(name: str) -> Refused:
    return Refused("not_equippable", f"{name} is nothing to wear.")


def not_lockable(name: str) -> Refused:
    return Refused("not_lockable", f"{name} has no lock.")


def not_in_postmaster(name: str) -> Refused:
    return Refused("not_in_postmaster", f"{name} is not at the postmaster.")


def at_postmaster(name: str, owners: Sequence[str], *, is_rest: bool) -> Refused:
    """`is_rest`: some of it is where all of it should be."""
    where = f"is at the postmaster of {' and of '.join(owners)}"
    what = "pull it, or name that character as the source"
    return Refused("at_postmaster", f"{'The rest of ' if is_rest else ''}{name} {where}: {what}.")


def side_effects(name: str) -> Refused:
    why = "taking it would do more than move it"
    return Refused("side_effects", f"{name} has to be fetched from the postmaster in the game: {why}.")


def bad_quantity(name: str, there: int) -> Refused:
    many = f"there are {there:,}" if there else "there are none"
    return Refused("bad_quantity", f"So many of {name} cannot be moved: {many}.")


def unique_stack(name: str, where: str) -> Refused:
    why = f"your stack in {where} has no room for it, and there can be no second one"
    return Refused("unique_stack", f"{name} stays where it is: {why}.")


def only_one(name: str, where: str, other: str) -> Refused:
    holds = "one already" if other == name else f"{other} already"
    return Refused("only_one", f"{name} stays where it is: {where} holds {holds}, and there can be only one of them.")


def whole_stack(name: str, quantity: int) -> Refused:
    return Refused("unique_stack", f"{name} moves only as a whole: ask for all {quantity:,}.")
