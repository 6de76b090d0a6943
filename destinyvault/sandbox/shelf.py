"""The worlds that were made before: a second start takes them from disk."""

import hashlib
import json
import tempfile
from pathlib import Path

from destinyvault.sandbox import world
from destinyvault.sandbox.content import Content, content_at, settle, unpacked, write_contents
from destinyvault.sandbox.world import definitions

FILLED = ("en", "fr")


def first_contents(seed: int, scale: int, folder: Path, capture: Path | None) -> dict[str, Content]:
    """Somebody's real content file for all languages, or our own world by language, made once and then kept."""
    folder.mkdir(parents=True, exist_ok=True)
    if capture:
        return {"en": unpacked(capture, folder)}
    return kept_world(seed, scale, folder) or make_world(seed, scale, folder)


def make_world(seed: int, scale: int, folder: Path) -> dict[str, Content]:
    """Written aside and moved into place, so that two sandboxes starting at once do not read each other's halves."""
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        contents = write_contents(definitions(seed, scale), Path(aside), FILLED)
        settled = {language: settle(content, folder) for language, content in contents.items()}
    note = note_of(seed, scale, folder)
    partial = Path(tempfile.mkstemp(dir=folder)[1])
    partial.write_text(json.dumps({language: content.md5 for language, content in settled.items()}))
    partial.replace(note)
    return settled


def kept_world(seed: int, scale: int, folder: Path) -> dict[str, Content] | None:
    note = note_of(seed, scale, folder)
    if not note.exists():
        return None
    contents = {language: content_at(md5, folder) for language, md5 in json.loads(note.read_text()).items()}
    return contents if all(c.zipped.exists() and c.database.exists() for c in contents.values()) else None


def note_of(seed: int, scale: int, folder: Path) -> Path:
    return folder / f"world-{seed}-{scale}-{recipe()}.json"


def recipe() -> str:
    """Changes whenever the code that makes the world does, so that a stale world is never served."""
    sources = sorted(Path(world.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
