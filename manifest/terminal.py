"""Progress for people: bars on a terminal, one plain line per phase anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.template.defaultfilters import filesizeformat
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from manifest.progress import Progress, Report


@contextmanager
def shown(write: Callable[[str], object]) -> Iterator[Progress]:
    """`write` takes the plain lines; the bars go to stderr, so that a pipe gets only words."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(write)
        return
    columns = (TextColumn("{task.description:<12}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        yield _Bars(bars)


class _Lines:
    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def phase(self, name: str, total: int | None) -> Report:
        self._write(f"{name} {_plain_size(total)}" if total else name)
        return lambda done: None


class _Bars:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    def phase(self, name: str, total: int | None) -> Report:
        task = self._bars.add_task(name, total=total)
        return lambda done: self._bars.update(task, completed=done)


def _plain_size(size: int) -> str:
    return filesizeformat(size).replace("\xa0", " ")
