"""What one account owns, item by item: drawn from the catalog once, and changed by what the account does."""

import random
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.catalog import Bucket, Catalog, Kind
from destinyvault.sandbox.guardians import Membership
from destinyvault.sandbox.rolls import roll
from destinyvault.sandbox.world.forge import Forge
from destinyvault.sandbox.world.hostile import hostile_hashes

LOCKED, TRACKED, MASTERWORK, CRAFTED = 1, 2, 4, 8
CARRIED = (*facts.WORN, facts.EMBLEM, facts.SUBCLASS, facts.FINISHER)
VAULTED = (*facts.WEAPON_BUCKETS * 3, *facts.ARMOR_BUCKETS * 2, facts.GHOST, facts.VEHICLE, facts.SHIP)


SHARED_BAGS = (facts.CONSUMABLES, facts.MODIFICATIONS)
ELSEWHERE = Bucket(10, shared=False, vaulted=False)  # a bucket that no definition tells of


@dataclass
class Item:
    hash: int
    home: int  # the bucket that its definition names
    bucket: int  # the bucket that it is in
    owner: str = ""  # character id; empty for the vault and what the whole account shares
    instance_id: str | None = None
    quantity: int = 1
    state: int = 0
    power: int = 0
    equipped: bool = False
    plugs: tuple[int, ...] = ()
    stats: dict[int, int] = field(default_factory=dict)
    counted: dict[int, dict[int, int]] = field(default_factory=dict)  # plug -> its objectives, and how far they got
    kind: Kind | None = None  # None: the Manifest does not know it
    level: int = 0  # that a character needs to wear it
    fixed: bool = False  # not to be transferred, whatever its definition says
    shown: dict[str, Any] | None = None  # as a capture lists it

    @property
    def location(self) -> int:
        """The shared bags lie in the vault, says Bungie (so in the captures)."""
        if self.bucket == facts.POSTMASTER:
            return 4
        return 2 if self.bucket == facts.VAULT or self.bucket in SHARED_BAGS else 1

    @property
    def movable(self) -> bool:
        return not self.fixed and (self.kind is None or self.kind.movable)

    @property
    def transfer_status(self) -> int:
        stays = self.home in facts.NEVER_MOVED or not self.movable
        return (1 if self.equipped else 0) | (2 if stays else 0)

    @property
    def lockable(self) -> bool:
        if self.shown:
            return self.shown["lockable"]
        return self.instance_id is not None and self.home not in facts.NEVER_MOVED

    @property
    def stack_limit(self) -> int:
        return self.kind.stack if self.kind else 9999

    @property
    def stack_label(self) -> str:
        return self.kind.stack_label if self.kind else ""

    @property
    def equip_label(self) -> str:
        return self.kind.equip_label if self.kind else ""


@dataclass
class Character:
    id: str
    class_type: int
    race: int
    gender: int
    minutes: int
    emblem: Kind | None
    idle_hours: int  # since it was last played, when the sandbox started
    level: int = 50
    busy: bool = False  # in an activity that locks what it wears


@dataclass(frozen=True)
class Loadout:
    """What a character wears on one occasion: instance ids with their plugs, and how the slot looks."""

    looks: dict[str, int] = field(default_factory=dict)
    items: dict[str, tuple[int, ...]] = field(default_factory=dict)


LOADOUT_SLOTS = 10
EMPTY_LOADOUT = Loadout()


@dataclass
class Belongings:
    characters: list[Character] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    buckets: dict[int, Bucket] = field(default_factory=dict)
    loadouts: dict[str, list[Loadout]] = field(default_factory=dict)  # by character

    def carried(self, character: str) -> list[Item]:
        return [item for item in self.items if item.owner == character and not item.equipped]

    def worn(self, character: str) -> list[Item]:
        return [item for item in self.items if item.owner == character and item.equipped]

    def shared(self) -> list[Item]:
        """The vault, and the stacks that lie in the account's own bags."""
        return [item for item in self.items if not item.owner and item.home not in CURRENCY_BUCKETS]

    def currencies(self) -> list[Item]:
        return [item for item in self.items if item.home in CURRENCY_BUCKETS]

    def find(self, instance_id: str) -> Item | None:
        return next((item for item in self.items if item.instance_id == instance_id), None)

    def character(self, key: str) -> Character | None:
        return next((one for one in self.characters if one.id == key), None)

    def bucket(self, key: int) -> Bucket:
        return self.buckets.get(key, ELSEWHERE)

    def bag(self, bucket: int, owner: str = "") -> list[Item]:
        return [item for item in self.items if item.bucket == bucket and item.owner == owner]

    def free(self, bucket: int, owner: str = "") -> int:
        """How many places are left, those of what is worn counted among the taken."""
        return max(0, self.bucket(bucket).places - len(self.bag(bucket, owner)))

    def saved(self, character: str) -> list[Loadout]:
        return self.loadouts.setdefault(character, [EMPTY_LOADOUT] * LOADOUT_SLOTS)

    def kept(self) -> "Kept":
        items = [(one, one.bucket, one.owner, one.quantity, one.state, one.equipped) for one in self.items]
        loadouts = {character: list(slots) for character, slots in self.loadouts.items()}
        return Kept(items, loadouts, [one.busy for one in self.characters])

    def restore(self, kept: "Kept") -> None:
        for item, *fields in kept.items:
            item.bucket, item.owner, item.quantity, item.state, item.equipped = fields
        self.items = [row[0] for row in kept.items]
        self.loadouts = {character: list(slots) for character, slots in kept.loadouts.items()}
        for character, busy in zip(self.characters, kept.busy, strict=True):
            character.busy = busy


@dataclass(frozen=True)
class Kept:
    """How everything stood at one moment, to be compared or gone back to."""

    items: list[tuple[Item, int, str, int, int, bool]]
    loadouts: dict[str, list[Loadout]]
    busy: list[bool]


def plainer(item: Item) -> bool:
    return not item.equipped and not item.equip_label


LOADOUT_BUCKETS = (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS, facts.SUBCLASS)
CURRENCY_BUCKETS = (facts.GLIMMER_BUCKET, facts.BRIGHT_DUST_BUCKET)


def draw(forge: Forge, catalog: Catalog, membership: Membership) -> Belongings:
    return Draw(forge, catalog, membership).everything()


class Draw:
    """Fills one account's bags. The same seed and catalog fill them the same way."""

    def __init__(self, forge: Forge, catalog: Catalog, membership: Membership) -> None:
        self.catalog, self.membership, self.forge = catalog, membership, forge
        self.holdings = membership.holdings
        self.rng: random.Random = forge.rng("belongings", membership.id)
        base = 6917529000000000000 + int(membership.id) % 10**6 * 10**6
        self.instances = count(base + 1)

    def everything(self) -> Belongings:
        owned = Belongings(buckets=self.catalog.rooms.buckets)
        for number, (class_type, race, gender) in enumerate(self.holdings.characters):
            character = self.character(number, class_type, race, gender)
            owned.characters.append(character)
            owned.items += self.wardrobe(character) + self.errands(character) + self.lost(character, number)
        owned.items += self.vault() + self.stacks() + self.oddities()
        owned.items += self.currencies() if owned.characters else []
        for character in owned.characters[:2]:
            owned.loadouts[character.id] = self.outfits(owned, character)
        return owned

    def outfits(self, owned: Belongings, character: Character) -> list[Loadout]:
        """Two filled slots: what the character wears, and another of each weapon with the rest."""
        rng = self.forge.rng("loadouts", character.id)
        worn = [item for item in owned.worn(character.id) if item.home in LOADOUT_BUCKETS]
        spare = [
            next((other for other in owned.bag(item.home, character.id) if plainer(other)), item)
            if item.home in facts.WEAPON_BUCKETS
            else item
            for item in worn
        ]
        filled = [
            Loadout(self.look(rng), {item.instance_id or "": item.plugs for item in one}) for one in (worn, spare)
        ]
        return filled + [EMPTY_LOADOUT] * (LOADOUT_SLOTS - len(filled))

    def look(self, rng: random.Random) -> dict[str, int]:
        return {part: rng.choice(hashes) for part, hashes in self.catalog.rooms.looks.items() if hashes}

    def character(self, number: int, class_type: int, race: int, gender: int) -> Character:
        emblems = self.catalog.sample(self.rng, facts.EMBLEM, 1)
        key = str(2305843009000000000 + int(self.membership.id) % 10**6 * 100 + number + 1)
        minutes = self.rng.randrange(300, 90000)
        return Character(key, class_type, race, gender, minutes, emblems[0] if emblems else None, number * 31 + 1)

    def item(self, kind: Kind, bucket: int = 0, owner: str = "", quantity: int = 1) -> Item:
        gear = kind.type in (facts.WEAPON_TYPE, facts.ARMOR_TYPE)
        item = Item(
            kind.hash,
            kind.bucket,
            bucket or kind.bucket,
            owner,
            str(next(self.instances)) if kind.instanced else None,
            quantity,
            self.state(kind),
            self.rng.randrange(1930, 2011) if gear else 0,
            kind=kind,
        )
        if kind.instanced:
            roll(item, self.catalog.numbers, self.rng)
        return item

    def state(self, kind: Kind) -> int:
        if kind.type not in (facts.WEAPON_TYPE, facts.ARMOR_TYPE):
            return 0
        crafted = kind.type == facts.WEAPON_TYPE and self.rng.random() < 0.07
        locked = self.rng.random() < 0.35
        return (LOCKED * locked) | (MASTERWORK * (self.rng.random() < 0.15)) | (CRAFTED * crafted)

    def wardrobe(self, character: Character) -> list[Item]:
        """Everything in the character's slots: one thing worn in each, with at most one exotic weapon and armor."""
        items = []
        exotic_slots = {self.rng.choice(facts.WEAPON_BUCKETS), self.rng.choice(facts.ARMOR_BUCKETS[:4])}
        for bucket in facts.EQUIPPED:
            amount = 1 + (self.rng.randint(0, self.holdings.per_bucket) if bucket in CARRIED else 0)
            kinds = self.catalog.sample(self.rng, bucket, min(amount, 10), character.class_type)
            if bucket == facts.EMBLEM and character.emblem:
                kinds = [character.emblem, *(kind for kind in kinds if kind is not character.emblem)]
            carried = [self.item(kind, owner=character.id) for kind in kinds]
            self.wear(carried, bucket in exotic_slots)
            items += carried
        return items

    def wear(self, carried: list[Item], exotic_allowed: bool) -> None:
        wearable = [item for item in carried if exotic_allowed or item.kind is None or item.kind.tier < facts.EXOTIC]
        gear = carried and carried[0].home in (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS)
        for item in (wearable if gear else carried)[:1] or carried[:1]:
            item.equipped = True

    def errands(self, character: Character) -> list[Item]:
        if not self.holdings.per_bucket:
            return []
        quests = self.catalog.sample(self.rng, facts.QUESTS, self.rng.randint(2, 12))
        engrams = self.catalog.sample(self.rng, facts.ENGRAMS, self.rng.randint(0, 3))
        items = [self.item(kind, owner=character.id) for kind in (*quests, *engrams)]
        for item in items[:1]:
            item.state |= TRACKED
        return items

    def lost(self, character: Character, number: int) -> list[Item]:
        amount = self.holdings.postmaster[number] if number < len(self.holdings.postmaster) else 0
        kinds = self.gear(amount * 2 // 3, character.class_type)
        kinds += self.catalog.sample(self.rng, facts.CONSUMABLES, amount - len(kinds))
        kinds += self.gear(amount - len(kinds), character.class_type)
        return [self.item(kind, facts.POSTMASTER, character.id, self.stack_size(kind)) for kind in kinds[:21]]

    def gear(self, amount: int, class_type: int = facts.ANY_CLASS) -> list[Kind]:
        kinds: list[Kind] = []
        for _ in range(amount):
            kinds += self.catalog.sample(self.rng, self.rng.choice(VAULTED), 1, class_type)
        return kinds

    def vault(self) -> list[Item]:
        movable = [kind for kind in self.gear(self.holdings.vault) if kind.movable]
        return [self.item(kind, facts.VAULT) for kind in movable]

    def stacks(self) -> list[Item]:
        kinds = self.catalog.sample(self.rng, facts.CONSUMABLES, min(self.holdings.stacks, 45))
        kinds += self.catalog.sample(self.rng, facts.MODIFICATIONS, min(self.holdings.stacks // 3, 45))
        return [self.item(kind, quantity=self.stack_size(kind)) for kind in kinds]

    def stack_size(self, kind: Kind) -> int:
        return 1 if kind.instanced else self.rng.randint(1, max(1, min(kind.stack, 999)))

    def currencies(self) -> list[Item]:
        held = [(facts.GLIMMER, facts.GLIMMER_BUCKET), (facts.BRIGHT_DUST, facts.BRIGHT_DUST_BUCKET)]
        return [
            Item(key, bucket, bucket, quantity=self.rng.randrange(500, 250000), kind=self.catalog.by_hash.get(key))
            for key, bucket in held
        ]

    def oddities(self) -> list[Item]:
        """What the Manifest keeps secret, has not heard of yet, or names in a way that breaks pages."""
        secret = [self.item(kind, facts.VAULT) for kind in self.catalog.classified[: self.holdings.classified]]
        unknown = [
            Item(
                self.forge.hash("unknown", self.membership.id, number), facts.KINETIC, facts.VAULT,
                instance_id=str(next(self.instances)), power=1900,
            )
            for number in range(self.holdings.unknown)
        ]  # fmt: skip
        return secret + unknown + (self.hostile() if self.holdings.hostile else [])

    def hostile(self) -> list[Item]:
        kinds = [self.catalog.by_hash.get(key) for key in hostile_hashes(self.forge)]
        return [self.item(kind, facts.VAULT) for kind in kinds if kind]
