"""What a test wants of Bungie, and what Bungie was asked."""

from accounts.models import BungieAccount
from tests.conftest import callback_for

ILVA, CROSS_SAVE, TWO_PLATFORMS, NEVER_PLAYED, HOSTILE = "20000001", "20000003", "20000004", "20000008", "20000009"


def come_back(sandbox, client, guardian=ILVA, **choice):
    """The answer to the browser that comes back from the consent page."""
    return client.get(callback_for(sandbox, client, **(choice or {"guardian": guardian})))


def callback_from(sandbox, client, link, guardian=ILVA):
    """Where Bungie sends the browser that followed `link` on one of our pages."""

    class Browser:
        get = staticmethod(lambda _: client.get(link))

    return callback_for(sandbox, Browser, guardian=guardian)


def signed_in(sandbox, client, guardian=ILVA):
    assert come_back(sandbox, client, guardian).status_code == 302
    return BungieAccount.objects.get(membership_id=guardian)


def fault(sandbox, operation, times=None, **effect):
    sandbox.faults.order({"match": {"operation": operation}, "times": times, "fault": effect})


def calls(sandbox, operation):
    return [each for each in sandbox.log.entries() if each["operation"] == operation]
