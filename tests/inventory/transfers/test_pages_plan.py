"""Plans, and why not, as players read them: the rule that stops it, one line for many, what an undo leaves."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def character(mover):
    return mover.characters[0]


def ask(mover, **form):
    return mover.browser.post("/transfers/", {"key": "click", **form})


def main(response):
    return response.text.split("<main")[1].split("<footer")[0]


def worn(mover, character):
    return mover.item(home=facts.KINETIC, owner=character, equipped=True)


def test_the_rule_that_stops_a_move_is_named_and_may_be_lifted_once(mover, character):
    item = worn(mover, character)
    asked = {"do": "move vault", "items": item["instance_id"]}
    refused = ask(mover, move_others="no", **asked)
    assert refused.status_code == 409
    assert "but other items are not to be moved" in main(refused)
    assert "It was asked for without moving other items." in main(refused)
    assert 'name="move_others" value="yes"' in main(refused)
    plan = ask(mover, move_others="yes", **asked)
    assert "Other items that are moved" in plan.text
    preferences = mover.player.preferences
    preferences.move_others = False
    preferences.save()
    assert "“Moving other items aside: Never” is your rule" in main(ask(mover, **asked))


def test_what_is_worn_is_taken_off_and_told_so(mover, character):
    item = worn(mover, character)
    html = mover.browser.get(f"/items/{item['instance_id']}/").text
    assert f'value="move {character}">Take off</button>' in html
    assert html.count(f'value="move {character}"') == 1
    plan = ask(mover, do=f"move {character}", items=item["instance_id"])
    assert "Take off " in main(plan)


def test_many_that_cannot_be_moved_for_one_reason_are_one_line(mover, character):
    mover.play("fill", where="vault")
    mover.know()
    carried = mover.items(owner=character, place="character", equipped=False)
    items = [each for each in carried if each["home"] in facts.WEAPON_BUCKETS]
    assert len(items) > 2
    told = main(ask(mover, do="move vault", items=[each["instance_id"] for each in items], move_others="no"))
    assert told.count("<li>") == 1
    assert f"and {len(items) - 1} others" in told


def test_of_two_items_of_one_name_the_power_is_told(mover, character, site):
    item = next(each for each in mover.items(owner=character, home=facts.KINETIC) if not each["equipped"])
    assert "power)" not in main(mover.browser.get(f"/transfers/{mover.move(item, 'vault').pk}/"))
    mover.play("add", hash=item["hash"], to="vault")
    mover.know()
    assert "power)</span>" in main(mover.browser.get(f"/transfers/{Transfer.objects.latest('pk').pk}/"))


def test_the_plan_of_collecting_lists_what_is_pulled(mover, character):
    for bucket in facts.WEAPON_BUCKETS:
        mover.play("fill", where=bucket, character=character)
    mover.know()
    plan = main(ask(mover, do=f"collect {character}"))
    assert "postmaster → " in plan.split("What is moved as asked for")[1].split("</ul>")[0]


def test_making_room_is_told_as_what_it_is_whatever_the_rule(mover, character):
    for bucket in (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS):
        mover.play("fill", where=bucket, character=character)
    mover.know()
    asked = {"do": f"room {character}", "move_others": "no"}
    assert "these move though your rule is never to" in main(ask(mover, **asked))
    ask(mover, confirmed="on", **asked)
    assert "without moving other items" not in main(mover.browser.get(f"/transfers/{Transfer.objects.get().pk}/"))


def test_the_plan_of_an_undo_says_what_stays(mover, character):
    mover.play("fill", where=facts.KINETIC, character=character)
    mover.know()
    item = mover.item(place="vault", home=facts.KINETIC)
    job = mover.move(item, character)
    assert mover.steps(job, why="room")
    plan = main(mover.browser.post(f"/transfers/{job.pk}/undo/"))
    assert "Not moved back: " in plan
    assert "stays where it is now" in plan


def test_the_plan_of_wearing_several_names_each(mover, character):
    job = mover.wish("equip", *(mover.equipped(each, character) for each in _one_of_each_bucket(mover, character)))
    plan = main(mover.browser.post(f"/transfers/{job.pk}/undo/"))
    assert plan.count("<small>equip on ") == len(job.wants) > 1
    assert "items on" not in plan


def _one_of_each_bucket(mover, character):
    carried = mover.items(owner=character, place="character", equipped=False)
    rare = [each for each in carried if mover.site.sandbox.catalog.by_hash[each["hash"]].tier < facts.EXOTIC]
    found = {each["home"]: each for each in rare if each["home"] in facts.WEAPON_BUCKETS}
    return list(found.values())[:2]


def test_all_characters_are_meant_by_what_they_share(mover):
    stack = mover.plain_stack(6)
    mover.play("move", hash=stack["hash"], quantity=2, to=mover.characters[0])
    mover.know()
    html = mover.browser.get(f"/items/stack/{stack['hash']}/").text
    assert ">Your characters</button>" in html
    assert 'max="4"' in html
