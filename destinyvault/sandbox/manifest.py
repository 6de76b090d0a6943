"""The Manifest as it is published: the content files, the index that names them, and how a new version comes about."""

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from destinyvault.sandbox import facts
from destinyvault.sandbox.content import Content, reading, tables
from destinyvault.sandbox.revise import Changes, derive
from destinyvault.sandbox.shelf import first_contents
from destinyvault.sandbox.world.forge import Forge

ROOT = "/common/destiny2_content"


@dataclass(frozen=True)
class Edition:
    """One published version: a content file for every filled language."""

    number: int
    version: str
    contents: dict[str, Content]

    def content(self, language: str) -> Content:
        return self.contents.get(language) or self.contents["en"]


def open_library(seed: int, scale: int, folder: Path, capture: Path | None) -> "Library":
    """Raises BadContent where the capture is no content file."""
    return Library(first_contents(seed, scale, folder, capture), Forge(seed), "capture" if capture else "sandbox")


class Library:
    """Every edition that was published in this run. Old files stay downloadable, as they do on the real CDN."""

    def __init__(self, contents: dict[str, Content], forge: Forge, origin: str = "sandbox") -> None:
        self.origin = origin
        first = Edition(1, self.version(forge.seed, 1), contents)
        self.editions = [first]
        self.current = first
        self.removed_languages: set[str] = set()
        self.forge = forge
        self._later = tempfile.TemporaryDirectory(prefix="sandbox-editions-")
        self._lock = threading.Lock()

    def version(self, seed: int, number: int) -> str:
        """In Bungie's form, and telling what it is of."""
        return f"{240000 + number}.26.06.16.{2000 + number}-{seed}-{self.origin}.{65000 + number}"

    def reset(self) -> None:
        with self._lock:
            del self.editions[1:]
            self.current = self.editions[0]
            self.removed_languages.clear()

    def close(self) -> None:
        self._later.cleanup()

    def content(self, md5: str) -> Content | None:
        held = (content for edition in self.editions for content in edition.contents.values())
        return next((content for content in held if content.md5 == md5), None)

    def publish(self, changes: Changes) -> Edition:
        with self._lock:
            number = len(self.editions) + 1
            version = self.current.version if changes.keep_version else self.version(self.forge.seed, number)
            contents = {
                language: derive(content, language, changes, number, Path(self._later.name), self.forge)
                for language, content in self.current.contents.items()
            }
            self.current = Edition(number, version, contents)
            self.editions.append(self.current)
            return self.current

    def flip(self) -> Edition:
        """Back to the edition before: Bungie's servers do not always agree on which is the newest."""
        with self._lock:
            place = self.editions.index(self.current)
            self.current = self.editions[place - 1] if place else self.editions[-1]
            return self.current

    def index(self) -> dict[str, Any]:
        edition = self.current
        languages = [language for language in facts.LANGUAGES if language not in self.removed_languages]
        suffix = self.forge.digest("json", edition.number).hex()
        with reading(edition.content("en").database) as db:
            names = tables(db)
        asset = f"{ROOT}/sqlite/asset/asset_sql_content_{suffix}.content"
        return {
            "version": edition.version,
            "mobileAssetContentPath": asset,
            "mobileGearAssetDataBases": [{"version": number, "path": asset} for number in range(3)],
            "mobileWorldContentPaths": {language: world_path(edition, language) for language in languages},
            "jsonWorldContentPaths": {language: json_path(language, "aggregate", suffix) for language in languages},
            "jsonWorldComponentContentPaths": {
                language: {name: json_path(language, name, suffix) for name in names} for language in languages
            },
            "mobileClanBannerDatabasePath": f"{ROOT}/clanbanner/clanbanner_sql_content_{suffix}.content",
            "mobileGearCDN": {"Gear": f"{ROOT}/geometry/gear", "Texture": f"{ROOT}/geometry/platform/mobile/textures"},
            "iconImagePyramidInfo": [],
        }


def world_path(edition: Edition, language: str) -> str:
    return f"{ROOT}/sqlite/{language}/{edition.content(language).name}"


def json_path(language: str, name: str, suffix: str) -> str:
    return f"{ROOT}/json/{language}/{name}-{suffix}.json"
