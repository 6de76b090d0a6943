from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.people import player

from .page import USUAL_PLACE, look
from .plain_text import as_text

HTML, TEXT = "text/html", "text/plain"


@require_safe
@never_cache
def xur(request: HttpRequest) -> HttpResponse:
    """Public. `Accept: text/plain` gets the same as lines for a terminal."""
    person = player(request.user) if request.user.is_authenticated else None
    stall = look(person, request.GET.get("character", ""), request.manifest_language())
    if request.get_preferred_type([HTML, TEXT]) == TEXT:
        response = HttpResponse(as_text(stall), content_type=f"{TEXT}; charset=utf-8")
    else:
        response = render(request, "xur/xur.html", {"stall": stall, "usual_place": USUAL_PLACE})
    patch_vary_headers(response, ["Accept"])
    return response
