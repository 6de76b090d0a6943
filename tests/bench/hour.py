"""`python -m tests.bench hour`: memory of the whole stack over an hour's use. Too long for `make bench`.

Somebody with a thousand items reads a page a second and moves an item every fifteen; the schedule runs beside it.
"""

import itertools
import random
import time

import psutil
import requests
from playwright.sync_api import sync_playwright

from tests.bench.serving import PARTS, of_part, running_demo, signed_in
from tests.bench.targets import say, tell
from tests.browser.conftest import CHROMIUM, QUIET

MINUTES = 60
ON_REQUEST = True
PAGES = (
    "/inventory/", "/inventory/?refresh=1", "/vault/", "/transfers/", "/xur/", "/manifest/", "/armory/", "/settings/",
    "/status/", "/transfers/progress/", "/api/v1/inventory", "/",
)  # fmt: skip
EVERY = 15  # seconds from one move to the next
TOLD_EVERY = 300


def main() -> None:
    with running_demo() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        person = Person(address, {each["name"]: each["value"] for each in signed_in(browser, address)})
        browser.close()
        memory = stack(process)
        say(f"An hour's use: {total(memory)}")
        began = told = time.monotonic()
        for second in itertools.count():
            if time.monotonic() - began > MINUTES * 60:
                break
            person.read(PAGES[second % len(PAGES)] if second % 3 else person.item_page())
            if second % EVERY == 0:
                person.move()
            if time.monotonic() - told > TOLD_EVERY:
                told, memory = time.monotonic(), stack(process)
                say(f"  after {(told - began) / 60:.0f} min: {total(memory)}")
            time.sleep(max(0, began + second + 1 - time.monotonic()))
        memory = stack(process)
        note = f"{person.pages:,} pages, {person.moves:,} moves, {total(memory)}"
        tell("memory of the whole stack after an hour", sum(memory.values()), " MB", at_most=512, note=note)
        tell("requests that failed", person.failures, at_most=0.5)


class Person:
    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        self.address, self.session, self.chance = address, requests.Session(), random.Random(5)
        self.session.cookies.set("sessionid", cookies["sessionid"])
        self.session.headers["Referer"] = address
        self.pages = self.moves = self.failures = 0
        self.read("/inventory/")  # brings the cookie that changes ask for
        self.inventory = self.session.get(f"{address}/api/v1/inventory", timeout=30).json()

    def read(self, path: str) -> None:
        good = self.session.get(f"{self.address}{path}", timeout=30).status_code == 200
        self.pages, self.failures = self.pages + good, self.failures + (not good)

    def item_page(self) -> str:
        return f"/items/{self.chance.choice([each for each in self.inventory['items'] if each['id']])['id']}/"

    def move(self) -> None:
        """Where there is no way for it, that is an answer too."""
        item = self.chance.choice([each for each in self.inventory["items"] if each["id"]])
        to = self.chance.choice(["vault", *(each["id"] for each in self.inventory["characters"])])
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"]}
        body = {"item_id": item["id"], "to": to}
        code = self.session.post(f"{self.address}/api/v1/transfers", json=body, headers=headers, timeout=30).status_code
        self.moves, self.failures = self.moves + (code == 202), self.failures + (code not in (202, 409))


def stack(process: psutil.Process) -> dict[str, float]:
    return {name: of_part(process, name) for name in PARTS}


def total(memory: dict[str, float]) -> str:
    parts = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in memory.items())
    return f"{sum(memory.values()):.0f} MB ({parts})"
