import time

import pytest

from .weekends import CommonClock


@pytest.fixture
def site(sandbox, manifest, sign_in):
    """The sandbox with its Manifest live, and nothing known of anybody: `site.browser(guardian)` signs in.

    It is then known what the guardian owns.
    """
    return Site(sandbox, sign_in)


@pytest.fixture
def clock(sandbox, monkeypatch):
    """clock.set("2026-11-28T12:00") and clock.pass_by(minutes=5), for the site and its Bungie."""
    return CommonClock(sandbox, monkeypatch)


class Site:
    """What the tests of this folder ask of the sandbox."""

    def __init__(self, sandbox, sign_in):
        self.sandbox = sandbox
        self.browser = sign_in

    def account(self, guardian):
        """The sandbox's own account that this guardian plays."""
        found = self.sandbox.guardian(guardian)
        return self.sandbox.accounts[(found.primary() or found.memberships[0]).id]

    def items(self, guardian):
        owned = self.account(guardian).owned
        return [*owned.shared(), *(item for item in owned.items if item.owner)]

    def calls(self, operation="GetProfile"):
        return sum(entry["operation"] == operation for entry in self.sandbox.log.entries())

    def wait_for_answers(self, count, operation="GetProfile"):
        """Those that nobody waits for any longer are still to be given, and would be counted in the next test."""
        end = time.monotonic() + 60
        while self.calls(operation) < count:
            assert time.monotonic() < end, f"{self.calls(operation)} of {count}"
            time.sleep(0.02)

    def fault(self, operation="GetProfile", times=None, **effect):
        self.sandbox.faults.order({"match": {"operation": operation}, "times": times, "fault": effect})

    def hide(self, guardian, *components):
        self.account(guardian).hidden |= set(components)
        self.account(guardian).forget()

    def drop(self, guardian, *components):
        self.account(guardian).missing |= set(components)
        self.account(guardian).forget()
