"""The whole way from Bungie's index to the live revision, for the command, the schedule and the admin alike."""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Q
from django.utils import timezone

from destinyvault.bungie.replies import ManifestIndex
from manifest import cleaning, download, index, pruning, switch, unpacking
from manifest.download import Unpack
from manifest.errors import HeldBack, ManifestError, OwnMistake, first_line
from manifest.importing import import_content
from manifest.locks import only_import
from manifest.models import Language, Revision
from manifest.progress import SILENT, Noted, Progress

ReadIndex = Callable[[], ManifestIndex]
FROM_FILE = "from a file"  # a content file does not know its version

log = logging.getLogger(__name__)


class Action(StrEnum):
    UP_TO_DATE = "up to date"
    AVAILABLE = "available"
    KEPT = "kept, not live"
    HELD = "held back"
    SIGHTED = "seen once, acted on when it is seen again"
    SWITCHED = "switched"
    IMPORTED = "imported"
    PINNED = "kept, while another revision is pinned"


@dataclass(frozen=True)
class Outcome:
    language: str
    action: Action
    version: str
    path: str
    revision: Revision | None = None
    pinned: bool = False


def check(language: str, *, read_index: ReadIndex = index.read) -> Outcome:
    """Only look whether the index names something new; changes nothing."""
    found = read_index()
    path = index.path_for(found, language)
    with _database_in_words():
        row = Language.objects.select_related("live").filter(code=language).first() or Language(code=language)
        action, revision = _standing(row, path)
    return Outcome(language, action, found.version, path, revision, pinned=bool(row.pinned_at))


def sync(
    language: str,
    *,
    force: bool = False,
    patient: bool = False,
    file: Path | None = None,
    wait: bool = False,
    read_index: ReadIndex = index.read,
    progress: Progress = SILENT,
) -> Outcome:
    """Make what Bungie's index names (or `file`) live. Raises ManifestError; what is live stays so then.

    `force` imports content that is known already or was held back, and lifts a pin. `patient` acts on what the index
    names only when it is seen for the second time, since Bungie's servers do not always agree (Bungie-net/api#562).
    `wait` is for another import of the language that runs just now.
    """
    close_old_connections()  # after the database went away, the language before left a dead one
    with (
        _database_in_words(),
        only_import(language, wait=wait, progress=progress),
        nullcontext() if file else _noting_check(language),  # a file says nothing about Bungie
        _mistakes_in_words(),
    ):
        progress = Noted(language, progress)
        cleaning.abandon_killed(language)
        wanted = _of_file(language, file) if file else _of_index(language, read_index())
        _row(language)  # only now, so that a language which nobody has leaves nothing
        outcome = _import(wanted, progress, force=True) if force else _follow(wanted, patient, progress)
        pruning.prune(language)
        return outcome


def sync_all(
    languages: Iterable[str],
    *,
    files: Mapping[str, Path] | None = None,
    read_index: ReadIndex = index.read,
    **options: object,
) -> Iterator[tuple[str, Outcome | ManifestError]]:
    """Each on its own: one that fails does not stop the others. The index is read once."""
    read_index = cache(read_index)
    for language in languages:
        try:
            yield language, sync(language, file=(files or {}).get(language), read_index=read_index, **options)
        except ManifestError as error:
            yield language, error


@dataclass(frozen=True)
class _Wanted:
    """One language's content, and how to come by it."""

    language: str
    version: str
    path: str
    ways: list[Unpack]

    def outcome(self, action: Action, revision: Revision | None = None) -> Outcome:
        return Outcome(self.language, action, self.version, self.path, revision)


def _of_file(language: str, file: Path) -> _Wanted:
    if file.exists() and not file.is_file():  # a device may have no end
        raise ManifestError("A folder or a device cannot be read.", "Name a content file.", detail=str(file))
    return _Wanted(language, FROM_FILE, _path_of(file), _from_file(file))


def _of_index(language: str, found: ManifestIndex) -> _Wanted:
    path = index.path_for(found, language)
    return _Wanted(language, found.version, path, download.ways(path))


def _standing(row: Language, path: str) -> tuple[Action, Revision | None]:
    """What the site knows of `path`; reads only."""
    if row.live and _is_same(row.live.path, path):
        return Action.UP_TO_DATE, row.live
    if kept := _kept(row.code, path):
        return Action.KEPT, kept
    if held := _held(row.code, path):
        return Action.HELD, held
    return (Action.SIGHTED if row.sighted_path == path else Action.AVAILABLE), None


def _follow(wanted: _Wanted, patient: bool, progress: Progress) -> Outcome:
    kept, row = _kept(wanted.language, wanted.path), _row(wanted.language)
    if kept:
        _keep_version(kept, wanted.version)
    if kept and kept == row.live:
        _forget_contradicted(row)
        return wanted.outcome(Action.UP_TO_DATE, kept)
    if kept and row.pinned_at:
        return wanted.outcome(Action.PINNED, kept)
    _refuse_what_is_held(wanted)
    if patient and row.live and row.sighted_path != wanted.path:
        _sight(row, wanted.path)
        return wanted.outcome(Action.SIGHTED, kept)
    if kept:
        return wanted.outcome(Action.SWITCHED if switch.follow(kept) else Action.PINNED, kept)
    return _import(wanted, progress)


def _import(wanted: _Wanted, progress: Progress, *, force: bool = False) -> Outcome:
    revision = Revision.objects.create(language=wanted.language, version=wanted.version, path=wanted.path)
    import_content(revision, wanted.ways, progress, force=force)
    revision.refresh_from_db()
    is_live = _row(wanted.language).live_id == revision.pk
    return wanted.outcome(Action.IMPORTED if is_live else Action.PINNED, revision)


def _refuse_what_is_held(wanted: _Wanted) -> None:
    """It was read once already, and waits for staff: no need to download it at every check."""
    if held := _held(wanted.language, wanted.path):
        raise HeldBack(held.error)


def _held(language: str, path: str) -> Revision | None:
    return Revision.objects.filter(language=language, path=path, status=Revision.Status.HELD).order_by("-id").first()


def _sight(row: Language, path: str) -> None:
    row.sighted_path, row.sighted_at = path, timezone.now()
    row.save(update_fields=["sighted_path", "sighted_at"])


def _forget_contradicted(row: Language) -> None:
    """One server that is behind names what was live before. Only if nobody contradicts it the site goes back."""
    if row.sighted_path and _kept(row.code, row.sighted_path, Revision.IMPORTED):
        _sight(row, "")


def _row(language: str) -> Language:
    return Language.objects.select_related("live").get_or_create(code=language)[0]


def _keep_version(kept: Revision, version: str) -> None:
    """Bungie may give the same content a new version."""
    if version not in (FROM_FILE, kept.version):
        kept.version = version
        kept.save(update_fields=["version"])


def _from_file(file: Path) -> list[Unpack]:
    return [lambda folder, progress: unpacking.unpack(file, file.name, folder, progress)]


def _path_of(file: Path) -> str:
    """As unmistakable as Bungie's paths are."""
    if unpacking.promised_md5(file.name):
        return file.name
    try:
        with file.open("rb") as opened:
            return f"{hashlib.file_digest(opened, 'md5').hexdigest()}/{file.name}"
    except OSError as error:
        raise ManifestError(
            f"The file cannot be read: {error.strerror}.", "Name another one.", detail=str(file)
        ) from error


def _is_same(kept: str, path: str) -> bool:
    """A file from disk is the same as Bungie's when its name says so."""
    name = PurePosixPath(path).name
    return kept == path or bool(unpacking.promised_md5(name) and PurePosixPath(kept).name == name)


def _kept(language: str, path: str, statuses: Collection[str] = (Revision.Status.COMPLETE,)) -> Revision | None:
    """The newest complete revision of that content."""
    found = Revision.objects.filter(language=language, status__in=statuses)
    same = found.filter(Q(path=path) | Q(path__endswith=PurePosixPath(path).name)).order_by("-id")
    return next((revision for revision in same if _is_same(revision.path, path)), None)


@contextmanager
def _noting_check(language: str) -> Iterator[None]:
    """For everybody to read. What is held back was looked at without a fault: staff decide, and the message says so."""
    try:
        yield
    except ManifestError as error:
        _note(language, failed=not isinstance(error, HeldBack), message=str(error))
        raise
    _note(language, failed=False, message="")


def _note(language: str, *, failed: bool, message: str) -> None:
    noted = {"checked_at": timezone.now(), "check_failed": failed, "check_message": message}
    if not Language.objects.filter(code=language).update(**noted) and language in settings.MANIFEST_LANGUAGES:
        Language.objects.create(code=language, **noted)


@contextmanager
def _database_in_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise ManifestError("The database does not answer.", detail=first_line(error)) from error


@contextmanager
def _mistakes_in_words() -> Iterator[None]:
    """What nobody thought of stops neither the other languages nor the note on this one."""
    try:
        yield
    except (ManifestError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("The Manifest was not updated")
        raise OwnMistake(error) from error
