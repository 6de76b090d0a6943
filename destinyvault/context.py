from django.conf import settings
from django.http import HttpRequest

THEMES = {"dark", "light"}  # anything else: as the system has it
REAL_BUNGIE = "https://www.bungie.net"


def site(request: HttpRequest) -> dict[str, object]:
    """What every template may name."""
    theme = request.COOKIES.get("theme")
    return {
        "BUNGIE_ROOT": settings.BUNGIE_ROOT,
        "is_sandbox": settings.BUNGIE_ROOT != REAL_BUNGIE,
        "theme": theme if theme in THEMES else "",
    }
