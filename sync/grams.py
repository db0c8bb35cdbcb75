"""Search words: Chinese by pairs of characters, codes by their beginning and by their tail.

Source: qt.md 3b (bigrams with detail=none, found by AND, checked again against the plain words).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_RUN = re.compile(r"[a-z0-9]+|[^\W\x00-\x7f_]+")
_CODE = re.compile(r"[a-z0-9]+(?:[-_./#][a-z0-9]+)+")
"""Several runs that are one code: dk-118204. Alone, "dk" would name every order."""
_TAIL = "\u02b3"
"""Marks a word written backwards, so that a tail is found as a beginning."""
TAIL_MIN = 3
_PARTS_MAX = 6
_PAIR = 2

OPEN = ("number", "ext_id", "tracking", "place", "article")
PERSONAL = ("buyer", "phone", "street", "note")
"""Where words of an order stand, one line each: first what everybody reads, then what some read masked."""
WALL = "\f"
"""Stands between the two parts of an order's words."""


def plain(text: str) -> str:
    """Fold width and case, so that what is typed and what is stored compare equal."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def searched(public: Iterable[str], personal: Iterable[str]) -> str:
    """Return the words of an order as they are stored: one line for each of `OPEN`, and of `PERSONAL`."""
    parts = ("\n".join(" ".join(plain(value).split()) for value in part) for part in (public, personal))
    return WALL.join(parts)


def found_in(words: str, asked: Sequence[str], *, is_masked: bool) -> tuple[str, ...]:
    """Return where the asked terms stand, each in the first place that holds it."""
    public, _, personal = words.partition(WALL)
    lines = dict(zip(OPEN, public.split("\n"), strict=False))
    if not is_masked:
        lines |= zip(PERSONAL, personal.split("\n"), strict=False)
    places = (next((place for place, line in lines.items() if term in line), "") for term in asked)
    return tuple(dict.fromkeys(place for place in places if place))


def grams(words: str) -> str:
    """Return the tokens under which plain `words` are found, separated by blanks."""
    tokens: dict[str, None] = {}
    for run in _RUN.findall(words):
        if run[0] > "\x7f":
            tokens.update(dict.fromkeys(_pairs(run)))
            tokens[run[-1]] = None
            continue
        tokens[run] = None
        if len(run) > TAIL_MIN and not run.isalpha():
            tokens[_TAIL + run[::-1]] = None
    for code in _CODE.findall(words):
        parts = _RUN.findall(code)[-_PARTS_MAX:]
        whole = "".join(parts)
        tokens.update(dict.fromkeys("".join(parts[at:]) for at in range(len(parts) - 1)))
        tokens[_TAIL + whole[::-1]] = None
    return " ".join(tokens)


def terms(typed: str) -> tuple[str, ...]:
    """Split what was typed into the parts that must all occur."""
    return tuple(dict.fromkeys(plain(typed).split()))


def match(typed: str) -> str:
    """Return the FTS5 question that finds every candidate for `typed`; empty when nothing can be asked."""
    asked: dict[str, None] = {}
    words = plain(typed)
    for code in _CODE.findall(words):
        asked[_from_either_end("".join(_RUN.findall(code)))] = None
    for run in _RUN.findall(_CODE.sub(" ", words)):
        if run[0] > "\x7f":
            pairs = _pairs(run)
            asked.update(dict.fromkeys(f'"{pair}"' for pair in pairs))
            if not pairs:
                asked[f'"{run}"*'] = None
        elif len(run) >= TAIL_MIN and not run.isalpha():
            asked[_from_either_end(run)] = None
        else:
            asked[f'"{run}"*'] = None
    return " AND ".join(asked)


def is_exact(typed: str) -> bool:
    """Tell whether every candidate of `match` holds what was typed: nothing need be checked again.

    So it is with one or two Chinese characters: a pair stands in the index exactly where it stands in the
    words. Three are two pairs, which may stand apart; a code is joined from its parts.
    """
    words = terms(typed)
    return bool(words) and all(
        len(term) <= _PAIR and term[0] > "\x7f" and _RUN.fullmatch(term) for term in words
    )


def _from_either_end(code: str) -> str:
    return f'("{code}"* OR "{_TAIL}{code[::-1]}"*)'


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
