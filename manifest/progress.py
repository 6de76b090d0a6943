"""How an import tells where it is. The command shows it; everybody else takes the silent one."""

import time
from collections.abc import Callable
from typing import Protocol

from manifest.models import Language

Report = Callable[[int], None]  # takes the bytes done so far


class Progress(Protocol):
    def phase(self, name: str, total: int | None) -> Report:
        """Begin a phase of `total` bytes, where that is known."""


class Silent:
    def phase(self, name: str, total: int | None) -> Report:
        return lambda done: None


SILENT = Silent()


class Noted:
    """Also writes on the language's row where the import is, about once a second, for whoever looks at the site."""

    _SECONDS = 1.0

    def __init__(self, language: str, shown: Progress) -> None:
        self._row = Language.objects.filter(code=language)
        self._row.update(phase="")  # the one before ended wherever it was
        self._shown = shown

    def phase(self, name: str, total: int | None) -> Report:
        self._row.update(phase=name, phase_done=0, phase_total=total)
        report = self._shown.phase(name, total)
        noted_at = time.monotonic()

        def note(done: int) -> None:
            nonlocal noted_at
            report(done)
            if time.monotonic() - noted_at > self._SECONDS:
                self._row.update(phase_done=done)
                noted_at = time.monotonic()

        return note
