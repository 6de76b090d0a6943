"""What every page carries, whoever looks."""

import json

import pytest
from django.conf import settings

from manifest.models import Language
from tests.conftest import callback_for

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/healthz", "/api/v1/openapi.json"]
PRIVATE = ["/inventory/", "/vault/", "/characters/1/", "/items/1/", "/settings/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_anyone_may_read(path, client, manifest):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_a_visitor_is_led_to_the_sign_in_and_back(path, client):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/bungie/login/?next={path}"


@pytest.mark.parametrize("path", ["/", "/nothing/", "/accounts/bungie/login/callback/"])
def test_every_page_forbids_what_it_does_not_bring(path, client):
    policy = client.get(path)["Content-Security-Policy"]
    directives = {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}
    assert "unsafe" not in policy
    assert directives["default-src"] == {"'none'"}
    assert directives["script-src"] == directives["style-src"] == {"'self'"}
    assert directives["img-src"] == {"'self'", settings.BUNGIE_ROOT}
    assert directives["frame-ancestors"] == {"'none'"}


@pytest.mark.parametrize("path", ["/", "/inventory/", "/settings/"])
def test_no_page_names_a_foreign_script_style_or_inline_code(path, sign_in, manifest):
    html = sign_in("20000001").get(path).content.decode()
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<script>" not in html
    for source in (part.split('"')[0] for part in html.split('<script src="')[1:]):
        assert source.startswith("/static/")


def test_an_unknown_page_is_a_page_of_ours(client):
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_an_unknown_address_of_the_api_answers_in_json(client):
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_health_tells_what_is_live(client, manifest):
    told = client.get("/healthz").json()
    assert told["database"] == "ok"
    assert {one["language"] for one in told["manifest"]} == {"en", "fr"}


@pytest.fixture
def no_manifest(db):
    Language.objects.update(live=None)


def test_health_is_bad_before_the_first_manifest(client, no_manifest):
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["manifest"] == []


def test_the_front_page_stands_before_the_first_manifest(client, no_manifest):
    assert "not here yet" in client.get("/").content.decode()


def test_what_the_api_promises_is_in_its_document(client):
    paths = json.loads(client.get("/api/v1/openapi.json").content)["paths"]
    assert {"/api/v1/me", "/api/v1/inventory"} <= set(paths)


def test_a_cancelled_sign_in_is_an_ordinary_page(client, sandbox):
    page = client.get(callback_for(sandbox, client, cancel="1"))
    assert page.status_code == 200
    assert not client.session.get("_auth_user_id")
