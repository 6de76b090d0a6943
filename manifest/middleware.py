"""What a request knows of the Manifest, for the apps that do not know this one."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse

from manifest import health


class ImportedLanguages:
    """Gives `request.imported_languages()`: the codes in which items have names here, the site's first one in front."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.imported_languages = cache(_imported)
        return self.get_response(request)


def _imported() -> list[str]:
    return [each.language for each in health.state() if each.version]
