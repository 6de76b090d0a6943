"""The ten loadout slots of a character. Pure: belongings in, changed or Refused.

Chosen, where the contract is silent: all ten slots are open; another index, or looks that the Manifest does not know,
are 18; equipping or renaming a slot without items is 1623; looks that a snapshot leaves out stay as they were.
"""

from destinyvault.sandbox.actions.equipping import LOCATION, SUCCESS, outcome
from destinyvault.sandbox.actions.moves import NOT_FOUND
from destinyvault.sandbox.belongings import EMPTY_LOADOUT, LOADOUT_BUCKETS, Belongings, Character, Loadout
from destinyvault.sandbox.envelope import Refused

INVALID = 18


def equip(owned: Belongings, character: Character, index: int) -> None:
    """Chosen: what the character carries no more is passed over, as in the game; with nothing left it is 1623."""
    loadout = filled(owned, character, index)
    if character.busy:
        raise Refused(LOCATION)
    exotics_last = sorted(loadout.items, key=lambda key: has_label(owned, key))
    if SUCCESS not in [outcome(owned, character, key) for key in exotics_last]:
        raise Refused(NOT_FOUND)


def has_label(owned: Belongings, instance_id: str) -> bool:
    item = owned.find(instance_id)
    return bool(item and item.equip_label)


def snapshot(owned: Belongings, character: Character, index: int, looks: dict[str, int]) -> None:
    slots = slots_with(owned, character, index)
    worn = [item for item in owned.worn(character.id) if item.bucket in LOADOUT_BUCKETS]
    items = {item.instance_id: item.plugs for item in worn if item.instance_id}
    slots[index] = Loadout(slots[index].looks | looks, items)


def rename(owned: Belongings, character: Character, index: int, looks: dict[str, int]) -> None:
    loadout = filled(owned, character, index)
    owned.saved(character.id)[index] = Loadout(loadout.looks | looks, loadout.items)


def clear(owned: Belongings, character: Character, index: int) -> None:
    slots_with(owned, character, index)[index] = EMPTY_LOADOUT


def filled(owned: Belongings, character: Character, index: int) -> Loadout:
    loadout = slots_with(owned, character, index)[index]
    if not loadout.items:
        raise Refused(NOT_FOUND)
    return loadout


def slots_with(owned: Belongings, character: Character, index: int) -> list[Loadout]:
    slots = owned.saved(character.id)
    if not 0 <= index < len(slots):
        raise Refused(INVALID)
    return slots
