"""The Manifest's files, as the CDN gives them out."""

import io
import re
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from destinyvault.sandbox.content import Content, as_json, reading, tables
from destinyvault.sandbox.envelope import JSON_TYPE, Reply, html
from destinyvault.sandbox.pages import plain_page
from destinyvault.sandbox.request import Request

if TYPE_CHECKING:
    from destinyvault.sandbox.server import Sandbox

SQLITE = re.compile(r"/common/destiny2_content/sqlite/[\w-]+/world_sql_content_([0-9a-f]{32})\.content")
JSON = re.compile(r"/common/destiny2_content/json/([\w-]+)/(\w+)-([0-9a-f]{32})\.json")
BINARY = "application/octet-stream"
FOREVER = (("Cache-Control", "public, max-age=31536000"),)


def operation_of(path: str) -> str | None:
    if path.startswith("/common/destiny2_content/sqlite/"):
        return "content"
    return "json" if path.startswith("/common/destiny2_content/json/") else None


def content_file(sandbox: "Sandbox", request: Request, broken: str = "") -> Reply:
    found = SQLITE.fullmatch(request.path)
    content = sandbox.library.content(found[1]) if found else None
    if content is None or broken == "404":
        return html(plain_page(404), 404)
    if broken == "html":
        return html(plain_page(200))
    if broken:
        return Reply(200, BROKEN[broken](content), BINARY)
    return Reply(200, content_type=BINARY, headers=FOREVER, file=content.zipped)


def truncated(content: Content) -> bytes:
    whole = content.zipped.read_bytes()
    return whole[: len(whole) // 2]


def corrupt(content: Content) -> bytes:
    """A zip whose contents do not unpack: the directory at the end is whole, the data is not."""
    whole = bytearray(content.zipped.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 4096] = b"\0" * 4096
    return bytes(whole)


def two_files(content: Content) -> bytes:
    out = io.BytesIO(content.zipped.read_bytes())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("second.txt", "one file too many")
    return out.getvalue()


def wrong_md5(content: Content) -> bytes:
    """A good zip around a good database that is not the one its name speaks of."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "other.sqlite3"
        with sqlite3.connect(database) as db:
            db.execute("CREATE TABLE DestinyInventoryItemDefinition (id INTEGER PRIMARY KEY, json BLOB)")
            db.execute("""INSERT INTO DestinyInventoryItemDefinition VALUES (1, '{"hash":1}')""")
        db.close()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.write(database, content.name)
    return out.getvalue()


BROKEN = {
    "truncated": truncated,
    "corrupt": corrupt,
    "empty": lambda content: b"",
    "two_files": two_files,
    "wrong_md5": wrong_md5,
}


def json_file(sandbox: "Sandbox", request: Request) -> Reply:
    """Tables as JSON. The current edition is all that is kept in this form."""
    found = JSON.fullmatch(request.path)
    if not found:
        return html(plain_page(404), 404)
    language, table, _ = found.groups()
    content = sandbox.library.current.content(language)
    with reading(content.database) as db:
        if table not in ("aggregate", *tables(db)):
            return html(plain_page(404), 404)
    return Reply(200, b"".join(as_json(content, table)), JSON_TYPE, headers=FOREVER)
