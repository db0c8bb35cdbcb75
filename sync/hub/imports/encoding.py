"""Which encoding a delivered text is written in; the last one never fails, so the first sure one counts."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

CHUNK = 1_000_000
CODECS: dict[str, str] = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "utf-16": "utf-16",
    "gb18030": "gb18030",
    "latin-1": "cp1252",
}
"""What we call an encoding → Python's codec. What Windows calls Latin-1 is cp1252."""
UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
"""Bytes cp1252 does not know; the true Latin-1 reads them."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-bom"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIR = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]")
"""A frequent Chinese character or sign: GB 2312 rows 1-9 and 16-55."""
LEAST_CHINESE = 0.6


def encoding_of(path: Path) -> str:
    """Return the name of the encoding of a text file.

    GB 18030 reads nearly every Latin-1 text too, into rare characters; so its bytes have to look Chinese.
    """
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if _reads(path, "utf-8"):
        return "utf-8"
    if _looks_chinese(path) and _reads(path, "gb18030"):
        return "gb18030"
    return "latin-1"


def codec_of(path: Path, encoding: str) -> str:
    """Return Python's codec for a file in an encoding named as in `CODECS`."""
    codec = CODECS.get(encoding, "utf-8")
    if codec == "utf-16":
        with path.open("rb") as file:
            is_marked = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        return codec if is_marked else "utf-16-le"  # what Windows writes
    if codec == "cp1252":
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if UNDEFINED & set(chunk):
                    return "latin-1"
    return codec


def _reads(path: Path, codec: str) -> bool:
    try:
        with path.open(encoding=codec) as file:
            while file.read(CHUNK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(path: Path) -> bool:
    high = paired = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            for run in _HIGH.findall(chunk):
                high += len(run)
                paired += 2 * len(_PAIR.findall(run))
    return high > 0 and paired >= LEAST_CHINESE * high
