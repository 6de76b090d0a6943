"""How an import tells where it is. The command shows it; everybody else takes the silent one."""

from collections.abc import Callable
from typing import Protocol

Report = Callable[[int], None]  # takes the bytes done so far


class Progress(Protocol):
    def phase(self, name: str, total: int | None) -> Report:
        """Begin a phase of `total` bytes, where that is known."""


class Silent:
    def phase(self, name: str, total: int | None) -> Report:
        return lambda done: None


SILENT = Silent()
