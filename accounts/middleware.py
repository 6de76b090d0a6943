"""What a request knows of the person behind it, for the apps that do not know accounts."""

from collections.abc import Callable
from functools import cache, partial

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from accounts.languages import asked_for
from accounts.people import preferences


class ManifestLanguage:
    """Gives `request.manifest_language()`: the person's language of item names, "" for the site's first.

    Of visitors that is the one that their browser asks for, among those that are imported.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.manifest_language = cache(partial(_language, request))
        response = self.get_response(request)
        if request.manifest_language.cache_info().currsize:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def _language(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return preferences(request.user).language
    header = request.headers.get("Accept-Language", "")
    return asked_for(header, request.imported_languages()) if header else ""
