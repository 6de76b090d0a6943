"""What is worked out once is shown again while it holds, and never to anybody whom it does not concern."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import Preferences
from inventory import drawing
from inventory.models import ProfileSnapshot
from inventory.recent import Recent
from manifest.models import Language

from .guardians import COLLECTOR, OWNER, let_time_pass, now, refresh
from .test_inventory_page import page, tiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """How often stores were drawn, rather than shown again."""
    drawing.DRAWN.clear()
    genuine, times = drawing._draw, []
    monkeypatch.setattr(drawing, "_draw", lambda *args: times.append(args) or genuine(*args))
    return times


def test_unchanged_stores_are_drawn_once(site, drawn):
    browser = site.browser(OWNER)
    first, again = page(browser), page(browser)
    assert len(drawn) == 1
    assert tiles(first) == tiles(again)


def test_the_same_things_made_anew_by_bungie_are_not_drawn_anew(site, drawn):
    browser = site.browser(OWNER)
    known = ProfileSnapshot.objects.get()
    let_time_pass()
    site.fault(body={"Response": {**known.reply, "responseMintedTimestamp": now().isoformat()}, "ErrorCode": 1})
    refresh(browser)
    assert ProfileSnapshot.objects.get().minted_at > known.minted_at - timedelta(seconds=30)
    assert len(drawn) == 1


def test_changed_things_are_drawn_anew(site, drawn, monkeypatch):
    browser = site.browser(OWNER)
    before = page(browser)
    let_time_pass()
    account = site.account(OWNER)
    monkeypatch.setattr(account.owned, "items", account.owned.items[1:])
    account.forget()
    after = refresh(browser).content.decode()
    assert len(tiles(after)) == len(tiles(before)) - 1
    assert len(drawn) == 2


@pytest.mark.parametrize(
    "change",
    [{"sort": "name"}, {"folded": ["armor"]}, {"language": "fr"}],
    ids=["another order", "a folded group", "another language"],
)
def test_another_choice_is_drawn_anew(site, drawn, change):
    browser = site.browser(OWNER)
    before = page(browser, "/vault/")
    drawn.clear()
    Preferences.objects.update_or_create(user__bungie__membership_id=OWNER, defaults=change)
    assert page(browser, "/vault/") != before
    assert len(drawn) == 1


def test_another_manifest_is_drawn_anew(site, drawn):
    browser = site.browser(OWNER)
    page(browser)
    Language.objects.filter(code="en").update(live=None)
    page(browser)
    assert len(drawn) == 2


def test_nobody_is_shown_what_was_drawn_for_another(site):
    owner, collector = site.browser(OWNER), site.browser(COLLECTOR)
    theirs = set(tiles(page(owner)))
    assert set(tiles(page(collector))) != theirs
    assert set(tiles(page(owner))) == theirs


def test_profiles_kept_before_there_were_digests_are_told_apart(site):
    for guardian in (OWNER, COLLECTOR):
        site.browser(guardian)
    known = set(ProfileSnapshot.objects.values_list("pk", "digest"))
    ProfileSnapshot.objects.update(digest="")
    import_module("inventory.migrations.0004_parts_kept").tell_apart(apps, None)
    assert set(ProfileSnapshot.objects.values_list("pk", "digest")) == known
    assert len({digest for _, digest in known}) == len(known) == 2


def test_the_oldest_of_too_many_is_forgotten():
    recent, made = Recent(2), []

    def of(key):
        return recent.get(key, lambda: made.append(key) or key)

    assert [of("a"), of("b"), of("a"), of("c"), of("a"), of("b")] == ["a", "b", "a", "c", "a", "b"]
    assert made == ["a", "b", "c", "b"]


def test_what_cannot_be_made_is_not_kept():
    recent = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 / 0)
    assert recent.get("a", lambda: 5) == 5
