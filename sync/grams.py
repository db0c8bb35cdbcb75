"""Search words: Chinese by pairs of characters, numbers by their beginning and by their tail.

Source: qt.md 3b (bigrams with detail=none, found by AND, checked again against the plain words).
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[a-z0-9]+|[^\W\x00-\x7f_]+")
_TAIL = "\u02b3"
"""Marks a word written backwards, so that a tail is found as a beginning."""
TAIL_MIN = 3


def plain(text: str) -> str:
    """Fold width and case, so that what is typed and what is stored compare equal."""
    return unicodedata.normalize("NFKC", text).lower()


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
    return " ".join(tokens)


def terms(typed: str) -> tuple[str, ...]:
    """Split what was typed into the parts that must all occur."""
    return tuple(dict.fromkeys(plain(typed).split()))


def match(typed: str) -> str:
    """Return the FTS5 question that finds every candidate for `typed`; empty when nothing can be asked."""
    asked: dict[str, None] = {}
    for run in _RUN.findall(plain(typed)):
        if run[0] > "\x7f":
            pairs = _pairs(run)
            asked.update(dict.fromkeys(f'"{pair}"' for pair in pairs))
            if not pairs:
                asked[f'"{run}"*'] = None
        elif len(run) >= TAIL_MIN and not run.isalpha():
            asked[f'("{run}"* OR "{_TAIL}{run[::-1]}"*)'] = None
        else:
            asked[f'"{run}"*'] = None
    return " AND ".join(asked)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
