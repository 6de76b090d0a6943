"""What a character wears. Pure: belongings in, changed or Refused.

Equipping takes off what was worn in that slot, so that no slot is ever empty. Of things with one uniqueLabel (exotic
weapons, exotic armor) a character wears one.
"""

from destinyvault.sandbox import facts
from destinyvault.sandbox.actions.moves import NOT_FOUND, permitted
from destinyvault.sandbox.belongings import Belongings, Character, Item
from destinyvault.sandbox.envelope import Refused

SUCCESS, LEVEL, UNLOCK, UNEQUIPPABLE, UNIQUE, LOCATION = 1, 1638, 1639, 1640, 1641, 1671


def equip(owned: Belongings, character: Character, instance_id: str) -> None:
    """Codes in this order, which is chosen: not found, location, forbidden, unequippable, class, level, unique."""
    item = on(owned, character, instance_id)
    if character.busy:
        raise Refused(LOCATION)
    wear(owned, character, item)


def equip_all(owned: Belongings, character: Character, instance_ids: list[str]) -> list[tuple[str, int]]:
    """One after the other in the order of the request, each judged by what is worn by then: an exotic before the one
    that makes room for it is refused. What the character does not carry is 1623; the others go on (MOVE_CASES D14)."""
    return [(key, outcome(owned, character, key)) for key in instance_ids]


def outcome(owned: Belongings, character: Character, instance_id: str) -> int:
    try:
        equip(owned, character, instance_id)
    except Refused as refused:
        return refused.code
    return SUCCESS


def on(owned: Belongings, character: Character, instance_id: str) -> Item:
    item = owned.find(instance_id)
    if item is None or item.owner != character.id or item.bucket == facts.POSTMASTER:
        raise Refused(NOT_FOUND)
    return item


def wear(owned: Belongings, character: Character, item: Item) -> None:
    wearable(character, item)
    worn = [one for one in owned.worn(character.id) if one is not item]
    if item.equip_label and any(one.equip_label == item.equip_label for one in worn if one.bucket != item.bucket):
        raise Refused(UNIQUE)
    for one in worn:
        if one.bucket == item.bucket:
            one.equipped = False
    item.equipped = True


def wearable(character: Character, item: Item) -> None:
    permitted(item)
    if item.kind and not item.kind.equippable:
        raise Refused(UNEQUIPPABLE)
    if item.kind and item.kind.class_type not in (facts.ANY_CLASS, character.class_type):
        raise Refused(UNLOCK)  # the spec counts the class among the unlock checks (EquipFailureReason 4)
    if item.level > character.level:
        raise Refused(LEVEL)
