"""Small worlds, made by hand: three characters, a vault, and what the test says is where."""

from dataclasses import dataclass, field

from destinyvault.bungie.enums import Bucket as Slot
from inventory.profile import Character, HeldItem
from inventory.transfers.steps import StepKind
from inventory.transfers.world import World
from inventory.words import Bucket
from tests.inventory import made

HUNTER, TITAN, WARLOCK = "11", "12", "13"  # last played first
NAMES = {HUNTER: "Hunter", TITAN: "Titan", WARLOCK: "Warlock"}
CLASS_TYPES = {HUNTER: 1, TITAN: 0, WARLOCK: 2}
KINETIC, ENERGY, HEAVY = Slot.KINETIC_WEAPONS.value, Slot.ENERGY_WEAPONS.value, Slot.POWER_WEAPONS.value
HELMET, LEGS, GHOST = Slot.HELMET.value, Slot.LEG_ARMOR.value, Slot.GHOST.value
CONSUMABLES, EMBLEMS = Slot.CONSUMABLES.value, Slot.EMBLEMS.value
GENERAL, LOST, SUBCLASS = Slot.GENERAL.value, Slot.LOST_ITEMS.value, Slot.SUBCLASS.value
BAG = 777  # for stacks that each character has of its own
BUCKETS = {
    KINETIC: "Kinetic Weapons", ENERGY: "Energy Weapons", HEAVY: "Power Weapons", HELMET: "Helmet", LEGS: "Leg Armor",
    GHOST: "Ghost", EMBLEMS: "Emblems", SUBCLASS: "Subclass", BAG: "Bag",
}  # fmt: skip
LEGENDARY, EXOTIC = 5, 6
COIN, SHARD, LABELLED = 501, 502, 503


@dataclass(frozen=True)
class Thing:
    """An item before it has a place: its instance id (None for a stack), its kind, and what is special about it."""

    id: str | None
    hash: int
    kind: dict = field(default_factory=dict)
    worn: bool = False
    quantity: int = 1
    power: int | None = None
    locked: bool = False
    fixed: bool = False


def weapon(number, bucket=KINETIC, *, hash=None, worn=False, power=None, locked=False, fixed=False, **kind):
    kind = {"name": f"Weapon {number}", "bucket_hash": bucket, "item_type": 3, **kind}
    return Thing(str(number), hash or 1000 + number, kind, worn, 1, power, locked, fixed)


def armor(number, bucket=HELMET, *, class_type=3, **more):
    return weapon(number, bucket, **{"item_type": 2, "name": f"Armor {number}", "class_type": class_type, **more})


def exotic(number, bucket=KINETIC, **more):
    return weapon(number, bucket, **{"tier": EXOTIC, "name": f"Exotic {number}", **more})


def weapons(first, many, bucket=KINETIC, **more):
    return [weapon(number, bucket, **more) for number in range(first, first + many)]


def stack(quantity, hash=COIN, bucket=CONSUMABLES, *, max_stack=100, fixed=False, **kind):
    kind = {"name": f"Stack {hash}", "bucket_hash": bucket, "max_stack": max_stack, "equippable": False, **kind}
    return Thing(None, hash, kind | {"item_type": 9}, quantity=quantity, fixed=fixed)


def world(vault=(), hunter=(), titan=(), warlock=(), account=(), lost=None, *, room=10, vault_room=1000, **more):
    """`lost` is what lies in the postmasters, by character."""
    places = [(None, GENERAL, vault), (HUNTER, 0, hunter), (TITAN, 0, titan), (WARLOCK, 0, warlock), (None, 0, account)]
    places += [(owner, LOST, things) for owner, things in (lost or {}).items()]
    items = [held(thing, owner, bucket) for owner, bucket, things in places for thing in things]
    kinds = {thing.hash: made.summary(thing.hash, **_kind(thing)) for *_, things in places for thing in things}
    told = {"class_types": CLASS_TYPES, "names": NAMES} | more
    return World(characters(), items, kinds, buckets(room, vault_room, told.pop("consumables", 50)), **told)


def held(thing, owner, bucket):
    return HeldItem(
        hash=thing.hash,
        style_hash=0,
        instance_id=thing.id,
        quantity=thing.quantity,
        bucket_hash=bucket or thing.kind["bucket_hash"],
        owner=owner,
        equipped=thing.worn,
        state=int(thing.locked),
        transfer_status=int(thing.worn) | 2 * thing.fixed,
        power=thing.power,
        damage_type=0,
        damage_type_hash=0,
    )


def characters():
    return tuple(Character(each, 0, 0, 0, 0, "", "", None, ()) for each in NAMES)


def buckets(room, vault_room, consumables):
    own = {each: Bucket(each, name, 3, 0, room, 1, False) for each, name in BUCKETS.items()}
    shared = {
        CONSUMABLES: Bucket(CONSUMABLES, "Consumables", 1, 0, consumables, 0, True),
        GENERAL: Bucket(GENERAL, "General", 1, 0, vault_room, 2, True),
        LOST: Bucket(LOST, "Lost Items", 0, 0, 21, 4, False),
    }
    return own | shared


def _kind(thing):
    values = dict(thing.kind)
    return {"bucket": values.pop("bucket_hash"), **values}


def calls(planned):
    """Steps as the tests tell them: what, which item, beside which character."""
    return [(step.kind.value, step.item_id or step.item_hash, step.character_id) for step in planned.steps]


TO_VAULT, TO_CHARACTER, EQUIP = StepKind.TO_VAULT.value, StepKind.TO_CHARACTER.value, StepKind.EQUIP.value
