"""Make room, as the page has it: what leaves is shown before it does, and room that is there is no error."""

import pytest

from destinyvault.sandbox import facts
from inventory.transfers.models import Transfer

pytestmark = pytest.mark.django_db
GEAR = (*facts.WEAPON_BUCKETS, *facts.ARMOR_BUCKETS)


@pytest.fixture
def character(mover):
    return mover.characters[0]


def ask(mover, character, **more):
    return mover.browser.post("/transfers/", {"do": f"room {character}", "key": "click", **more})


def test_what_leaves_to_make_room_is_shown_before_it_does(mover, character):
    for bucket in GEAR:
        mover.play("fill", where=bucket, character=character)
    mover.know()
    plan = ask(mover, character)
    assert plan.status_code == 200
    assert "Before anything moves" in plan.text
    shown = plan.text.split("What makes room")[1].split("</ul>")[0]
    assert shown.count("<li>") == shown.count("→ the vault") >= 1
    assert not Transfer.objects.exists()
    assert ask(mover, character, confirmed="on", move_others="yes").status_code == 302
    assert Transfer.objects.get().steps.count() == shown.count("<li>")


def test_room_that_is_there_is_a_calm_sentence(mover, character):
    for bucket in GEAR:
        there = mover.items(bucket=bucket, owner=character)
        for item in [each for each in there if not each["equipped"]][:8]:
            mover.play("move", item=item["instance_id"], to="vault")
    mover.know()
    response = ask(mover, character)
    assert response.status_code == 409
    told = response.text.split("<main")[1].split("</main")[0]
    assert "Nothing has to be done: there is room already." in told
    assert "Nothing was moved" not in told
    assert 'role="alert"' not in told
    assert not Transfer.objects.exists()
