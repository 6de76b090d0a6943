"""Hand-made profiles and definitions, small enough to read in the test that uses them."""

from destinyvault.bungie.enums import Bucket
from inventory.words import make_words
from manifest.lookup import ItemSummary

HUNTER, TITAN = "2305843009000000001", "2305843009000000002"
RIFLE, HELMET, SHADER, CLASSIFIED, NOWHERE = 1001, 1002, 1003, 1004, 1999
ATTACK, SPEED = 1480404414, 1501155019
ARC, SOLAR = 2303181850, 1847026933
POWER, HEALTH, MELEE = 1935470627, 392767087, 4244567218
HUNTER_CLASS, TITAN_CLASS, AWOKEN, FEMALE = 671679327, 3655393761, 2803282938, 2204441813


def item(item_hash, bucket, instance=None, **more):
    identity = {"itemInstanceId": str(instance)} if instance else {}
    return {"itemHash": item_hash, "bucketHash": int(bucket), "quantity": 1, "state": 0, **identity, **more}


def character(character_id, class_hash=HUNTER_CLASS, played="2026-01-02T10:00:00Z"):
    return {
        "characterId": character_id,
        "classHash": class_hash,
        "raceHash": AWOKEN,
        "genderHash": FEMALE,
        "light": 1800,
        "emblemPath": "/emblem.jpg",
        "emblemBackgroundPath": "/background.jpg",
        "dateLastPlayed": played,
    }


def reply(vault=(), carried=(), worn=(), instances=None, characters=None, **more):
    """A GetProfile reply: `carried` and `worn` belong to the hunter."""
    found = [character(HUNTER), character(TITAN, TITAN_CLASS, "2026-01-01T10:00:00Z")]
    people = found if characters is None else characters
    return {
        "responseMintedTimestamp": "2026-01-02T12:00:00Z",
        "characters": component({each["characterId"]: each for each in people}),
        "characterInventories": component({HUNTER: {"items": list(carried)}}),
        "characterEquipment": component({HUNTER: {"items": list(worn)}}),
        "profileInventory": component({"items": list(vault)}),
        "profileCurrencies": component({"items": []}),
        "itemComponents": {"instances": component(instances or {}), "sockets": component({})},
        **more,
    }


def component(data):
    return {"data": data, "privacy": 1}


def power(value, stat=ATTACK, **more):
    return {"primaryStat": {"statHash": stat, "value": value}, **more}


def summary(item_hash, name, bucket, **more):
    values = {
        "hash": item_hash,
        "name": name,
        "type_name": "Auto Rifle",
        "item_type": 3,
        "bucket_hash": int(bucket),
        "tier": 5,
        "tier_name": "Legendary",
        "class_type": 3,
        "icon": f"/icons/{item_hash}.png",
        "watermark": "",
        "damage_type": 0,
        "ammo_type": 0,
        "max_stack": 1,
        "redacted": False,
        "equippable": True,
        "transferable": True,
        "stack_unique_label": "",
    }
    return ItemSummary(**values | more)


SUMMARIES = {
    each.hash: each
    for each in (
        summary(RIFLE, "Long Rifle", Bucket.KINETIC_WEAPONS),
        summary(HELMET, "Tall Helmet", Bucket.HELMET, type_name="Helmet", tier=6, tier_name="Exotic", class_type=1),
        summary(SHADER, "Blue Shader", Bucket.CONSUMABLES, type_name="Shader", tier=2, tier_name="Common"),
        summary(CLASSIFIED, "Classified", Bucket.KINETIC_WEAPONS, redacted=True, type_name="", icon=""),
    )
}


def bucket(name, category=3, order=0, count=10, location=1, scope=0):
    shown = {"displayProperties": {"name": name} if name else {}}
    return shown | {
        "category": category,
        "bucketOrder": order,
        "itemCount": count,
        "location": location,
        "scope": scope,
    }


def named(name, **more):
    return {"displayProperties": {"name": name}, **more}


NAMELESS_BUCKET = 497170007
WORDS = make_words(
    buckets={
        Bucket.KINETIC_WEAPONS: bucket("Kinetic Weapons", order=20),
        Bucket.HELMET: bucket("Helmet", order=50),
        Bucket.GHOST: bucket("Ghost", order=45),
        Bucket.EMOTES: bucket("Emotes", category=0, count=1),
        Bucket.CONSUMABLES: bucket("Consumables", category=1, order=30, count=50, location=0, scope=1),
        Bucket.GENERAL: bucket("General", category=1, order=30, count=700, location=2, scope=1),
        Bucket.LOST_ITEMS: bucket("Lost Items", category=0, count=21, location=4),
        Bucket.ENGRAMS: bucket("Engrams", category=1, order=40),
        NAMELESS_BUCKET: bucket("", category=0, count=1),
    },
    classes={
        HUNTER_CLASS: named("Hunter", classType=1, genderedClassNamesByGenderHash={str(FEMALE): "Huntress"}),
        TITAN_CLASS: named("Titan", classType=0),
    },
    races={AWOKEN: named("Awoken")},
    elements={ARC: named("Arc", enumValue=2), SOLAR: named("Solar", enumValue=3)},
    stats={MELEE: named("Melee", index=4), HEALTH: named("Health", index=3), POWER: named("Power", index=1)},
)
