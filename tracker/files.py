"""Files of the user: decoded with care, written so that there is the old content or the new, never half."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import re
import secrets
import stat
from pathlib import Path

from tracker.errors import InputError
from tracker.regex import regex

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than allowed",
    errno.EACCES: "its folder or the file is write-protected",
    errno.EPERM: "its folder or the file is write-protected",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "its folder does not exist",
    errno.ENOTDIR: "its folder does not exist",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "its links lead in a circle",
    errno.ENAMETOOLONG: "its name is too long",
}


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of a file, or make the file.

    The data go into a new file in the same folder, onto the disk, and then in one step into the place of the
    old one, whose mode and (where allowed) owner they keep. A symbolic link stays, the file it points to is
    replaced; a hard link elsewhere keeps the old content. Devices and pipes are written to directly.

    Raises:
        InputError: it cannot be written; a file that was there is as it was.
    """
    try:
        _write(path, data)
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        number = error.errno if isinstance(error, OSError) else None
        reason = _REASONS.get(number or 0) or getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be written: {reason}; nothing was changed") from None


def _write(path: Path, data: bytes) -> None:
    try:
        old = path.stat()
    except FileNotFoundError:
        old = None
    if old and stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if old and not stat.S_ISREG(old.st_mode):
        path.write_bytes(data)
        return
    if old and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "write-protected")
    target = Path(os.path.realpath(path))
    new = target.with_name(f".tracker-{secrets.token_hex(8)}.tmp")
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            if old:
                _keep_owner_and_mode(new, old)
            os.fsync(file.fileno())
        new.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    _sync_folder(target.parent)


def _keep_owner_and_mode(new: Path, old: os.stat_result) -> None:
    with contextlib.suppress(
        OSError, AttributeError
    ):  # only root may give a file away; Windows has no owners
        os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can; the file itself is safe already."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# --- encodings ---------------------------------------------------------------------------------

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = regex(rb"coding\s*[:=]\s*([\w.-]+)", re.IGNORECASE)
# What BibTeX managers and editors declare, among the encodings that hold ASCII as it is.
_DECLARABLE = frozenset(
    {"iso8859-1", "iso8859-15", "iso8859-2", "cp1252", "cp1250", "gbk", "gb2312", "gb18030", "big5"}
)


def decode_text(data: bytes, name: str) -> tuple[str, str]:
    """The text without byte order mark, and the encoding to use when adding to it.

    UTF-8 and UTF-16 by their mark, UTF-8 by its form, else the encoding that the first lines declare
    ("% Encoding: GBK", "-*- coding: latin-1 -*-"), else GB18030 or Latin-1, whichever the bytes look like.
    `name` is what errors call the file.

    Raises:
        InputError: it is not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError:
                raise InputError(f"{name}: is damaged {encoding.upper()}; save it as UTF-8") from None
    if b"\0" in data:
        raise InputError(f"{name}: is not a text file")
    for encoding in ("utf-8", _declared(data), "gb18030" if _looks_chinese(data) else ""):
        with contextlib.suppress(UnicodeDecodeError):
            if encoding:
                return data.decode(encoding), encoding
    return data.decode("latin-1"), "latin-1"


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:1000])
    try:
        declared = codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""
    return declared if declared in _DECLARABLE else ""


def _looks_chinese(data: bytes) -> bool:
    """Whether most bytes above ASCII stand in the pairs of GB2312; in Latin-1 accented letters stand
    alone."""
    pairs = len(re.findall(rb"[\xa1-\xf7][\xa1-\xfe]", data))
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
    return high > 0 and 2 * pairs >= 0.6 * high


def newline_of(text: str) -> str:
    r"""The line end that most lines have; "\n" where there are none."""
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=lambda newline: counts[newline])
