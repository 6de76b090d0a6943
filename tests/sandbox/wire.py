"""Talks to the sandbox as any client would: over HTTP, knowing nothing of ours."""

import requests

ILVA, COLLECTOR, CROSS_SAVE, TWO_PLATFORMS, NEW = "20000001", "20000002", "20000003", "20000004", "20000005"
EMPTY_VAULT, PRIVATE, NEVER_PLAYED, HOSTILE = "20000006", "20000007", "20000008", "20000009"
KEY = {"X-API-Key": "sandbox-api-key", "User-Agent": "tests"}
INVENTORY = "100,102,103,200,201,205,300,302,304,305,307,308,309,310"


class Wire:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.root = sandbox.root

    def get(self, path, token=None, headers=None, **query):
        told = KEY | ({"Authorization": f"Bearer {token}"} if token else {}) | (headers or {})
        return requests.get(
            f"{self.root}/Platform{path}", params=query, headers=told, timeout=60, allow_redirects=False
        )

    def response(self, path, token=None, **query):
        """The Response inside the envelope of a call that succeeds."""
        answer = self.get(path, token, **query)
        assert (answer.status_code, answer.json()["ErrorCode"]) == (200, 1), answer.text
        return answer.json()["Response"]

    def refused(self, path, token=None, headers=None, **query):
        """HTTP status, ErrorCode and ErrorStatus of a call that is refused."""
        answer = self.get(path, token, headers, **query)
        body = answer.json()
        assert body["ErrorCode"] != 1
        return answer.status_code, body["ErrorCode"], body["ErrorStatus"]

    def exchange(self, auth=("12345", "sandbox-client-secret"), **form):
        return requests.post(
            f"{self.root}/Platform/App/OAuth/token/", data=form, auth=auth, headers={"User-Agent": "tests"}, timeout=60
        )

    def token(self, guardian):
        return self.sandbox.tokens.issue_pair(guardian)["access_token"]

    def account(self, guardian, place=0):
        """The path of the account that plays: its platform and id."""
        found = self.sandbox.guardian(guardian)
        membership = found.primary() or found.memberships[place]
        return f"/Destiny2/{membership.type}/Profile/{membership.id}/"

    def profile(self, guardian, components=INVENTORY, signed_in=True, place=0):
        token = self.token(guardian) if signed_in else None
        return self.response(self.account(guardian, place), token, components=components)


def items_of(profile):
    """Every item of a profile, with where it is."""
    yield from profile["profileInventory"]["data"]["items"]
    for name in ("characterInventories", "characterEquipment"):
        for bag in profile[name]["data"].values():
            yield from bag["items"]
