"""Fetch a content file and unpack it, as wary as Bungie's CDN asks for."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from django.conf import settings

from destinyvault.bungie import client
from destinyvault.bungie.errors import BungieError
from manifest import unpacking
from manifest.errors import BrokenFile
from manifest.progress import Progress
from manifest.unpacking import Content

Unpack = Callable[[Path, Progress], Content]  # writes the SQLite file into a folder

_LEFT_BEHIND_SECONDS = 24 * 3600


@contextmanager
def workspace(language: str) -> Iterator[Path]:
    """A folder for one import, gone afterwards; those of killed processes go after a day."""
    root = settings.VAR_DIR / "manifest"
    root.mkdir(parents=True, exist_ok=True)
    for folder in root.iterdir():
        if folder.stat().st_mtime < time.time() - _LEFT_BEHIND_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{language}-", dir=root, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def ways(path: str) -> list[Unpack]:
    """How to come by the content that `path` names, one to try after the other.

    The CDN keeps the 404 of a file that was asked for too early for a day, and torn files too; another query is another
    file to it (Bungie-net/api#826).
    """
    return [partial(_fetch, path, query) for query in ("", "?x", f"?x-{secrets.token_hex(4)}")]


def _fetch(path: str, query: str, folder: Path, progress: Progress) -> Content:
    archive = folder / "content.zip"
    _download(path + query, archive, progress)
    return unpacking.unpack(archive, PurePosixPath(path).name, folder, progress)


def _download(path: str, archive: Path, progress: Progress) -> None:
    try:
        with client.open_content(path) as content, archive.open("wb") as file:
            report = progress.phase("Downloading", content.length)
            for chunk in content:
                file.write(chunk)
                report(file.tell())
                if file.tell() > unpacking.MAX_CONTENT_BYTES:
                    raise BrokenFile("Bungie.net sends a content file that does not end.")
    except BungieError as error:
        raise _not_served(error) from error


def _not_served(error: BungieError) -> BrokenFile:
    if error.http_status:
        return BrokenFile(f"Bungie.net answers with HTTP status {error.http_status} instead of the content file.")
    return BrokenFile(f"The content file could not be downloaded: {error.message or error}")
