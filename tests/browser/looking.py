"""What is looked for on every page."""

from axe_playwright_python.sync_playwright import Axe


def serious(page):
    """What axe finds at serious or above: the rule and the first element that breaks it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}]


def is_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
