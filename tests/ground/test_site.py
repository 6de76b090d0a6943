"""What every page carries, whoever looks."""

import json
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client

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


def test_a_form_that_was_open_for_too_long_says_what_to_do(sign_in, manifest):
    strict = sign_in("20000001", Client(enforce_csrf_checks=True))
    answer = strict.post("/settings/", {"theme": "light"})
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()
    assert "Go back, reload the page and try again" in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "delete"])
def test_a_wrong_method_is_a_page_of_ours(method, client):
    answer = getattr(client, method)("/inventory/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "This address answers to GET, HEAD only" in answer.content.decode()


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [(SuspiciousOperation, 400, "could not read that request"), (PermissionDenied, 403, "not for you to see or do")],
)
@pytest.mark.parametrize("path", ["/", "/healthz"])
def test_what_django_refuses_is_a_page_of_ours(problem, status, words, path, client, monkeypatch):
    def refuse():
        raise problem

    for module in ("views", "condition"):
        monkeypatch.setattr(f"destinyvault.{module}.state", refuse)
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/settings/", "/inventory/", "/vault/", "/nothing/", "/items/1/"])
def test_no_cache_keeps_a_page_of_somebody_who_is_signed_in(path, sign_in, manifest):
    answer = sign_in("20000001").get(path)
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", ["/inventory/?refresh=1", "/vault/?refresh=1"])
def test_htmx_is_told_to_leave_for_the_sign_in_as_a_whole_page(path, client):
    answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"/accounts/bungie/login/?next={quote(path)}"
    assert "Location" not in answer


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
