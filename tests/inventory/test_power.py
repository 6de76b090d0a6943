from destinyvault.bungie.enums import Bucket
from inventory.power import ARMOR, WEAPONS, best_power, gear
from inventory.profile import parse_profile
from inventory.vault import build_vault

from .made import HUNTER, MELEE, POWER, TITAN, WORDS, character, item, power, reply, summary

HUNTERS, TITANS, ANYBODYS = 1, 0, 3
LEGENDARY, EXOTIC = 5, 6
SLOTS = (*WEAPONS, *ARMOR)


class Arsenal:
    """Items given as (slot, power), with what the tests vary; each is a definition of its own."""

    def __init__(self):
        self.vault, self.worn, self.instances, self.summaries = [], [], {}, {}

    def add(self, slot, value, tier=LEGENDARY, class_type=ANYBODYS, worn=False, at=Bucket.GENERAL):
        number = len(self.summaries) + 1
        self.summaries[number] = summary(number, f"Item {number}", slot, tier=tier, class_type=class_type)
        self.instances[str(number)] = power(value)
        (self.worn if worn else self.vault).append(item(number, slot if worn else at, number))
        return self

    def full(self, value, **more):
        for slot in SLOTS:
            self.add(slot, value, **more)
        return self

    def best(self, shown=0, guardian=HUNTER):
        people = [{**character(HUNTER), "light": shown}, character(TITAN, 3655393761)]
        sent = reply(self.vault, worn=self.worn, instances=self.instances, characters=people)
        built = build_vault(parse_profile(sent), self.summaries, WORDS)
        return next(each.best_power for each in built.characters if each.id == guardian)


def test_the_best_of_each_slot_counts_wherever_it_lies():
    assert Arsenal().full(100).add(Bucket.HELMET, 180).add(Bucket.KINETIC_WEAPONS, 90).best() == 110
    assert Arsenal().full(100).add(Bucket.HELMET, 180, at=Bucket.LOST_ITEMS).best() == 110


def test_it_is_rounded_down_as_the_game_does():
    assert Arsenal().full(100).add(Bucket.HELMET, 107).best() == 100


def test_armor_of_another_class_does_not_count():
    arsenal = Arsenal().full(100).add(Bucket.HELMET, 180, class_type=TITANS)
    assert (arsenal.best(), arsenal.best(guardian=TITAN)) == (100, 110)


def test_one_exotic_weapon_and_one_piece_of_exotic_armor_are_worn_at_most():
    arsenal = Arsenal().full(100)
    for slot, value in zip(SLOTS, (180, 172, 100, 180, 172, 164, 100, 100), strict=True):
        arsenal.add(slot, value, tier=EXOTIC)
    assert arsenal.best() == 100 + (80 + 80) // 8


def test_an_exotic_is_left_where_another_one_gains_more():
    arsenal = Arsenal().full(100).add(Bucket.KINETIC_WEAPONS, 180, tier=EXOTIC).add(Bucket.KINETIC_WEAPONS, 172)
    assert arsenal.best() == 110
    assert arsenal.add(Bucket.ENERGY_WEAPONS, 180, tier=EXOTIC).best() == 100 + (72 + 80) // 8


def test_without_something_for_each_slot_nothing_is_told():
    arsenal = Arsenal()
    for slot in SLOTS[:-1]:
        arsenal.add(slot, 100)
    assert arsenal.best() == 0
    assert Arsenal().best() == 0


def test_what_bungie_adds_to_what_is_worn_is_added_to_the_best_as_well():
    arsenal = Arsenal().full(100, worn=True).add(Bucket.HELMET, 180)
    assert (arsenal.best(shown=107), arsenal.best(shown=100), arsenal.best(shown=90)) == (117, 110, 110)


def test_no_bonus_is_made_up_for_a_character_of_whom_too_little_is_known():
    assert Arsenal().full(100).add(Bucket.HELMET, 100, worn=True).best(shown=500) == 100
    assert best_power(gear([]), HUNTER, HUNTERS, 500) == 0


def test_a_character_has_its_stats_in_the_order_of_the_game():
    people = [{**character(HUNTER), "stats": {str(MELEE): 40, "392767087": "30", str(POWER): 1800, "5": 1, "x": 2}}]
    (guardian,) = build_vault(parse_profile(reply(characters=people)), {}, WORDS).characters
    assert [(stat.name, stat.value) for stat in guardian.stats] == [("Health", 30), ("Melee", 40)]
