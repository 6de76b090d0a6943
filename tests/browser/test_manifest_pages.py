"""The pages about the Manifest in a browser: for visitors and for the staff, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from destinyvault.sandbox.manifest import Changes
from manifest.errors import HeldBack
from manifest.models import Item, Revision
from manifest.sync import sync
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import is_sideways, serious
from tests.browser.test_pages import OWNER

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def revisions(manifest, sandbox):
    """The live one, which has one before it, and one that is held back."""
    sandbox.library.publish(Changes(changed=0.01, added=0.001, removed=0.001))
    live = sync("en").revision
    sandbox.library.publish(Changes(removed=0.9))
    with pytest.raises(HeldBack):
        sync("en")
    return live, Revision.objects.get(status="held")


@pytest.fixture
def staff(site, window, django_user_model):
    """staff(path, viewport) opens it as somebody who came through the admin's own form."""
    django_user_model.objects.create_superuser("staff", password="not a secret")

    def staff(path, viewport, **more):
        page = window(viewport, **more)
        page.goto(f"{site}/admin/login/?next={path}")
        page.get_by_label("Username").fill("staff")
        page.get_by_label("Password").fill("not a secret")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{site}{path}")
        return page

    return staff


def cut_off(page):
    """What hides a part of itself behind a bar of its own."""
    return page.evaluate("""[...document.querySelectorAll('#content *')].filter(
        each => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1
    ).map(each => each.className)""")


@SIZES
def test_public_pages_fit_and_bar_nobody(site, window, revisions, viewport):
    live, _ = revisions
    page = window(viewport)
    item = f"/armory/{live_item(live)}/"
    changes = f"/manifest/{live.pk}/"
    for path in ("/manifest/", changes, f"{changes}?name=zzz", "/armory/?q=a", "/armory/?q=zzzz", item, "/status/"):
        page.goto(f"{site}{path}")
        assert not is_sideways(page), path
        assert serious(page) == [], path


@SIZES
def test_lists_of_the_staff_fit_with_the_error_in_sight(staff, revisions, viewport):
    _, held = revisions
    page = staff("/admin/manifest/revision/", viewport)
    expect(page.get_by_text(held.error[:40]).first).to_be_visible()
    for path in ("revision/", f"revision/{held.pk}/change/", "language/", "definition/", "announcement/"):
        page.goto(page.url.split("/admin/")[0] + f"/admin/manifest/{path}")
        assert not is_sideways(page), path
        assert cut_off(page) == [], path


def test_on_a_phone_the_menu_leads_to_armory_and_manifest(open_as):
    page = open_as(OWNER, viewport=PHONE, java_script_enabled=False)
    bar = page.locator("header.topbar")
    expect(bar.get_by_role("link", name="Armory")).to_be_hidden()
    bar.locator("summary").click()
    bar.get_by_role("link", name="Manifest").click()
    page.wait_for_url("**/manifest/")


def live_item(revision):
    return Item.objects.filter(language="en", added__lte=revision.pk, removed=None, tier=6).first().hash
