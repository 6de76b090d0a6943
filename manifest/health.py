"""How the Manifest is doing, for /status/, /healthz, the front page and the API."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from manifest.locks import importing
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
    sighted: bool = False
    revision_id: int | None = None

    @property
    def outcome(self) -> str:
        """Of the last check, in words."""
        if not self.checked_at:
            return "Nobody has looked yet."
        if self.check_message:
            return self.check_message
        if self.sighted:
            return "Bungie named a new one; it is read when the next check sees it too."
        return "Staff keep this one, so checks change nothing." if self.pinned_at else "Up to date."


@dataclass(frozen=True)
class Running:
    """An import that goes on just now; `percent` is of its phase, None where nobody knows its end."""

    language: str
    phase: str
    percent: int | None


def state() -> list[LanguageState]:
    """Every language of MANIFEST_LANGUAGES, in that order; one query."""
    found = {row.code: _state(row) for row in Language.objects.select_related("live")}
    return [found.get(code, LanguageState(code)) for code in settings.MANIFEST_LANGUAGES]


def running() -> list[Running]:
    """The imports of this moment, also of languages that are no longer in the settings."""
    rows = Language.objects.filter(code__in=importing()).order_by("code")
    return [Running(row.code, row.phase or "Looking", _percent(row)) for row in rows]


def _state(row: Language) -> LanguageState:
    checked = {
        "checked_at": row.checked_at,
        "check_failed": row.check_failed,
        "check_message": row.check_message,
        "sighted": bool(row.sighted_path),
    }
    if not row.live:
        return LanguageState(row.code, **checked)
    live = row.live
    return LanguageState(
        row.code,
        live.version,
        live.path,
        live.rows,
        row.activated_at,
        row.pinned_at,
        revision_id=live.pk,
        **checked,
    )


def _percent(row: Language) -> int | None:
    return min(100, row.phase_done * 100 // row.phase_total) if row.phase_total else None
