"""What programs ask for and are told: the plan, the job, and why nothing was queued."""

import json
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import api_keys
from accounts.models import User
from destinyvault.sandbox import facts
from inventory.models import ProfileSnapshot
from inventory.transfers import queueing
from inventory.transfers.models import ACTIVE, Status, Step, Transfer
from tests.inventory.guardians import COLLECTOR, NEW_ACCOUNT, OWNER

from .programs import ADDRESS, JSON, Program, fits, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site):
    return program(site, OWNER)


@pytest.fixture
def stranger(site):
    return program(site, COLLECTOR)


def weapons(site, *, in_vault=True, guardian=OWNER):
    owned = site.account(guardian).owned
    found = [each for each in owned.items if each.instance_id and each.home in facts.WEAPON_BUCKETS]
    return [each.instance_id for each in found if bool(each.owner) != in_vault and not each.equipped]


def character(site, guardian=OWNER):
    return next(each.owner for each in site.account(guardian).owned.items if each.owner)


def refused(response, status, *words):
    """Its error, after a look that nothing was stored."""
    assert response.status_code == status, response.content
    assert not Transfer.objects.exists()
    error = response.json()["error"]
    for word in words:
        assert word in error["message"]
    return error


def test_a_move_is_accepted_with_its_steps(site, owner):
    item, to = weapons(site)[0], character(site)
    response = owner.ask(item_id=item, to=to)
    assert response.status_code == 202
    told = response.json()
    job = Transfer.objects.get()
    assert response["Location"] == f"{ADDRESS}/{job.pk}"
    assert (told["id"], told["status"], told["action"]) == (job.pk, "queued", "move")
    (step,) = told["steps"]
    assert step.keys() >= {"kind", "item_id", "item_hash", "status", "message"}
    assert (step["kind"], step["item_id"], step["character_id"]) == ("to_character", item, to)
    assert (step["status"], step["why"], step["moves_other"]) == ("waiting", "wanted", False)
    assert "the vault →" in step["message"]
    assert owner.get(f"/{job.pk}").json() == told


def test_a_preview_tells_the_plan_and_stores_nothing(site, owner):
    item, to = weapons(site)[0], character(site)
    response = owner.ask(query="?preview=1", item_id=item, to=to)
    assert response.status_code == 200
    told = response.json()
    assert (told["id"], told["status"]) == (None, "planned")
    assert not Transfer.objects.exists()
    queued = owner.ask(item_id=item, to=to).json()
    assert told["steps"] == queued["steps"]
    assert told["wants"] == queued["wants"]


def test_several_items_are_one_job(site, owner):
    items = weapons(site)[:3]
    told = owner.ask(items=[{"item_id": each} for each in items], to=character(site)).json()
    assert [want["item_id"] for want in told["wants"]] == items
    assert [(step["want"], step["item_id"]) for step in told["steps"]] == list(enumerate(items))


def test_the_same_key_twice_is_one_job_also_when_it_is_done(site, owner):
    wish = {"items": [{"item_id": weapons(site)[0], "quantity": 1}], "to": character(site)}
    first = owner.ask(headers={"Idempotency-Key": "click"}, **wish).json()
    Transfer.objects.update(status=Status.DONE)
    second = owner.ask(headers={"Idempotency-Key": "click"}, **wish)
    assert second.status_code == 202
    assert (second.json()["id"], second.json()["status"]) == (first["id"], "done")
    assert owner.ask(**wish).json()["id"] != first["id"]


def test_a_key_that_came_with_another_wish_is_a_conflict(site, owner):
    first, second = weapons(site)[:2]
    job = owner.ask(headers={"Idempotency-Key": "click"}, item_id=first, to=character(site)).json()["id"]
    response = owner.ask(headers={"Idempotency-Key": "click"}, item_id=second, to=character(site))
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "key_used"
    assert f"transfer {job}" in response.json()["error"]["message"]
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("what", ["ask", "retry", "undo"])
def test_of_two_wishes_with_one_key_at_once_the_later_is_a_conflict(site, owner, monkeypatch, what):
    one, two = (owner.ask(item_id=each, to=character(site)).json()["id"] for each in weapons(site)[:2])
    Transfer.objects.update(status=Status.CANCELLED)
    moved = {"kind": "to_character", "why": "wanted", "item_hash": 1, "character_id": character(site)}
    moved |= {"status": "done", "finished_at": timezone.now()}
    if what == "undo":
        for pk, item in zip((one, two), weapons(site, in_vault=False), strict=False):
            Step.objects.create(transfer_id=pk, number=9, want=0, item_id=item, **moved)
    monkeypatch.setattr(queueing, "earlier", lambda *_: None)  # both have looked before either was stored
    headers = {"Idempotency-Key": "click"}
    if what == "ask":
        wishes = [{"item_id": each, "to": character(site)} for each in weapons(site)[:2]]
        first, second, again = (owner.ask(headers=headers, **wishes[number]) for number in (0, 1, 0))
    else:
        first, second, again = (owner.do(each, what, headers=headers) for each in (one, two, one))
    assert (first.status_code, second.status_code, again.status_code) == (202, 409, 202), second.content
    assert second.json()["error"]["code"] == "key_used"
    assert again.json()["id"] == first.json()["id"]


def test_two_people_may_use_the_same_key(site, owner, stranger):
    key = {"Idempotency-Key": "click"}
    first = owner.ask(headers=key, item_id=weapons(site)[0], to=character(site)).json()
    item = weapons(site, guardian=COLLECTOR)[0]
    second = stranger.ask(headers=key, item_id=item, to=character(site, COLLECTOR)).json()
    assert first["id"] != second["id"]


def test_never_moving_others_is_as_the_person_prefers_unless_the_wish_says(site, owner):
    wish = {"item_id": weapons(site)[0], "to": character(site)}
    person = User.objects.get(bungie__membership_id=OWNER)
    assert owner.ask(**wish).json()["move_others"] is True
    assert owner.ask(**wish, move_others=False).json()["move_others"] is False
    person.preferences.__class__.objects.update_or_create(user=person, defaults={"move_others": False})
    assert owner.ask(**wish).json()["move_others"] is False
    assert owner.ask(**wish, move_others=True).json()["move_others"] is True


def test_without_a_key_or_with_a_wrong_one_it_is_401(site, client):
    body = {"item_id": weapons(site)[0], "to": character(site)}
    for headers in (None, {"Authorization": "Bearer dv_wrong"}):
        visitor = Client(headers=headers, enforce_csrf_checks=True)
        assert refused(visitor.post(ADDRESS, body, JSON), 401, "API key")["code"] == "not_signed_in"
        assert visitor.get(ADDRESS).status_code == 401
        assert visitor.get(f"{ADDRESS}/1").status_code == 401
        assert visitor.post(f"{ADDRESS}/1/cancel").status_code == 401


def test_a_session_has_to_send_the_token_of_its_page(site, owner):
    body = {"item_id": weapons(site)[0], "to": character(site)}
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(bungie__membership_id=OWNER))
    error = refused(browser.post(ADDRESS, body, JSON), 403, "X-CSRFToken", "Nothing was changed")
    assert error["code"] == "forbidden"
    assert browser.get(ADDRESS).status_code == 200
    browser.get("/settings/")
    token = browser.cookies["csrftoken"].value
    assert browser.post(ADDRESS, body, JSON, headers={"X-CSRFToken": token}).status_code == 202


def test_a_strangers_job_is_as_unknown_as_none(site, owner, stranger):
    job = owner.ask(item_id=weapons(site)[0], to=character(site)).json()["id"]
    answers = [stranger.get(f"/{each}") for each in (job, job + 1, 2**63, 10**30, 0)]
    answers += [stranger.do(job, what) for what in ("cancel", "retry", "undo", "undo?preview=1")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert stranger.get().json()["transfers"] == []
    assert Transfer.objects.get().status in ACTIVE


def test_the_list_is_paged_and_filtered(site, owner):
    membership = ProfileSnapshot.objects.get(membership__account__membership_id=OWNER).membership
    jobs = [Transfer(membership=membership, action="move", wants=[], key=str(n), status="done") for n in range(51)]
    Transfer.objects.bulk_create(jobs)
    owner.ask(item_id=weapons(site)[0], to=character(site))
    first, second, third = (owner.get(f"?page={page}").json() for page in (1, 2, 3))
    assert (first["total"], first["page"], first["pages"]) == (52, 1, 2)
    ids = [each["id"] for each in first["transfers"] + second["transfers"]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 52
    assert third["transfers"] == []
    (queued,) = owner.get("?status=queued").json()["transfers"]
    assert (queued["steps_done"], queued["steps_total"]) == (0, 1)
    assert owner.get("?status=done&action=lock").json()["total"] == 0
    Transfer.objects.filter(key="7").update(refusals=[{"want": 0, "code": "gone", "message": "It is gone."}])
    (partly,) = owner.get("?status=done&refused=true").json()["transfers"]
    assert (partly["status"], partly["refused"]) == ("done", 1)
    assert owner.get("?status=done&refused=false").json()["total"] == 50
    for wrong in ("?status=lost", "?action=undress", "?refused=perhaps", "?page=0", "?page=x"):
        assert owner.get(wrong).status_code == 400


def test_each_job_of_the_list_has_the_title_of_its_page(site, owner):
    one, *others = weapons(site)[:3]
    owner.ask(item_id=one, to=character(site))
    with CaptureQueriesContext(connection) as few:
        owner.get()
    items = [{"item_id": each} for each in others]
    plan = owner.ask(query="?preview=1", items=items, to=character(site)).json()
    owner.ask(items=items, to=character(site))
    with CaptureQueriesContext(connection) as more:
        told = owner.get().json()["transfers"]
    assert len(more) == len(few)
    page = unescape(site.browser(OWNER).get("/transfers/").text)
    assert all(each["title"] in page for each in told)
    assert told[0]["title"].startswith("Move 2 items to ")
    assert [plan["title"], owner.get(f"/{told[1]['id']}").json()["title"]] == [each["title"] for each in told]


def test_a_job_tells_what_bungie_said_of_a_step(site, owner):
    job = owner.ask(item_id=weapons(site)[0], to=character(site)).json()["id"]
    Step.objects.update(status="failed", code=1642, said="There are no item slots available.", message="It is full.")
    (step,) = owner.get(f"/{job}").json()["steps"]
    assert (step["status"], step["code"], step["said"]) == ("failed", 1642, "There are no item slots available.")
    assert step["message"] == "It is full."


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -3}, "quantity"),
        ({"quantity": 2}, "there is only one"),
        ({"quantity": 10**20}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"colour": "red"}, "colour: there is no such field"),
        ({"item_id": 6917529000000000001}, "item_id: an id is a string"),
        ({"item_id": "6917529000000000001x"}, "item_id: an id is a string"),
        ({"item_id": "٣"}, "item_id: an id is a string"),
        ({"item_id": "9" * 21}, "item_id: an id is a string"),
        ({"item_id": None}, "Name at least one item"),
        ({"item_hash": 1}, "either by item_id"),
        ({"item_id": None, "item_hash": 2**32}, "item_hash"),
        ({"item_id": None, "item_hash": -1}, "item_hash"),
        ({"items": []}, "not both"),
        ({"item_id": None, "items": []}, "Name at least one item"),
        ({"item_id": None, "items": [{}]}, "items.0: Name each item"),
        ({"item_id": None, "items": [{"item_id": "1", "to": "vault"}]}, "items.0.to: there is no such field"),
        ({"item_id": None, "items": [{"item_id": "1"}], "quantity": 2}, "beside each item"),
        ({"to": None}, "Say where to"),
        ({"item_id": None, "items": ["1"]}, "items.0: it has to be an object"),
        ({"item_id": None, "items": "1"}, "items: it has to be a list"),
        ({"move_others": "no"}, "move_others: it has to be true or false"),
        ({"quantity": "2"}, "quantity: it has to be a whole number"),
        ({"action": "dance"}, "action: it has to be 'move', "),
        ({"to": "moon"}, "to: say “vault”"),
        ({"to": 5}, "to: say “vault”"),
        ({"to": "2305843009999999999"}, "You have no such character"),
        ({"source": "2305843009999999999"}, "You have no store"),
        ({"to": "vault", "equip": True}, "one of your characters"),
        ({"equip": "yes"}, "equip"),
        ({"action": "undo"}, "action"),
        ({"action": "lock", "equip": True}, "“equip” goes with"),
        ({"action": "lock"}, "leave “to” away"),
        ({"action": "collect"}, "leave the items away"),
        ({"action": "collect", "item_id": None, "to": None}, "Say where to: one of your characters."),
        ({"action": "room", "item_id": None, "to": "vault"}, "one of your characters"),
        ({"action": "room", "item_id": None, "quantity": 5}, "leave the quantity and the source away"),
        ({"action": "collect", "item_id": None, "source": "vault"}, "leave the quantity and the source away"),
        ({"action": "pull", "item_id": None, "item_hash": 7, "to": None}, "from whose postmaster"),
        ({"action": "pull", "item_id": None, "item_hash": 7, "to": None, "source": "vault"}, "as the source of item 7"),
    ],
)
def test_a_wish_without_sense_is_400_and_says_why(wrong, words, site, owner):
    body = {"item_id": weapons(site)[0], "to": character(site)} | wrong
    assert refused(owner.ask(**body), 400, words)["code"] == "bad_request"
    assert refused(owner.ask(query="?preview=1", **body), 400, words)


def test_a_character_of_somebody_else_is_none_of_yours(site, owner):
    refused(owner.ask(item_id=weapons(site)[0], to=character(site, COLLECTOR)), 400, "You have no such character")


def test_the_hash_of_single_items_says_too_little(site, owner):
    item = weapons(site)[0]
    item_hash = next(each.hash for each in site.items(OWNER) if each.instance_id == item)
    refused(owner.ask(item_hash=item_hash, to=character(site)), 400, str(item_hash), "by item_id")


def test_ten_thousand_moves_at_once_are_too_many(site, owner):
    items = [{"item_id": str(6917529000000000000 + number)} for number in range(10_000)]
    refused(owner.ask(items=items, to=character(site)), 400, "At most 1,000", "10,000")


def test_a_body_that_is_too_large_is_413(site, owner):
    error = refused(owner.send(b'{"items": [' + b" " * 3_000_000), 413, "Nothing was changed")
    assert error["code"] == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"item_id=1",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"3",
        b'"move"',
        b'{"to": "\\ud800"}',
        b"NaN",
    ],
)
@pytest.mark.parametrize("content_type", [JSON, "text/plain"])
def test_a_body_that_is_no_json_object_is_400(content, content_type, site, owner):
    error = refused(owner.send(content, content_type), 400)
    assert error["code"] == "bad_request"
    assert error["message"]
    assert "instance" not in error["message"]


def test_many_errors_are_told_in_few_words(site, owner):
    items = [{"item_id": number} for number in range(900)]
    error = refused(owner.ask(items=items, to=character(site)), 400, "items.0.item_id", "and 895 more")
    assert len(error["message"]) < 1000


@pytest.mark.parametrize("key", ["k" * 65, "k" * 10_000, "a\0b", "\0", "clé", "ключ", "a b", "a\x7f"])
def test_a_key_that_is_none_is_400(key, site, owner):
    wish, headers = {"item_id": weapons(site)[0], "to": character(site)}, {"Idempotency-Key": key}
    told = refused(owner.ask(headers=headers, **wish), 400, "up to 64 letters", "Nothing was queued")
    refused(owner.ask(**wish, key=key), 400, "key: there is no such field")
    job = owner.ask(**wish).json()["id"]
    Transfer.objects.update(status=Status.CANCELLED)
    for what in ("retry", "undo"):
        answer = owner.do(job, what, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, told)
    assert Transfer.objects.count() == 1


def test_somebody_without_a_destiny_account_gets_404(client, db):
    staff = User.objects.create_user("staff", is_staff=True)
    _, key = api_keys.create(staff, "test")
    refused(Program(key).ask(item_id="1", to="vault"), 404, "no Destiny account")
    assert Program(key).get().json()["transfers"] == []


def test_an_ended_sign_in_is_401_and_queues_nothing(site, owner):
    ProfileSnapshot.objects.update(fetched_at="2026-01-01T00:00Z", minted_at="2026-01-01T00:00Z")
    site.sandbox.tokens.end(OWNER, ("access", "refresh"))
    error = refused(owner.ask(item_id=weapons(site)[0], to=character(site)), 401)
    assert error["code"] == "sign_in_expired"


def test_a_move_during_maintenance_is_queued_by_what_is_known(site, owner):
    ProfileSnapshot.objects.update(fetched_at="2026-01-01T00:00Z", minted_at="2026-01-01T00:00Z")
    site.fault(error_code=5)
    assert owner.ask(item_id=weapons(site)[0], to=character(site)).status_code == 202


def test_what_was_known_long_ago_is_read_anew_before_the_plan(site, owner):
    ProfileSnapshot.objects.update(fetched_at="2026-01-01T00:00Z", minted_at="2026-01-01T00:00Z")
    before = site.calls()
    owner.ask(query="?preview=1", item_id=weapons(site)[0], to=character(site))
    assert site.calls() == before + 1


def test_the_document_is_true(site, owner, client):
    wish = {"item_id": weapons(site)[0], "to": character(site)}
    one = f"{ADDRESS}/{{transfer_id}}"
    fits(client, owner.ask(query="?preview=1", **wish), "post")
    fits(client, owner.ask(**wish, colour="red"), "post")
    queued = owner.ask(**wish)
    fits(client, queued, "post")
    fits(client, owner.get())
    fits(client, owner.get(f"/{queued.json()['id']}"), path=one)
    fits(client, owner.get("/5000000"), path=one)
    document = client.get("/api/v1/openapi.json").json()
    assert document["components"]["schemas"]["TransferBody"]["additionalProperties"] is False
    assert {each["name"] for each in document["paths"][ADDRESS]["post"]["parameters"]} == {"preview", "Idempotency-Key"}


LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUE = LEAF | st.sampled_from(["vault", "account", "1", "6917529000000000001"]) | st.lists(LEAF, max_size=2)
FIELDS = ["action", "item_id", "item_hash", "quantity", "source", "to", "equip", "move_others", "items", "colour"]
ITEM = st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=3)
BODY = st.dictionaries(st.sampled_from(FIELDS), VALUE | st.lists(ITEM, max_size=3), max_size=6)


def test_no_body_at_all_makes_the_site_fail(site, owner, client):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(BODY)
    def asked_with(body):
        response = owner.send(json.dumps(body))
        assert response.status_code in (202, 400, 409)
        assert response.status_code == 202 or response.json()["error"]["message"]
        assert (response.status_code == 202) == Transfer.objects.exists()
        Transfer.objects.all().delete()

    asked_with()


def test_a_person_without_anything_can_ask_all_the_same(site):
    assert program(site, NEW_ACCOUNT).ask(item_id="1", to="vault").status_code in (400, 409)
