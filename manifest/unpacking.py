"""From the zip that Bungie's CDN serves to the verified SQLite file inside.

zipfile reads the directory; the one member is inflated here by ISA-L, in half the time of zipfile's zlib.
"""

import hashlib
import re
import struct
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

from manifest import content_file
from manifest.errors import ManifestError
from manifest.progress import Progress

MAX_CONTENT_BYTES = 4 << 30  # ten times the largest known: more is a zip bomb, or a form that we do not know
_SQLITE_START = b"SQLite format 3\0"
_NAMED_BY_MD5 = re.compile(r"_([0-9a-f]{32})\.content$")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MEMBER_START = struct.Struct("<4s22xHH")  # signature, then the lengths of the name and of the extra field
_PACKED_STEP = 1 << 16
_STEP = 1 << 20


def promised_md5(name: str) -> str | None:
    """Bungie names a content file by the md5 of the SQLite file inside."""
    named = _NAMED_BY_MD5.search(name)
    return named and named[1]


def unpack(archive: Path, name: str, folder: Path, progress: Progress) -> Path:
    """The SQLite file of `archive`, verified and written into `folder`; `name` carries the md5 that it must have."""
    target = folder / "content.sqlite"
    try:
        with archive.open("rb") as file, zipfile.ZipFile(file) as opened:
            digest = _extract(file, _only_member(opened), target, progress)
    except (zipfile.BadZipFile, igzip_lib.error, EOFError, NotImplementedError) as error:
        raise ManifestError(f"The content file is not a whole zip file ({_kind(archive, error)}).") from error
    _verify(target, digest, name)
    return target


def _only_member(opened: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in opened.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise ManifestError(f"The content file holds {len(members)} files, where exactly one is expected.")
    if members[0].file_size > MAX_CONTENT_BYTES:
        raise ManifestError(f"The content file claims to unpack to {members[0].file_size:,} bytes; that is too much.")
    if members[0].compress_type not in _METHODS:
        raise ManifestError(
            f"The content file is packed by method {members[0].compress_type}, which Bungie never uses."
        )
    return members[0]


def _extract(file: BinaryIO, member: zipfile.ZipInfo, target: Path, progress: Progress) -> str:
    """The md5 of what is written, to a name of ours, so that a path inside the zip leads nowhere.

    Hashing goes beside: it takes as long as the rest.
    """
    report = progress.phase("Unpacking", member.file_size)
    digest = hashlib.md5(usedforsecurity=False)
    with target.open("wb") as unpacked, ThreadPoolExecutor(1) as beside:
        hashing: Future[None] | None = None
        for block in _checked(_blocks(file, member), member):
            if hashing:
                hashing.result()
            hashing = beside.submit(digest.update, block)
            unpacked.write(block)
            report(unpacked.tell())
    return digest.hexdigest()


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


def _verify(target: Path, digest: str, name: str) -> None:
    with target.open("rb") as file:
        if file.read(len(_SQLITE_START)) != _SQLITE_START:
            raise ManifestError("The file inside the content file is not an SQLite database.")
    promised = promised_md5(name)
    if promised is None:
        content_file.check_pages(target)  # no md5 speaks for them
    elif promised != digest:
        raise ManifestError(f"The content file is not the one that its name promises: its md5 is {digest}.")


def _kind(archive: Path, error: Exception) -> str:
    with archive.open("rb") as file:
        start = file.read(512).lstrip().lower()
    if not start:
        return "it is empty"
    return "it is an HTML page" if start.startswith((b"<!doctype", b"<html")) else str(error)
