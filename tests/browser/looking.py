"""What is looked for on every page."""

from axe_playwright_python.sync_playwright import Axe

GRAVE = {"serious", "critical"}


def serious(page):
    """What axe finds at serious or above: theme, rule and the first element that breaks it.

    The themes differ in their colours alone: of the second one nothing else is asked. The page stays in the first.
    """
    page.emulate_media(color_scheme="light")
    found = [("light", each) for each in _violations(page, runOnly=["color-contrast"])]
    page.emulate_media(color_scheme="dark")
    found += [("dark", each) for each in _violations(page)]
    return [(theme, each["id"], each["nodes"][0]["html"]) for theme, each in found if each["impact"] in GRAVE]


def _violations(page, **options):
    return Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]


def is_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
