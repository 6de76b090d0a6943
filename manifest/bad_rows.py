"""Find the row that Postgres would not take: its own error names a line of a COPY, and nobody kept a list of those."""

import json
import re
from pathlib import Path

from manifest import content_file

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # allowed in JSON, but no text in Postgres can hold it


def first(content: Path) -> str | None:
    """A sentence about the first row that is not the JSON of an object that Postgres can store."""
    with content_file.opened(content) as database:
        for table in content_file.tables(database):
            for key, raw in content_file.rows(database, table):
                if fault := _fault(raw):
                    return f"The row {key} of {table.name} {fault}."
    return None


def _fault(raw: bytes) -> str | None:
    try:
        text = raw.decode()
        json.dumps(json.loads(text, parse_constant=_refuse, parse_int=str), ensure_ascii=False).encode()
    except UnicodeError:
        return "is not valid UTF-8, or names half a character"
    except ValueError:
        return "is not valid JSON"
    except RecursionError:
        return "is nested too deep"
    return "holds a NUL character, which no text in Postgres can" if _ESCAPED_NUL.search(text) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
