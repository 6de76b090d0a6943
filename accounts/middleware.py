"""What a request knows of the person behind it, for the apps that do not know accounts."""

from collections.abc import Callable
from functools import cache, partial

from django.http import HttpRequest, HttpResponse

from accounts.people import preferences


class ManifestLanguage:
    """Gives `request.manifest_language()`: the person's language of item names, "" for the site's first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.manifest_language = cache(partial(_language, request))
        return self.get_response(request)


def _language(request: HttpRequest) -> str:
    return preferences(request.user).language if request.user.is_authenticated else ""
