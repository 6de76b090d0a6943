"""What a request for a public page chooses: language, filters and the page's number; slips are told in a sentence."""

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import HttpRequest

from manifest.comparing import Choice, Comparison, Kind, NotComparable
from manifest.models import Language

_LONGEST_TEXT = 200


def language_of(request: HttpRequest) -> str:
    """`?language=`, else the person's, else the site's first; it may not be imported yet. Raises NotComparable."""
    wanted = request.GET.get("language", "")
    if not wanted:
        return request.manifest_language() or settings.MANIFEST_LANGUAGES[0]
    is_text = "\0" not in wanted  # no text in Postgres holds one
    if wanted in settings.MANIFEST_LANGUAGES or (is_text and Language.objects.filter(code=wanted).exists()):
        return wanted
    imported = ", ".join(request.imported_languages()) or "none yet"
    raise NotComparable(f"This site keeps no Manifest in “{wanted}”; it has {imported}.")


def chosen(request: HttpRequest, comparison: Comparison) -> Choice:
    asked = request.GET
    return choice(comparison, asked.get("kind", ""), asked.get("table", ""), asked.get("name", ""))


def choice(comparison: Comparison, kind: str, table: str, text: str) -> Choice:
    """Raises NotComparable."""
    if kind and kind not in [*Kind]:
        raise NotComparable(f"Changes are {', '.join(Kind)}; there are none of the kind “{kind}”.")
    if table and table not in comparison.span.tables:
        raise NotComparable(f"The Manifest has no table “{table}”.")
    return Choice(kind, table, text.strip().replace("\0", "")[:_LONGEST_TEXT])


def page_of(paginator: Paginator, request: HttpRequest) -> Page:
    return numbered(paginator, request.GET.get("page", "1"))


def numbered(paginator: Paginator, number: str | int) -> Page:
    """Raises NotComparable."""
    try:
        return paginator.page(number)
    except InvalidPage as error:
        raise NotComparable(f"There is no page “{number}”; the last one is {paginator.num_pages}.") from error
