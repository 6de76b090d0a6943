"""Why there is no way, as programs are told: 409 with the reason, and nothing is queued."""

import pytest
from django_q.models import OrmQ

from destinyvault.sandbox import facts
from inventory.transfers.models import Transfer
from tests.inventory.guardians import COLLECTOR

from .programs import fits, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site, mover):
    return program(site, mover.guardian)


def no_way(owner, code, *words, **wish):
    """The preview says the same."""
    for query in ("?preview=1", ""):
        response = owner.ask(query=query, **wish)
        assert response.status_code == 409, response.content
        error = response.json()["error"]
        assert error["code"] == code, error
        for word in words:
            assert word in error["message"]
    assert not Transfer.objects.exists()
    assert not [each for each in OrmQ.objects.all() if "transfers" in each.func()]


def test_an_item_that_nobody_has_is_gone(owner, mover):
    no_way(owner, "gone", "not among yours", item_id="6917529999999999999", to=mover.characters[0])
    no_way(owner, "gone", item_hash=4294967295, to="vault")


def test_an_item_is_not_moved_from_where_it_is_not(owner, mover):
    weapon, (one, other) = mover.item(place="vault", home=facts.KINETIC), mover.characters[:2]
    wish = {"item_id": weapon["instance_id"], "to": one}
    no_way(owner, "elsewhere", weapon["instance_id"], "is in “vault”", f"not in “{other}”", source=other, **wish)
    assert owner.ask(query="?preview=1", source="vault", **wish).status_code == 200
    lost = mover.play("add", hash=weapon["hash"], to="postmaster", character=one)[0]["instance_id"]
    mover.know()
    assert owner.ask(query="?preview=1", item_id=lost, source=one, to="vault").status_code == 200


def test_a_single_item_cannot_be_put_together(owner, mover):
    weapon = mover.item(place="vault", home=facts.KINETIC)
    wish = {"action": "consolidate", "item_id": weapon["instance_id"], "to": "vault"}
    no_way(owner, "not_a_stack", "is a single item: only stacks can be put together", **wish)


def test_an_item_of_somebody_else_is_gone(owner, mover, site):
    others = site.account(COLLECTOR).owned.items
    item = next(each.instance_id for each in others if each.instance_id)
    no_way(owner, "gone", "not among yours", item_id=item, to=mover.characters[0])


def test_an_item_that_was_dismantled_is_gone(owner, mover):
    weapon = mover.item(place="vault", home=facts.KINETIC)
    mover.play("lock", item=weapon["instance_id"], state=False)
    mover.play("dismantle", item=weapon["instance_id"])
    mover.know()
    no_way(owner, "gone", item_id=weapon["instance_id"], to=mover.characters[0])


def test_what_is_there_already_needs_nothing(owner, mover):
    weapon = mover.item(place="vault", home=facts.KINETIC)
    no_way(owner, "already_there", "there already", item_id=weapon["instance_id"], to="vault")


def test_what_is_as_it_was_asked_for_says_how_it_is(owner, mover):
    weapon = next(each for each in mover.items(place="character", equipped=False) if each["home"] == facts.KINETIC)
    mover.play("lock", item=weapon["instance_id"], state=True)
    mover.know()
    no_way(owner, "already_there", "it is locked already", action="lock", item_id=weapon["instance_id"])
    no_way(owner, "already_there", "its character has it already", action="pull", item_id=weapon["instance_id"])
    stack = mover.plain_stack(3)
    wish = {"action": "consolidate", "item_hash": stack["hash"], "to": "vault"}
    no_way(owner, "already_there", "all of it is there already", **wish)


def test_what_the_game_does_not_move_stays(owner, mover, site):
    fixed = next(each for each in site.account(mover.guardian).owned.items if each.instance_id and not each.movable)
    no_way(owner, "not_transferable", "cannot be moved", item_id=fixed.instance_id, to="vault")


def test_a_full_bucket_without_leave_to_move_others_has_no_way(owner, mover):
    weapon, one = mover.item(place="vault", home=facts.KINETIC), mover.characters[0]
    mover.play("fill", where=facts.KINETIC, character=one)
    mover.know()
    wish = {"item_id": weapon["instance_id"], "to": one}
    no_way(owner, "moves_others", "would have to move aside", move_others=False, **wish)
    steps = owner.ask(query="?preview=1", move_others=True, **wish).json()["steps"]
    assert [(step["why"], step["moves_other"]) for step in steps] == [("room", True), ("wanted", False)]


def test_without_a_free_place_anywhere_there_is_no_room(owner, mover):
    weapon = mover.item(place="vault", home=facts.KINETIC)
    for character in mover.characters:
        for bucket in (*facts.WORN, facts.CONSUMABLES, facts.MODIFICATIONS):
            mover.play("fill", where=bucket, character=character)
    mover.play("fill", where="vault")
    mover.know()
    no_way(owner, "no_room", "There is no room for", item_id=weapon["instance_id"], to=mover.characters[0])


def test_a_store_that_has_its_one_stack_takes_no_second(owner, mover, site):
    kinds = site.sandbox.catalog.by_bucket[facts.CONSUMABLES]
    there = {each["hash"] for each in mover.items()}
    kind = next(each for each in kinds if each.movable and each.stack_label and each.hash not in there)
    mover.play("add", hash=kind.hash, quantity=kind.stack, to=mover.characters[0])
    mover.play("add", hash=kind.hash, quantity=1, to="vault")
    mover.know()
    wish = {"item_hash": kind.hash, "source": "vault", "to": mover.characters[0]}
    no_way(owner, "unique_stack", "your stack in Consumables has no room for it", **wish)


def test_of_two_exotic_pieces_of_armor_only_one_is_put_on(owner, mover, site):
    kinds = site.sandbox.catalog.by_hash
    mine = site.account(mover.guardian).owned.characters[0]
    exotics = {
        kind.bucket: kind.hash
        for kind in kinds.values()
        if kind.equip_label and kind.bucket in facts.ARMOR_BUCKETS and kind.class_type == mine.class_type
    }
    two = [mover.play("add", hash=each, to="vault")[0]["instance_id"] for each in list(exotics.values())[:2]]
    mover.know()
    items = [{"item_id": each} for each in two]
    told = owner.ask(query="?preview=1", items=items, to=mine.id, equip=True).json()
    assert [(each["want"], each["code"]) for each in told["refusals"]] == [(1, "one_exotic")]
    assert "stays off: both are exotic" in told["refusals"][0]["message"]
    assert [step["kind"] for step in told["steps"] if step["item_id"] == two[1]] == []


def test_armor_of_another_class_cannot_be_worn(owner, mover, site):
    owned = site.account(mover.guardian).owned
    one, other = owned.characters[:2]
    armor = next(
        each for each in owned.items if each.owner == one.id and each.home in facts.ARMOR_BUCKETS and each.instance_id
    )
    no_way(owner, "other_class", "another class", item_id=armor.instance_id, to=other.id, equip=True)


def test_more_than_there_is_cannot_be_moved(owner, mover):
    stack = mover.plain_stack(3)
    wish = {"item_hash": stack["hash"], "to": mover.characters[0], "source": "vault"}
    no_way(owner, "bad_quantity", "there are 3", quantity=4, **wish)


def test_a_stack_that_lies_at_the_postmaster_alone_is_not_there_already(owner, mover):
    stack = mover.plain_stack(5, to="postmaster")
    for action in ("move", "consolidate"):
        words = ("is at the postmaster of your", "name that character as the source")
        no_way(owner, "at_postmaster", *words, action=action, item_hash=stack["hash"], to="vault")
    wish = {"item_hash": stack["hash"], "source": mover.characters[0], "to": "vault"}
    assert [step["kind"] for step in owner.ask(query="?preview=1", **wish).json()["steps"]] == ["pull", "to_vault"]


def test_a_stack_that_lies_at_the_postmaster_alone_is_not_done_beside_another_wish(owner, mover):
    stack = mover.plain_stack(5, to="postmaster")
    weapon = mover.item(place="vault", home=facts.KINETIC)
    items = [{"item_hash": stack["hash"]}, {"item_id": weapon["instance_id"]}]
    told = owner.ask(items=items, to=mover.characters[0]).json()
    assert [(each["want"], each["code"]) for each in told["refusals"]] == [(0, "at_postmaster")]
    job = mover.until_it_ends(Transfer.objects.get())
    assert job.message.startswith("1 of 2 are done; 1 could not be. ")
    assert "at the postmaster of your" in job.message


def test_of_several_those_that_can_be_moved_are(owner, mover, client):
    weapon, one = mover.item(place="vault", home=facts.KINETIC), mover.characters[0]
    items = [{"item_id": "6917529999999999999"}, {"item_id": weapon["instance_id"]}]
    response = owner.ask(items=items, to=one)
    assert response.status_code == 202
    told = response.json()
    assert [(each["want"], each["code"]) for each in told["refusals"]] == [(0, "gone")]
    assert [(each["want"], each["item_id"]) for each in told["steps"]] == [(1, weapon["instance_id"])]
    fits(client, response, "post")


def test_the_reason_is_as_the_document_has_it(owner, mover, client):
    response = owner.ask(item_id="6917529999999999999", to=mover.characters[0])
    assert response.status_code == 409
    fits(client, response, "post")
