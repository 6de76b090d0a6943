"""Debian's Chromium on the site, which is served as the demo serves it: over HTTP, with its own sandbox."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

# Playwright's own loop makes Django think that the test is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

PATIENCE = 60_000  # ms: a busy machine takes its time over a page
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to bring Chromium")
        pytest.skip("no Chromium on this machine: install your system's package `chromium`")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def site(live_server, sandbox, manifest, settings, monkeypatch):
    """The address of the running site; Bungie sends people back to it."""
    monkeypatch.setattr(sandbox, "redirect_url", f"{live_server.url}/accounts/bungie/login/callback/")
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}
    directives |= {name: ["'self'", sandbox.root] for name in ("img-src", "form-action")}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    return live_server.url


@pytest.fixture
def window(browser, output_path):
    """window(viewport) is a new page that notes its own complaints; a picture of its end is an artefact of the run."""
    pages = []

    def window(viewport=DESK, **more):
        context = browser.new_context(viewport=viewport, **more)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        pages.append(page)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield window
    for number, page in enumerate(pages, 1):
        if not page.is_closed():
            page.screenshot(path=Path(output_path) / f"{number}.png")
        page.context.close()


@pytest.fixture
def keep(output_path):
    """keep(page, name) leaves a picture of it on the way."""
    return lambda page, name: page.screenshot(path=Path(output_path) / f"{name}.png")


@pytest.fixture
def visit(site, window):
    """visit(path) as somebody who is not signed in."""

    def visit(path, viewport=DESK, **more):
        page = _listening(window(viewport, **more))
        page.goto(f"{site}{path}")
        return page

    return visit


@pytest.fixture
def open_as(site, sandbox, window, sign_in, settings):
    """open_as(guardian, path) is the page of somebody who signed in; Chromium draws only what the test is about."""

    def open_as(guardian, path="/inventory/", viewport=DESK, **more):
        page = _listening(window(viewport, **more))
        person = next(each for each in sandbox.guardians if guardian in each.name)
        session = sign_in(person.id).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page.goto(f"{site}{path}")
        return page

    return open_as


def _listening(page):
    """From now on to what the page says on its console, too."""
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    return page
