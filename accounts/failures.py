"""Sign-ins that did not work: each says what happened, what is safe and what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from destinyvault.bungie.errors import BungieDown, BungieError, SignInExpired, SiteRefused, Throttled


@dataclass(frozen=True)
class Failure:
    http_status: int
    title: str
    happened: str
    safe: str
    todo: str
    can_retry: bool = True
    retry_after: int = 0


NOTHING_STORED = "Nothing was stored, and your items are with Bungie as before."

CANCELLED = Failure(
    200,
    "Sign-in cancelled",
    "You left Bungie's page without allowing this site to see your items.",
    NOTHING_STORED,
    "Sign in whenever you like. Bungie's page shows what this site may do: read your inventory, and move and equip "
    "items when you ask for it.",
)
REFUSED = Failure(
    403,
    "Bungie refused the sign-in",
    "Bungie sent you back without a permission for this site.",
    NOTHING_STORED,
    "Try again. If it stays, sign out at Bungie.net, sign in there, and come back.",
)
STATE_MISSING = Failure(
    400,
    "This sign-in cannot be finished",
    "It was not begun in this browser, was finished already, or is older than ten minutes. So that nobody can sign you "
    "in to an account of theirs, it ends here.",
    NOTHING_STORED,
    "Begin again with the button. If it stays, allow cookies, and open this site by the address that its owner gave "
    "out.",
)
CODE_MISSING = Failure(
    400,
    "This sign-in cannot be finished",
    "Bungie sent you back without the code that finishes the sign-in.",
    NOTHING_STORED,
    "Begin again with the button.",
)
CODE_EXPIRED = Failure(
    400,
    "The sign-in took too long",
    "The code that Bungie sent you back with has expired, or was used already. Each is good once, for some minutes.",
    NOTHING_STORED,
    "Begin again with the button; it is quick, as Bungie remembers you.",
)
MAINTENANCE = Failure(
    503,
    "Bungie is down for maintenance",
    "Nobody can sign in at Bungie until it is over.",
    "Your items are safe. Whoever is signed in here stays signed in.",
    "Try again later. Bungie announces the end at help.bungie.net.",
    retry_after=300,
)
DOWN = Failure(
    503,
    "Bungie does not answer",
    "Bungie.net could not be reached, or sent no usable answer, while you were signing in.",
    "Your items are safe. Whoever is signed in here stays signed in.",
    "Try again in a minute.",
    retry_after=60,
)
THROTTLED = Failure(
    503,
    "Bungie asks for patience",
    "This site has asked Bungie for a lot in a short time.",
    NOTHING_STORED,
    "Try again in half a minute.",
    retry_after=30,
)
NOT_SET_UP = Failure(
    502,
    "This site is not set up for Bungie",
    "Bungie does not accept this site's application: the API key or the client's id and secret are missing or wrong, "
    "or the application may not do what this site does.",
    NOTHING_STORED,
    "Only the site's owner can mend it: BUNGIE_API_KEY, BUNGIE_CLIENT_ID and BUNGIE_CLIENT_SECRET have to be those of "
    "the application's page at Bungie.net.",
    can_retry=False,
)
REFUSED_BY_CALL = Failure(
    502,
    "Bungie refused",
    "Bungie let you sign in, but did not say which Destiny accounts you have.",
    NOTHING_STORED,
    "Try again. If it stays, see whether Bungie.net itself shows your characters.",
)
NO_DESTINY_ACCOUNT = Failure(
    403,
    "No Destiny 2 account",
    "You signed in at Bungie.net, but no Destiny 2 account belongs to that profile.",
    NOTHING_STORED,
    "Perhaps you play with another profile: sign out at Bungie.net and sign in with the platform that you play on. "
    "If you are new, start the game once and come back.",
)
TWICE = Failure(
    409,
    "Two sign-ins at once",
    "You signed in twice at the same moment, and the other one was quicker.",
    "The other one counts; nothing is lost.",
    "Sign in again, or go back to the other tab.",
)
LOCKED = Failure(
    403,
    "This account is locked",
    "The owner of this site has locked your account here.",
    "Your items are with Bungie, and no move is running.",
    "Ask the owner of this site.",
    can_retry=False,
)


def of(error: BungieError) -> Failure:
    match error:
        case SignInExpired():
            return CODE_EXPIRED
        case BungieDown():
            return MAINTENANCE if error.maintenance else DOWN
        case Throttled():
            return THROTTLED
        case SiteRefused():
            return NOT_SET_UP
    return REFUSED_BY_CALL


def page(request: HttpRequest, failure: Failure) -> HttpResponse:
    response = render(request, "accounts/sign_in_failed.html", {"failure": failure}, status=failure.http_status)
    if failure.retry_after:
        response["Retry-After"] = str(failure.retry_after)
    return response
