"""What cannot be done gets a sentence and the right status, and nothing is queued."""

import re

import pytest
from django_q.models import OrmQ

from destinyvault.sandbox import facts
from inventory.transfers.models import Step, Transfer
from tests.inventory.guardians import COLLECTOR, OWNER

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(site):
    return site.browser(OWNER)


@pytest.fixture
def given(site):
    """What the words of a case stand for."""
    owned, others = site.account(OWNER).owned, site.account(COLLECTOR).owned
    in_vault = [each for each in owned.items if each.instance_id and each.bucket == facts.VAULT and each.movable]
    stack = next(each for each in owned.items if each.instance_id is None and each.quantity > 1 and each.movable)
    return {
        "ITEM": in_vault[0].instance_id,
        "STACK": f"{stack.hash}@{stack.owner or ('vault' if stack.bucket == facts.VAULT else 'account')}",
        "FOREIGN ITEM": next(each.instance_id for each in others.items if each.instance_id),
        "CHARACTER": owned.characters[0].id,
        "FOREIGN CHARACTER": others.characters[0].id,
    }


CASES = [
    ({}, 400, "Say what to do with the items"),
    ({"action": "dismantle", "items": "ITEM"}, 400, "“dismantle” is nothing that can be done with items."),
    ({"action": "undo", "items": "ITEM"}, 400, "“undo” is nothing that can be done with items."),
    ({"action": "move", "to": "vault"}, 400, "Choose at least one item"),
    ({"action": "move", "items": "ITEM"}, 400, "Say where to: one of your characters, or the vault."),
    ({"action": "move", "items": "ITEM", "to": "moon"}, 400, "You have no such character."),
    ({"action": "move", "items": "ITEM", "to": "FOREIGN CHARACTER"}, 400, "You have no such character."),
    ({"action": "equip", "items": "ITEM", "to": "vault"}, 400, "That needs one of your characters"),
    ({"action": "move", "equip": "on", "items": "ITEM", "to": "vault"}, 400, "That needs one of your characters"),
    ({"action": "move", "items": "'; DROP TABLE", "to": "vault"}, 400, "names no item. Reload the page"),
    ({"action": "move", "items": "<script>alert(1)</script>", "to": "vault"}, 400, "names no item."),
    ({"action": "move", "items": "9" * 30, "to": "vault"}, 400, "names no item."),
    ({"action": "move", "items": "STACK", "to": "CHARACTER", "quantity": "0"}, 400, "whole number from 1 up"),
    ({"action": "move", "items": "STACK", "to": "CHARACTER", "quantity": "-3"}, 400, "whole number from 1 up"),
    ({"action": "move", "items": "STACK", "to": "CHARACTER", "quantity": "many"}, 400, "whole number from 1 up"),
    ({"action": "move", "items": "STACK", "to": "CHARACTER", "quantity": "9" * 40}, 400, "as many pieces"),
    ({"action": "move", "items": "ITEM", "to": "CHARACTER", "move_others": "maybe"}, 400, "either yes or no"),
    ({"action": "move", "items": "ITEM", "to": "CHARACTER", "key": "k" * 65}, 400, "reload"),
    ({"action": "move", "items": "ITEM", "to": "CHARACTER", "key": "\0"}, 400, "reload"),
    ({"action": "move", "items": "ITEM", "to": "vault"}, 409, "already"),
    ({"action": "consolidate", "items": "ITEM", "to": "vault"}, 409, "only stacks can be put together"),
    ({"action": "move", "items": "FOREIGN ITEM", "to": "CHARACTER"}, 404, ""),
    ({"action": "move", "items": "1", "to": "CHARACTER"}, 404, ""),
    ({"action": "move", "items": "STACK", "to": "CHARACTER", "quantity": "2000000000"}, 409, ""),
]


@pytest.mark.parametrize(("form", "status", "sentence"), CASES)
def test_bad_input_is_told_and_nothing_is_queued(owner, given, form, status, sentence):
    response = owner.post("/transfers/", {name: given.get(value, value) for name, value in form.items()})
    words = " ".join(re.sub(r"<[^>]+>", " ", response.text.split("<main")[-1].split("<footer")[0]).split())
    assert response.status_code == status, words
    assert sentence.lower() in words.lower()
    assert "Traceback" not in response.text
    assert "<html" in response.text
    assert not Transfer.objects.exists()
    assert not [each for each in OrmQ.objects.all() if "transfers" in each.func()]


@pytest.mark.parametrize(("to", "status"), [("moon", 400), ("vault", 409)])
def test_a_script_gets_the_sentences_alone(owner, given, to, status):
    form = {"action": "move", "items": given["ITEM"], "to": to}
    response = owner.post("/transfers/", form, headers={"HX-Request": "true"})
    assert response.status_code == status
    assert "<html" not in response.text
    assert "." in response.text


def test_too_many_items_at_once_are_told_by_their_number(owner, given):
    many = ",".join(str(number) for number in range(10_000))
    response = owner.post("/transfers/", {"action": "move", "items": many, "to": given["CHARACTER"]})
    assert response.status_code == 400
    assert "At most 1,000 items can be asked for at once; these are 10,000." in response.text


def test_more_fields_than_a_form_has_are_told_as_such(owner, given):
    items = [str(number) for number in range(10_000)]
    response = owner.post("/transfers/", {"action": "move", "items": items, "to": given["CHARACTER"]})
    assert response.status_code == 400
    assert "more at once than this site takes" in response.text
    assert not Transfer.objects.exists()


def test_a_body_that_is_no_form_is_told(owner):
    response = owner.post("/transfers/", '{"action": "move"}', content_type="application/json")
    assert response.status_code == 400
    assert "Say what to do with the items" in response.text


@pytest.mark.parametrize("button", ["retry", "undo"])
@pytest.mark.parametrize("key", ["\0", "k" * 65, "two words"])
def test_the_key_of_a_button_that_this_site_did_not_make_is_told(owner, given, button, key):
    owner.post("/transfers/", {"action": "move", "items": given["ITEM"], "to": given["CHARACTER"]})
    job = Transfer.objects.get()
    Step.objects.update(status="done")
    Transfer.objects.update(status="cancelled")
    response = owner.post(f"/transfers/{job.pk}/{button}/", {"key": key, "confirmed": "on"})
    assert response.status_code == 400
    assert "Reload the page" in response.text
    assert Transfer.objects.get() == job


@pytest.mark.parametrize("path", ["/transfers/", "/transfers/1/cancel/", "/transfers/1/retry/", "/transfers/1/undo/"])
def test_strangers_are_sent_to_sign_in(client, path):
    response = client.post(path)
    assert response.url.startswith("/accounts/bungie/login/")
    assert client.post(path, headers={"HX-Request": "true"})["HX-Redirect"].startswith("/accounts/bungie/login/")
    assert client.get("/transfers/progress/").status_code == 204


@pytest.mark.parametrize("query", ["status=over", "action=sell", "item=" + "x" * 101])
def test_a_filter_that_there_is_not_is_told(owner, query):
    response = owner.get(f"/transfers/?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in response.text


@pytest.mark.parametrize("page", ["0", "-1", "99999", "two", ""])
def test_any_number_of_a_page_leads_to_a_page(owner, page):
    assert owner.get(f"/transfers/?page={page}").status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(owner, method):
    assert getattr(owner, method)("/transfers/").status_code == 405
