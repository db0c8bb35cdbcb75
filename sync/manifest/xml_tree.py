"""XML as plain data: a tag is a key, a tag that stands there twice is a list, the rest is text.

Entities, comments with meaning and attributes are not ours: a document type is refused before it is read.
"""

from __future__ import annotations

from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from app.text import N_, Text
from sync.channel import Unreadable

MOST_BYTES = 2 << 20
MOST_DEPTH = 20
MOST_TAGS = 20_000


def xml_document(content: bytes) -> dict[str, Any]:
    """Read a document, its root a key.

    Raises:
        Unreadable: it is none, too large, too deep, or declares what is not in it.
    """
    if len(content) > MOST_BYTES:
        raise _unreadable()
    reading = _Reading()
    parser = ParserCreate()
    parser.StartElementHandler = reading.begins
    parser.EndElementHandler = reading.ends
    parser.CharacterDataHandler = reading.says
    parser.StartDoctypeDeclHandler = _refused
    try:
        parser.Parse(content, True)
    except (ExpatError, ValueError, LookupError) as fault:  # the last: an encoding nobody knows
        raise _unreadable() from fault
    return reading.root


class _Reading:
    """One document being read; `open` are the tags around what is read now."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[tuple[dict[str, Any], list[str]]] = [(self.root, [])]
        self._tags = 0

    def begins(self, _name: str, _attributes: dict[str, str]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS or len(self._open) > MOST_DEPTH:
            raise _unreadable()
        self._open.append(({}, []))

    def says(self, text: str) -> None:
        self._open[-1][1].append(text)

    def ends(self, name: str) -> None:
        inner, said = self._open.pop()
        value: Any = inner or "".join(said).strip()
        around = self._open[-1][0]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]


def _refused(*_declared: Any) -> None:
    raise _unreadable()


def _unreadable() -> Unreadable:
    return Unreadable(Text(N_("The answer is no XML that can be read.")))
