"""The whole way from Bungie's index to the live revision, for the command, the schedule and the admin alike."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath

from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Q
from django.utils import timezone

from destinyvault.bungie.replies import ManifestIndex
from manifest import cleaning, content_file, download, index, switch
from manifest.errors import ManifestError, first_line
from manifest.importing import Unpack, import_content
from manifest.locks import only_import
from manifest.models import Language, Revision
from manifest.progress import SILENT, Progress

ReadIndex = Callable[[], ManifestIndex]
FROM_FILE = "from a file"  # a content file does not know its version


class Action(StrEnum):
    UP_TO_DATE = "up to date"
    AVAILABLE = "available"
    SWITCHED = "switched"
    IMPORTED = "imported"


@dataclass(frozen=True)
class Outcome:
    language: str
    action: Action
    version: str
    path: str
    revision: Revision | None = None


def check(language: str, *, read_index: ReadIndex = index.read) -> Outcome:
    """Only look whether the index names something new; changes nothing."""
    found = read_index()
    path = index.path_for(found, language)
    with _database_in_words():
        live = _live(language)
    action = Action.UP_TO_DATE if live and _is_same(live.path, path) else Action.AVAILABLE
    return Outcome(language, action, found.version, path, live)


def sync(
    language: str,
    *,
    force: bool = False,
    file: Path | None = None,
    wait: bool = False,
    read_index: ReadIndex = index.read,
    progress: Progress = SILENT,
) -> Outcome:
    """Make what Bungie's index names (or `file`) live. Raises ManifestError; what is live stays so then.

    `force` imports content that is known already. `wait` is for another import of the language that runs just now.
    """
    close_old_connections()  # after the database went away, the language before left a dead one
    with _database_in_words(), only_import(language, wait=wait, progress=progress), _noting_check(language):
        cleaning.abandon_killed(language)
        if file:
            return _follow(language, FROM_FILE, _path_of(file), force, _from_file(file), progress)
        found = read_index()
        path = index.path_for(found, language)
        return _follow(language, found.version, path, force, _from_bungie(path), progress)


def sync_all(
    languages: Iterable[str], *, files: Mapping[str, Path] | None = None, **options: object
) -> Iterator[tuple[str, Outcome | ManifestError]]:
    """Each on its own: one that fails does not stop the others. The index is read once."""
    read_index = cache(index.read)
    for language in languages:
        try:
            yield language, sync(language, file=(files or {}).get(language), read_index=read_index, **options)
        except ManifestError as error:
            yield language, error


def _follow(language: str, version: str, path: str, force: bool, unpack: Unpack, progress: Progress) -> Outcome:
    kept = None if force else _kept(language, path)
    if kept:
        _keep_version(kept, version)
    if kept and kept == _live(language):
        return Outcome(language, Action.UP_TO_DATE, version, path, kept)
    if kept:
        switch.make_live(kept)
        return Outcome(language, Action.SWITCHED, version, path, kept)
    revision = Revision.objects.create(language=language, version=version, path=path)
    import_content(revision, unpack, progress)
    revision.refresh_from_db()
    return Outcome(language, Action.IMPORTED, version, path, revision)


def _keep_version(kept: Revision, version: str) -> None:
    """Bungie may give the same content a new version."""
    if version not in (FROM_FILE, kept.version):
        kept.version = version
        kept.save(update_fields=["version"])


def _from_bungie(path: str) -> Unpack:
    return lambda folder, progress: download.fetch(path, folder, progress)


def _from_file(file: Path) -> Unpack:
    return lambda folder, progress: content_file.unpack(file, file.name, folder, progress)


def _path_of(file: Path) -> str:
    """As unmistakable as Bungie's paths are."""
    if content_file.promised_md5(file.name):
        return file.name
    try:
        with file.open("rb") as opened:
            return f"{hashlib.file_digest(opened, 'md5').hexdigest()}/{file.name}"
    except OSError as error:
        raise ManifestError(f"The file {file} cannot be read: {error.strerror}.", "Name another one.") from error


def _is_same(kept: str, path: str) -> bool:
    """A file from disk is the same as Bungie's when its name says so."""
    name = PurePosixPath(path).name
    return kept == path or bool(content_file.promised_md5(name) and PurePosixPath(kept).name == name)


def _live(language: str) -> Revision | None:
    found = Language.objects.filter(code=language).select_related("live").first()
    return found and found.live


def _kept(language: str, path: str) -> Revision | None:
    """The newest complete revision of that content."""
    complete = Revision.objects.filter(language=language, status=Revision.Status.COMPLETE)
    same = complete.filter(Q(path=path) | Q(path__endswith=PurePosixPath(path).name)).order_by("-id")
    return next((revision for revision in same if _is_same(revision.path, path)), None)


@contextmanager
def _noting_check(language: str) -> Iterator[None]:
    try:
        yield
    except ManifestError as error:
        _note(language, failed=True, message=str(error))
        raise
    _note(language, failed=False, message="")


def _note(language: str, *, failed: bool, message: str) -> None:
    noted = {"checked_at": timezone.now(), "check_failed": failed, "check_message": message}
    Language.objects.update_or_create(code=language, defaults=noted)


@contextmanager
def _database_in_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise ManifestError(f"The database does not answer: {first_line(error)}.") from error
