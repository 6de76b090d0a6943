"""From the zip that Bungie's CDN serves to the SQLite file inside.

zipfile reads the directory; the one member is inflated here by ISA-L, in half the time of zipfile's zlib.
"""

import hashlib
import re
import struct
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

from manifest import content_file
from manifest.errors import BrokenFile
from manifest.progress import Progress

MAX_CONTENT_BYTES = 4 << 30  # ten times the largest known: more is a zip bomb, or a form that we do not know
_SQLITE_START = b"SQLite format 3\0"
_NAMED_BY_MD5 = re.compile(r"_([0-9a-f]{32})\.content$")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MEMBER_START = struct.Struct("<4s22xHH")  # signature, then the lengths of the name and of the extra field
_PACKED_STEP = 1 << 16
_STEP = 1 << 20
_BLOCKS_WAITING = 16  # for their md5; bounds the memory


@dataclass(frozen=True)
class Content:
    """An unpacked SQLite file. Its md5 takes longer than unpacking it: others may already read before it is there."""

    path: Path
    promised: str | None
    md5: Future[str]

    def verified(self) -> Path:
        """Waits. Raises BrokenFile where it is not the file that its name promises."""
        if self.promised not in (None, self.md5.result()):
            raise BrokenFile(f"The content file is not the one that its name promises: its md5 is {self.md5.result()}.")
        return self.path


def promised_md5(name: str) -> str | None:
    """Bungie names a content file by the md5 of the SQLite file inside."""
    named = _NAMED_BY_MD5.search(name)
    return named and named[1]


def unpack(archive: Path, name: str, folder: Path, progress: Progress) -> Content:
    """The SQLite file of `archive`, written into `folder`; `name` carries the md5 that it must have. Raises BrokenFile.

    Without such a name its pages are checked at once, since nothing else speaks for them.
    """
    target = folder / "content.sqlite"
    md5 = _Md5()
    try:
        with archive.open("rb") as file, zipfile.ZipFile(file) as opened:
            _extract(file, _only_member(opened), target, progress, md5)
    except (zipfile.BadZipFile, igzip_lib.error, EOFError, NotImplementedError) as error:
        raise BrokenFile(f"The content file is not a whole zip file ({_kind(archive, error)}).") from error
    finally:
        reckoned = md5.end()
    _require_sqlite(target)
    promised = promised_md5(name)
    if promised is None:
        content_file.check_pages(target)
    return Content(target, promised, reckoned)


class _Md5:
    """Of blocks that come one after the other, reckoned on a thread beside the one that brings them."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="md5")
        self._waiting: deque[Future[None]] = deque()

    def add(self, block: bytes) -> None:
        if len(self._waiting) == _BLOCKS_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._beside.submit(self._md5.update, block))

    def end(self) -> Future[str]:
        digest = self._beside.submit(self._md5.hexdigest)
        self._beside.shutdown(wait=False)
        return digest


def _only_member(opened: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in opened.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise BrokenFile(f"The content file holds {len(members)} files, where exactly one is expected.")
    if members[0].file_size > MAX_CONTENT_BYTES:
        raise BrokenFile(f"The content file claims to unpack to {members[0].file_size:,} bytes; that is too much.")
    if members[0].compress_type not in _METHODS:
        raise BrokenFile(f"The content file is packed by method {members[0].compress_type}, which Bungie never uses.")
    return members[0]


def _extract(file: BinaryIO, member: zipfile.ZipInfo, target: Path, progress: Progress, md5: _Md5) -> None:
    """To a name of ours, so that a path inside the zip leads nowhere."""
    report = progress.phase("Unpacking", member.file_size)
    with target.open("wb") as unpacked:
        for block in _checked(_blocks(file, member), member):
            md5.add(block)
            unpacked.write(block)
            report(unpacked.tell())


def _checked(blocks: Iterator[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Ends at the size that the directory claims, so that no more than that is ever written."""
    size = crc = 0
    for block in blocks:
        size += len(block)
        if size > member.file_size:
            raise zipfile.BadZipFile("its content is longer than it claims")
        crc = isal_zlib.crc32(block, crc)
        yield block
    if (size, crc) != (member.file_size, member.CRC):
        raise zipfile.BadZipFile("its content is torn or changed")


def _blocks(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    packed = _packed(file, member)
    return packed if member.compress_type == zipfile.ZIP_STORED else _inflated(packed)


def _packed(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(member.header_offset)
    start = file.read(_MEMBER_START.size)
    signature, name_length, extra_length = _MEMBER_START.unpack(start.ljust(_MEMBER_START.size))
    if signature != zipfile.stringFileHeader:
        raise zipfile.BadZipFile("its directory leads nowhere")
    file.seek(name_length + extra_length, 1)
    left = member.compress_size
    while block := file.read(min(_PACKED_STEP, left)):
        left -= len(block)
        yield block


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflating = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
    for block in packed:
        yield inflating.decompress(block, _STEP)
        while not (inflating.needs_input or inflating.eof):
            yield inflating.decompress(b"", _STEP)
        if inflating.eof:
            return


def _require_sqlite(target: Path) -> None:
    with target.open("rb") as file:
        if file.read(len(_SQLITE_START)) != _SQLITE_START:
            raise BrokenFile("The file inside the content file is not an SQLite database.")


def _kind(archive: Path, error: Exception) -> str:
    with archive.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if not start:
        return "it is empty"
    return "it is an HTML page" if start.startswith((b"<!doctype", b"<html")) else str(error)
