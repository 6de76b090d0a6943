"""How the Manifest is doing, for /healthz, the front page and the API."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from manifest.models import Language


@dataclass(frozen=True)
class LanguageState:
    """All but `language` is None, or empty, before the first import or check. `definitions` counts rows."""

    language: str
    version: str = ""
    path: str = ""
    definitions: int = 0
    activated_at: datetime | None = None
    pinned_at: datetime | None = None
    checked_at: datetime | None = None
    check_failed: bool = False
    check_message: str = ""


def state() -> list[LanguageState]:
    """Every language of MANIFEST_LANGUAGES, in that order; one query."""
    found = {row.code: _state(row) for row in Language.objects.select_related("live")}
    return [found.get(code, LanguageState(code)) for code in settings.MANIFEST_LANGUAGES]


def _state(row: Language) -> LanguageState:
    checked = {
        "checked_at": row.checked_at,
        "check_failed": row.check_failed,
        "check_message": row.check_message,
    }
    if not row.live:
        return LanguageState(row.code, **checked)
    live = row.live
    return LanguageState(row.code, live.version, live.path, live.rows, row.activated_at, row.pinned_at, **checked)
