"""The demo as it runs, for somebody with a thousand items: first paint, pages a second, memory of the whole stack.

The browser and the clients take their share of the same cores. Memory is what each process alone would free (PSS),
of Postgres, web server and task cluster; Bungie's place and the clients are not part of it.
"""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.bench.targets import say, tell
from tests.browser.conftest import CHROMIUM, DESK, QUIET

ROOT = Path(__file__).resolve().parents[2]
GUARDIAN = "Brannoc"
LOADS, CLIENTS, SECONDS = 11, 4, 20
PARTS = ("gunicorn", "qcluster", "postgres")


def main() -> None:
    if CHROMIUM is None:
        say("Serving: not measured, there is no Chromium")
        return
    with running_demo() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        cookies = signed_in(browser, address)
        say("The demo as it runs, somebody with a thousand items")
        paints = [first_paint(browser, address, cookies) for _ in range(LOADS)]
        spread = f"median of {LOADS}, {min(paints):.0f} to {max(paints):.0f}"
        tell("first contentful paint, nothing cached", statistics.median(paints), " ms", at_most=500, note=spread)
        browser.close()
        pages, failures = load(address, {cookie["name"]: cookie["value"] for cookie in cookies})
        tell("pages a second, two workers", pages / SECONDS, at_least=60, note=f"{CLIENTS} clients, {SECONDS} s")
        tell("pages that failed", failures, at_most=0.5)
        memory = {name: of_part(process, name) for name in PARTS}
        told = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in memory.items())
        tell(
            "memory of the whole stack", sum(memory.values()), " MB", at_most=512, note=f"{told}; after {pages:,} pages"
        )


@contextmanager
def running_demo() -> Iterator[tuple[str, psutil.Process]]:
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="serving-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        more = {"env": {**environment, "VAR_DIR": folder}, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = psutil.Popen(command, cwd=ROOT, **more)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz")
            yield address, process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str) -> None:
    """Until the Manifest is live."""
    end = time.monotonic() + 180
    while time.monotonic() < end:
        try:
            if requests.get(address, timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"{address} is not well after three minutes.")


def signed_in(browser: Browser, address: str) -> list[dict]:
    page = browser.new_page()
    page.goto(f"{address}/accounts/bungie/login/")
    page.get_by_role("button", name=GUARDIAN).click()
    page.wait_for_url(f"{address}/**")
    page.goto(f"{address}/inventory/?refresh=1")
    page.locator(".tile").first.wait_for()
    return page.context.cookies()


def first_paint(browser: Browser, address: str, cookies: list[dict]) -> float:
    context = browser.new_context(viewport=DESK)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{address}/inventory/")
    painted = page.evaluate("""new Promise(done => new PerformanceObserver(list => {
        const first = list.getEntriesByName("first-contentful-paint")[0];
        if (first) done(first.startTime);
    }).observe({type: "paint", buffered: true}))""")
    context.close()
    return painted


def load(address: str, cookies: dict[str, str]) -> tuple[int, int]:
    """How many pages came, and how many did not."""
    end = time.monotonic() + SECONDS

    def client(_: int) -> tuple[int, int]:
        session, pages, failures = requests.Session(), 0, 0
        session.cookies.update(cookies)
        while time.monotonic() < end:
            good = session.get(f"{address}/inventory/", timeout=30).status_code == 200
            pages, failures = pages + good, failures + (not good)
        return pages, failures

    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(pool.map(client, range(CLIENTS)))
    return sum(pages for pages, _ in found), sum(failures for _, failures in found)


def of_part(demo: psutil.Process, name: str) -> float:
    """Megabytes. Postgres runs detached from whoever started it."""
    folder = demo.environ()["VAR_DIR"]
    ours = [*demo.children(recursive=True), *postgres(Path(folder))]
    return sum(_pss(each, name) for each in ours) / 1e6


def _pss(process: psutil.Process, name: str) -> int:
    try:
        return process.memory_full_info().pss if name in " ".join(process.cmdline()) else 0
    except psutil.NoSuchProcess:  # it has ended since it was listed
        return 0


def postgres(folder: Path) -> list[psutil.Process]:
    for pid_file in folder.rglob("postmaster.pid"):
        server = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        return [server, *server.children()]
    return []


if __name__ == "__main__":
    main()
