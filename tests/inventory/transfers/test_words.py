"""What a job says of Bungie's refusals: true of its steps whatever came next, and of the wishes at the end."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers import naming, refusing
from inventory.transfers.models import Status, StepStatus
from inventory.transfers.naming import Names
from inventory.transfers.steps import Plan, PlannedStep, StepKind, Why

pytestmark = pytest.mark.django_db
NO_ROOM, WORN, NOT_UNIQUE = 1642, 1656, 1648


@pytest.fixture
def armor(mover):
    """Two pieces that the first character may wear together, on it."""
    kinds = mover.site.sandbox.catalog.by_hash
    mine = mover.site.account(mover.guardian).owned.characters[0].class_type
    found = {}
    for each in mover.items():
        kind = kinds.get(each["hash"])
        may_wear = kind and kind.class_type in (mine, facts.ANY_CLASS) and kind.equippable and not kind.equip_label
        if may_wear and each["home"] in facts.ARMOR_BUCKETS and each["place"] == "vault":
            found.setdefault(each["home"], each)
    two = list(found.values())[:2]
    mover.wish("move", *(mover.moved(each, mover.characters[0]) for each in two))
    mover.know()
    mover.orders.clear_actions()
    return two


def page(mover, job):
    return mover.browser.get(f"/transfers/{job.pk}/").text.split("<main")[1]


def test_the_lock_of_what_moves_aside_belongs_to_it_and_not_to_what_was_asked_for():
    steps = (
        PlannedStep(StepKind.TO_VAULT, 0, Why.ROOM, "1", 5, "c"),
        PlannedStep(StepKind.TO_CHARACTER, 0, Why.WANTED, "2", 6, "c"),
        PlannedStep(StepKind.UNLOCK, 0, Why.SAME_LOCK, "1", 5, "c"),
    )
    names = Names(None, {}, {}, {"c": "Hunter", "vault": "the vault"}, frozenset())
    assert [line.does for line in naming.wanted_moves(Plan(steps), names)] == ["the vault → Hunter"]
    assert [line.does for line in naming.other_moves(Plan(steps), names)] == ["Hunter → the vault"]


def test_two_of_one_name_are_told_apart():
    assert refusing.would_wear_others("Chroma Rush", "Chroma Rush").message.startswith("Another Chroma Rush would")


@pytest.mark.parametrize(("code", "vain"), [(NO_ROOM, "none could be made"), (WORN, "could not be taken off")])
def test_a_step_that_was_refused_tells_nothing_untrue_once_the_next_try_went_well(mover, weapon, code, vain):
    mover.orders.fault("TransferItem", error_code=code, times=1)
    job = mover.move(weapon, mover.characters[0])
    assert job.status == Status.DONE
    assert mover.steps(job, status=StepStatus.FAILED)
    assert vain not in page(mover, job)


def test_a_wish_that_was_given_up_for_want_of_room_says_that_none_could_be_made(mover, weapon):
    mover.orders.fault("TransferItem", error_code=NO_ROOM)
    job = mover.move(weapon, mover.characters[0])
    assert job.status == Status.FAILED
    assert "there is no room for it, and none could be made" in job.message


def test_1648_of_one_of_two_pieces_of_armor_is_told_as_what_can_be_worn(mover, armor):
    one = mover.characters[0]
    first, second = (each["instance_id"] for each in armor)
    statuses = {first: 1, second: NOT_UNIQUE}
    results = [{"itemInstanceId": each, "equipStatus": status} for each, status in statuses.items()]
    mover.orders.fault("EquipItems", error_code=1, http_status=200, response={"equipResults": results}, times=1)
    job = mover.wish("equip", *(mover.equipped(each, one) for each in armor))
    assert (job.status, [each["want"] for each in job.refusals]) == (Status.DONE, [1])
    assert "only one such item can be worn at a time" in job.refusals[0]["message"]
    (step,) = mover.steps(job)
    assert step.outcomes == statuses
    told = page(mover, job)
    assert told.count("only one such item can be worn at a time") >= 2
    assert "only one can be there" not in told


def test_1648_of_a_single_piece_of_armor_ends_its_wish_with_the_same_words(mover, armor):
    mover.orders.fault("EquipItem", error_code=NOT_UNIQUE, times=1)
    job = mover.wish("equip", mover.equipped(armor[0], mover.characters[0]))
    assert job.status == Status.FAILED
    assert "only one such item can be worn at a time" in job.message


def test_1648_of_a_stack_is_told_as_what_can_lie_in_one_place(mover, weapon):
    mover.orders.fault("TransferItem", error_code=NOT_UNIQUE, times=1)
    job = mover.move(weapon, mover.characters[0])
    assert "there is one already, and only one can be there" in job.message
