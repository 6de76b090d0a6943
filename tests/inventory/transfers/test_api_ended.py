"""Cancel, retry and undo, as programs ask for them."""

import pytest
from django.utils import timezone

from destinyvault.sandbox import facts
from inventory.transfers.models import Status, Transfer

from .programs import ADDRESS, fits, program

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "click"}


@pytest.fixture
def owner(site, mover):
    return program(site, mover.guardian)


@pytest.fixture
def queued(owner, mover, weapon):
    return owner.ask(item_id=weapon["instance_id"], to=mover.characters[0]).json()["id"]


@pytest.fixture
def done(mover, queued):
    assert mover.until_it_ends(Transfer.objects.get(pk=queued)).status == Status.DONE
    return queued


def test_a_cancelled_job_says_where_its_item_is(owner, mover, queued, weapon, client):
    Transfer.objects.get().steps.update(message="Waiting for Bungie's maintenance to end.")
    response = owner.do(queued, "cancel")
    assert response.status_code == 202
    told = response.json()
    assert told["status"] == "cancelled"
    assert "in the vault" in told["message"]
    assert [step["status"] for step in told["steps"]] == ["skipped"]
    assert "Waiting" not in told["steps"][0]["message"], "for nothing any more"
    assert mover.place(weapon) == "vault"
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/cancel")


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.CANCELLED])
def test_what_has_ended_cannot_be_cancelled(owner, queued, status, client):
    Transfer.objects.update(status=status)
    response = owner.do(queued, "cancel")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "ended"
    assert Transfer.objects.get().status == status
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/cancel")


def test_a_retry_is_a_new_job_for_what_was_left(owner, mover, queued, weapon, client):
    owner.do(queued, "cancel")
    response = owner.do(queued, "retry")
    assert response.status_code == 202
    told = response.json()
    assert told["id"] != queued
    assert (told["retries"], told["status"]) == (queued, "queued")
    assert response["Location"] == f"{ADDRESS}/{told['id']}"
    mover.until_it_ends(Transfer.objects.get(pk=told["id"]))
    assert mover.place(weapon) == mover.characters[0]
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/retry")


def test_the_plan_of_a_retry_is_shown_and_nothing_is_stored(owner, mover, queued, weapon, client):
    assert owner.do(queued, "retry", "?preview=1").json()["error"]["code"] == "goes_on"
    owner.do(queued, "cancel")
    response = owner.do(queued, "retry", "?preview=1")
    assert response.status_code == 200
    told = response.json()
    assert (told["id"], told["status"], told["action"], told["retries"]) == (None, "planned", "move", queued)
    assert [(step["kind"], step["item_id"]) for step in told["steps"]] == [("to_character", weapon["instance_id"])]
    assert Transfer.objects.count() == 1
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/retry")
    again = owner.do(queued, "retry").json()["id"]
    preview = owner.do(queued, "retry", "?preview=1")
    assert (preview.status_code, preview.json()["error"]["code"]) == (409, "retried")
    assert f"transfer {again}" in preview.json()["error"]["message"]


def test_nothing_is_left_of_a_job_that_did_all(owner, done):
    response = owner.do(done, "retry")
    assert response.status_code == 409
    assert response.json()["error"]["message"]
    assert Transfer.objects.count() == 1


def test_what_was_done_and_undone_is_done_again(owner, mover, done, weapon):
    mover.until_it_ends(Transfer.objects.get(pk=owner.do(done, "undo").json()["id"]))
    assert mover.place(weapon) == "vault"
    mover.until_it_ends(Transfer.objects.get(pk=owner.do(done, "retry").json()["id"]))
    assert mover.place(weapon) == mover.characters[0]


def test_of_a_stack_as_much_is_moved_again_as_was_undone(owner, mover):
    stack = mover.plain_stack(9)
    wish = {"item_hash": stack["hash"], "quantity": 4, "source": "vault", "to": mover.characters[0]}
    done = owner.ask(**wish).json()["id"]
    mover.until_it_ends(Transfer.objects.get(pk=done))
    for way, there in (("undo", {"vault": 9}), ("retry", {"vault": 5, "account": 4})):
        mover.until_it_ends(Transfer.objects.get(pk=owner.do(done, way).json()["id"]))
        assert mover.amounts(stack) == there


def test_the_plan_of_an_undo_is_shown_and_nothing_is_stored(owner, mover, done, weapon, client):
    response = owner.do(done, "undo", "?preview=1")
    assert response.status_code == 200
    told = response.json()
    assert (told["id"], told["status"], told["action"], told["undoes"]) == (None, "planned", "undo", done)
    assert [(step["kind"], step["item_id"]) for step in told["steps"]] == [("to_vault", weapon["instance_id"])]
    assert Transfer.objects.count() == 1
    assert mover.place(weapon) == mover.characters[0]
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/undo")


def test_an_undo_brings_back_what_was_moved(owner, mover, done, weapon, client):
    response = owner.do(done, "undo")
    assert response.status_code == 202
    told = response.json()
    assert (told["action"], told["undoes"]) == ("undo", done)
    mover.until_it_ends(Transfer.objects.get(pk=told["id"]))
    assert mover.place(weapon) == "vault"
    fits(client, response, "post", f"{ADDRESS}/{{transfer_id}}/undo")


def test_the_same_key_twice_is_one_retry_also_when_it_is_done(owner, mover, queued, weapon):
    owner.do(queued, "cancel")
    first = owner.do(queued, "retry", headers=KEY).json()["id"]
    mover.until_it_ends(Transfer.objects.get(pk=first))
    again = owner.do(queued, "retry", headers=KEY)
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (202, first, "done")
    assert Transfer.objects.count() == 2


def test_the_same_key_twice_is_one_undo_also_when_it_is_done(owner, mover, done, weapon):
    first = owner.do(done, "undo", headers=KEY).json()["id"]
    mover.until_it_ends(Transfer.objects.get(pk=first))
    mover.move(weapon, mover.characters[0])
    again = owner.do(done, "undo", headers=KEY)
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (202, first, "done")
    assert mover.place(weapon) == mover.characters[0]


def test_a_key_that_came_with_something_else_is_a_conflict(owner, mover, done, weapon, client):
    """Whichever of the three came first."""
    undo = owner.do(done, "undo", headers=KEY).json()["id"]
    answers = [owner.do(done, "retry", headers=KEY), owner.do(undo, "retry", headers=KEY)]
    Transfer.objects.filter(pk=undo).update(status=Status.DONE)
    answers += [owner.do(undo, "undo", headers=KEY), owner.do(undo, "retry", headers=KEY)]
    answers.append(owner.ask(headers=KEY, item_id=weapon["instance_id"], to="vault"))
    codes = [answer.json()["error"]["code"] for answer in answers]
    assert codes == ["key_used"] * 5
    assert f"transfer {undo}" in answers[0].json()["error"]["message"]
    assert Transfer.objects.count() == 2
    fits(client, answers[0], "post", f"{ADDRESS}/{{transfer_id}}/retry")


@pytest.mark.parametrize("action", ["collect", "pull"])
def test_a_key_that_came_with_the_postmaster_of_another_character_is_a_conflict(owner, mover, action):
    one, other = mover.characters[:2]
    stack = mover.plain_stack(3, to="postmaster")
    mover.play("add", hash=stack["hash"], quantity=3, to="postmaster", character=other)
    mover.know()
    ways = {each: {"item_hash": stack["hash"], "source": each} for each in (one, other)}
    if action == "collect":
        ways = {each: {"to": each} for each in (one, other)}
    first, second, again = (owner.ask(headers=KEY, action=action, **ways[each]) for each in (one, other, one))
    assert (first.status_code, second.status_code, again.status_code) == (202, 409, 202)
    assert second.json()["error"]["code"] == "key_used"
    assert again.json()["id"] == first.json()["id"]


def test_a_key_of_a_retry_does_not_pass_for_one_of_the_same_wish(owner, mover, queued, weapon):
    owner.do(queued, "cancel")
    owner.do(queued, "retry", headers=KEY)
    answer = owner.ask(headers=KEY, item_id=weapon["instance_id"], to=mover.characters[0])
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "key_used")


def test_nothing_can_be_undone_where_nothing_was_moved(owner, queued):
    owner.do(queued, "cancel")
    for query in ("?preview=1", ""):
        response = owner.do(queued, "undo", query)
        assert response.status_code == 409
        assert response.json()["error"]["code"] == "nothing_to_undo"
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("what", ["retry", "undo", "undo?preview=1"])
def test_a_job_that_goes_on_is_neither_tried_again_nor_undone(owner, queued, what):
    response = owner.do(queued, what)
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "goes_on"
    assert Transfer.objects.count() == 1


def test_a_job_of_another_platform_is_for_that_platform(owner, mover, done):
    other = mover.membership
    other.pk, other.chosen, other.membership_id, other.membership_type = None, False, "4611686018400009999", 1
    other.save()
    Transfer.objects.update(membership=other)
    for what in ("retry", "undo", "undo?preview=1"):
        response = owner.do(done, what)
        assert response.status_code == 409
        assert response.json()["error"]["code"] == "other_platform"
    assert Transfer.objects.count() == 1


def test_what_is_undone_is_not_undone_again(owner, mover, done, client):
    """Neither while the undo is under way nor after it."""
    first = owner.do(done, "undo").json()["id"]
    assert owner.do(done, "undo", headers=KEY).json()["id"] == first
    mover.until_it_ends(Transfer.objects.get(pk=first))
    assert owner.do(done, "undo").json()["id"] == first
    preview = owner.do(done, "undo", "?preview=1")
    assert (preview.status_code, preview.json()["error"]["code"]) == (409, "undone")
    assert f"transfer {first}" in preview.json()["error"]["message"]
    assert Transfer.objects.count() == 2
    fits(client, preview, "post", f"{ADDRESS}/{{transfer_id}}/undo")


def test_what_was_not_done_is_not_counted_as_done(owner, mover, client):
    items = [{"item_id": each["instance_id"]} for each in mover.items(place="vault", home=facts.KINETIC)[:2]]
    job = owner.ask(items=items, to=mover.characters[0]).json()["id"]
    Transfer.objects.get().steps.filter(number=1).update(status="done", finished_at=timezone.now())
    assert owner.do(job, "cancel").json()["steps_done"] == 1
    (listed,) = owner.get().json()["transfers"]
    assert (listed["status"], listed["steps_done"], listed["steps_total"]) == ("cancelled", 1, 2)


def test_an_undo_with_nothing_left_to_do_is_no_job(owner, mover, done, weapon):
    mover.move(weapon, "vault")
    response = owner.do(done, "undo")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "already_there")
    assert not Transfer.objects.filter(action="undo").exists()
