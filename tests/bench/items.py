"""An item's dialog and a comparison of ten, for somebody with a thousand items: queries, time beyond Bungie's reply."""

import statistics
import time
from collections.abc import Callable
from unittest import mock

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from destinyvault.bungie import client as bungie
from destinyvault.sandbox import facts
from destinyvault.sandbox.server import Sandbox
from tests.bench.inventory import THOUSAND, cut, living_sandbox
from tests.bench.targets import tell

DATABASE = "bench_items"
INSIDE = {"HX-Request": "true", "HX-Target": "item-inside"}
ROUNDS = 40
MOST_MS = 40


def main() -> None:
    with living_sandbox(DATABASE) as sandbox:
        report(sandbox)


def report(sandbox: Sandbox) -> None:
    browser = cut(sandbox, THOUSAND, 1000)
    (membership,) = sandbox.guardian(THOUSAND).memberships
    owned = [item for item in sandbox.accounts[membership.id].owned.items if item.home in facts.WEAPON_BUCKETS]
    weapons = [item.instance_id for item in owned if item.stats]
    dialog = f"/items/{weapons[0]}/"
    alike = next(found for found in by_type(browser, weapons) if len(found) >= 10)[:10]
    comparison = f"/compare/?items={','.join(alike)}"
    for name, path in (("dialog", dialog), ("comparison of ten", comparison)):
        cold, held = timed(browser, path, forget=True), timed(browser, path, forget=False)
        most = MOST_MS if name == "dialog" else 0
        tell(f"{name}: server time beyond Bungie's reply", cold, " ms", at_most=most, note=f"median of {ROUNDS}")
        tell(f"{name}, asked for again", held, " ms", at_most=most, note=f"{queries(browser, path)} queries")


def by_type(browser: Client, weapons: list[str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for item in browser.get("/api/v1/inventory").json()["items"]:
        if item["id"] in weapons:
            found.setdefault(item["type"], []).append(item["id"])
    return list(found.values())


def queries(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        browser.get(path, headers=INSIDE)
    return len(captured)


def timed(browser: Client, path: str, *, forget: bool) -> float:
    """Milliseconds at the median, without those that Bungie took to answer; the profile is held meanwhile."""
    figures: list[float] = []
    while len(figures) < ROUNDS:
        figures += one(browser, path, forget)
    return statistics.median(figures) * 1000


def one(browser: Client, path: str, forget: bool) -> list[float]:
    """Nothing where the half minute of what is held was over just then."""
    browser.get(path)  # the profile and the item are fresh: what is measured is one item, not the whole inventory
    if forget:
        cache.clear()
    waits: list[tuple[float, float]] = []
    with mock.patch.object(bungie, "_send", noting(bungie._send, waits)):
        started = time.perf_counter()
        assert browser.get(path, headers=INSIDE).status_code == 200
        seconds = time.perf_counter() - started
    if bool(waits) is not forget:
        return []
    # Several at once wait together.
    return [seconds - (max(end for _, end in waits) - min(start for start, _ in waits) if waits else 0)]


def noting(send: Callable, waits: list[tuple[float, float]]) -> Callable:
    def noted(*args: object, **more: object) -> object:
        started = time.perf_counter()
        try:
            return send(*args, **more)
        finally:
            waits.append((started, time.perf_counter()))

    return noted


if __name__ == "__main__":
    main()
