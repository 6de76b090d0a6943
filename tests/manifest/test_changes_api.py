"""GET /api/v1/manifest/changes, for everybody."""

import json

import pytest
from django.test import Client

from manifest import switch
from manifest.models import Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/manifest/changes"
STAT = {5: {"displayProperties": {"name": "Mobility"}, "index": 1, "gone": None, "list": [1, 2, 3]}}
LATER = {5: {"displayProperties": {"name": "Mobility"}, "index": 2, "list": [0, 1, 2, 3], "new": None}}


@pytest.fixture
def two(import_tables):
    old = import_tables({made.ITEMS: made.items(1, 2), made.STATS: STAT, made.HISTORICAL: {"kills": {"n": 1}}})
    new = import_tables({made.ITEMS: made.items(2, 3), made.STATS: LATER, made.HISTORICAL: {"kills": {"n": 2}}})
    return old, new


def get(status=200, **query):
    response = Client().get(ADDRESS, query)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def test_without_parameters_it_is_the_live_one_and_the_one_before(two):
    old, new = two
    reply = get()
    assert reply["language"] == "en"
    assert reply["from"] == {"id": old.pk, "version": old.version, "path": old.path}
    assert reply["to"]["id"] == new.pk
    assert reply["counts"][made.ITEMS] == {"added": 1, "changed": 0, "removed": 1}
    assert (reply["total"], reply["page"], reply["pages"]) == (4, 1, 1)


def test_items_come_first_with_their_pictures(two):
    first, second, *rest = get()["changes"]
    assert {(each["hash"], each["kind"], each["icon"]) for each in (first, second)} == {
        (1, "removed", "/icons/1.png"),
        (3, "added", "/icons/3.png"),
    }
    assert [each["table"] for each in rest] == [made.HISTORICAL, made.STATS]
    assert rest[0]["key"] == "kills"
    assert "hash" not in rest[0]


def test_a_changed_definition_names_its_fields_and_tells_absent_from_null(two):
    (stat,) = get(table=made.STATS)["changes"]
    assert {each.pop("path"): each for each in stat["fields"]} == {
        "index": {"old": 1, "new": 2},
        "list.0": {"new": 0},
        "new": {"new": None},
        "gone": {"old": None},
    }


def test_backward_gives_the_opposite(two):
    old, new = two
    reply = get(**{"from": new.pk, "to": old.pk})
    assert reply["counts"][made.ITEMS] == {"added": 1, "changed": 0, "removed": 1}
    kinds = {each["hash"]: each["kind"] for each in reply["changes"] if each["table"] == made.ITEMS}
    assert kinds == {1: "added", 3: "removed"}


def test_kind_and_name_choose(two):
    assert [each["hash"] for each in get(kind="added")["changes"]] == [3]
    assert [each["name"] for each in get(name="mobi")["changes"]] == ["Mobility"]


def test_pages_are_bounded_and_hold_each_change_once(two, import_tables):
    tables = {made.ITEMS: made.items(*range(100, 170)), made.STATS: {n: {"n": 1} for n in range(60)}}
    new = import_tables(tables, force=True)
    replies = [get(to=new.pk, page=number) for number in (1, 2, 3)]
    seen = [(each["table"], each.get("hash"), each.get("key")) for reply in replies for each in reply["changes"]]
    assert [len(reply["changes"]) for reply in replies] == [50, 50, replies[0]["total"] - 100]
    assert len(set(seen)) == len(seen) == replies[0]["total"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"kind": "x"}, 400), ({"page": 0}, 400), ({"page": "x"}, 400), ({"from": "x"}, 400), ({"from": 10**30}, 400),
        ({"page": 9}, 404), ({"from": 999999}, 404), ({"table": "x"}, 404), ({"language": "xx"}, 404),
        ({"language": "fr"}, 404), ({"name": "x" * 201}, 400),
    ],
)  # fmt: skip
def test_errors_are_told_in_json(two, query, status):
    error = get(status, **query)["error"]
    assert error["code"]
    assert error["message"].endswith(".") or status == 400


def test_a_revision_that_is_no_longer_kept_is_told(two):
    Revision.objects.filter(pk=two[0].pk).update(status="pruned")
    assert "no longer kept" in get(404, **{"from": two[0].pk})["error"]["message"]


def test_a_switch_changes_nothing_for_who_names_revisions(two):
    old, new = two
    before = get(**{"from": old.pk, "to": new.pk})
    switch.make_live(old)
    assert get(**{"from": old.pk, "to": new.pk}) == before
