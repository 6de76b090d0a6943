"""A job that has to wait: for what, until when it is tried again, and how the page says it."""

from __future__ import annotations

from datetime import timedelta

from destinyvault.bungie.errors import BungieDown, BungieError, SignInExpired, SiteRefused, Throttled
from inventory.models import Trouble

from .models import WaitsFor

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=7)
SENTENCES = {
    WaitsFor.MAINTENANCE: "Waiting for Bungie's maintenance to end.",
    WaitsFor.THROTTLED: "Waiting a moment: Bungie has had many requests.",
    WaitsFor.SILENT: "Waiting for Bungie.net to answer again.",
    WaitsFor.ACTIVITY: "Waiting for the character to leave its activity: go to orbit or a social space.",
    WaitsFor.SIGN_IN: "Waiting for you to sign in with Bungie.net again.",
    WaitsFor.ANSWER: "Waiting for Bungie to show where the item is: the answer to the last call was lost.",
    WaitsFor.SHOWN: "Bungie said yes to everything. Waiting for it to show that.",
    WaitsFor.STAFF: "Waiting for this site's staff to look into it: Bungie refuses this site's own settings. "
    "Nothing is lost.",
}
CONSENT = "Waiting for you to sign in again and allow this site to move items: Bungie says that it may not."
TROUBLED = "Waiting for Bungie.net to get over trouble of its own: it trips over this again and again."
UNSEEN = "Waiting for Bungie to show what has changed in the game."
UNTOLD = (
    "Waiting for this site's staff to look into it: Bungie refuses to tell this site what you own. Nothing is lost."
)
DOUBTED = "Bungie said yes, but shows the item where it was: waiting for it to show where the item is."
_TROUBLES = {
    Trouble.MAINTENANCE: WaitsFor.MAINTENANCE,
    Trouble.THROTTLED: WaitsFor.THROTTLED,
    Trouble.SIGN_IN: WaitsFor.SIGN_IN,
}


class Parked(Exception):
    """Raised wherever a job cannot go on now. `wait` None: longer each time, as long as it has waited already."""

    def __init__(self, waits_for: WaitsFor, wait: timedelta | None = None, message: str = "") -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for
        self.wait = wait
        self.message = message or SENTENCES[waits_for]


def parked_by(error: BungieError) -> Parked:
    """For a call that did not happen, and that is good again later."""
    match error:
        case SignInExpired():
            return Parked(WaitsFor.SIGN_IN)
        case Throttled():
            return Parked(WaitsFor.THROTTLED, max(timedelta(seconds=error.throttle_seconds), SHORTEST))
        case BungieDown():
            return Parked(WaitsFor.MAINTENANCE if error.maintenance else WaitsFor.SILENT)
        case SiteRefused():
            return Parked(WaitsFor.STAFF)
    return Parked(WaitsFor.SILENT)


def parked_by_trouble(trouble: str) -> Parked:
    """For a profile that could not be read."""
    if trouble == Trouble.REFUSED:
        return Parked(WaitsFor.STAFF, message=UNTOLD)
    return Parked(_TROUBLES.get(Trouble(trouble), WaitsFor.SILENT))


def next_wait(waited: timedelta) -> timedelta:
    """Doubles the time in all, between the shortest and the longest."""
    return min(max(waited, SHORTEST), LONGEST)
