"""What the JSON API tells a person about what they own."""

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError

from accounts import people
from accounts.models import Membership
from destinyvault.api_errors import failures

from . import replies
from .reading import read
from .snapshots import latest

router = Router()
FAILURES = failures(400, 401, 404, 502, 503)


@router.get("me", response={200: replies.MeReply, **FAILURES}, by_alias=True)
def me(request: HttpRequest) -> replies.MeReply:
    """Who is asking."""
    memberships = Membership.objects.filter(account__user=request.auth, listed=True).order_by("membership_id")
    return replies.me(request.auth, list(memberships), people.preferences(request.auth))


@router.get("inventory", response={200: replies.InventoryReply, **FAILURES}, by_alias=True)
def inventory(request: HttpRequest, refresh: bool = False) -> HttpResponse:
    """Everything that the person owns. `refresh=1` asks Bungie again, though not more often than every few seconds."""
    player = people.player(request.auth)
    if player is None:
        raise HttpError(404, "There is no Destiny account to show.")
    reply = replies.inventory(read(latest(player, refresh=refresh)))
    # Written here: Ninja would read a thousand items back in and check them once more, which takes half of the time.
    return HttpResponse(reply.model_dump_json(by_alias=True), content_type="application/json")
