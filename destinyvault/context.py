from django.conf import settings
from django.http import HttpRequest

REAL_BUNGIE = "https://www.bungie.net"


def site(request: HttpRequest) -> dict[str, object]:
    """What every template may name."""
    return {"BUNGIE_ROOT": settings.BUNGIE_ROOT, "is_sandbox": settings.BUNGIE_ROOT != REAL_BUNGIE}
