"""Find words in source: the marked ones to translate, and the bare ones somebody forgot to mark."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

MARKS = ("N_", "tr", "trn", "Text")
BUTTONS = frozenset({"QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QAction"})
TITLED = frozenset({"QLabel", "QGroupBox", "setText", "setTitle", "setWindowTitle"})
ASIDE = frozenset({"setToolTip", "setPlaceholderText", "setStatusTip"})
ADDERS = frozenset({"addRow", "addAction", "addMenu", "addTab"})
SPOKEN = frozenset({"setAccessibleName", "setAccessibleDescription", "setWhatsThis", "setLabelText"})
NAMES = frozenset({"Docket"})  # the same in every language
SHOWN = BUTTONS | TITLED | ASIDE | ADDERS | SPOKEN  # what puts its first string argument on the screen


@dataclass(frozen=True)
class Marked:
    """One marked word and where it stands; `fault` says why it cannot be collected."""

    msgid: str
    place: str
    fault: str = ""


def marked(file: Path, root: Path) -> Iterator[Marked]:
    """The words a file marks.

    Read from the syntax tree: Babel's own reader loses a mark inside another call's arguments.
    """
    for name, call in _calls(file):
        if name not in MARKS or not call.args:
            continue
        place = f"{file.relative_to(root).as_posix()}:{call.lineno}"
        for word in _branches(call.args[0]):
            if isinstance(word, ast.JoinedStr):
                yield Marked("", place, f"{name}(f'…') cannot be translated: use {{name}} and Text params")
            elif isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value:
                yield Marked(word.value, place)


def bare_literals(folder: Path, root: Path) -> list[str]:
    """Words that reach the screen unmarked, one sentence each."""
    return [
        f"{file.relative_to(root).as_posix()}:{call.lineno}: {name}({text!r}) is a bare word: wrap it in tr()"
        for file in sorted(folder.rglob("*.py"))
        for name, call in _calls(file)
        if name in SHOWN
        for argument in call.args[:2]
        for text in _bare(argument)
    ]


def fields(message: str) -> frozenset[str]:
    """The `{named}` places of a message; one that cannot be parsed counts as a place of its own."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(message) if name is not None)
    except ValueError:
        return frozenset({message})


def _calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_bytes(), filename=str(file))):
        if isinstance(node, ast.Call):
            called = node.func
            yield getattr(called, "attr", "") or getattr(called, "id", ""), node


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """The strings an argument may turn out to be: `a if x else b` is both."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _bare(node: ast.expr) -> Iterator[str]:
    for word in _branches(node):
        parts = word.values if isinstance(word, ast.JoinedStr) else [word]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and _has_word(part.value):
                yield part.value


def _has_word(text: str) -> bool:
    """Two letters in a row, or one Chinese character: signs such as ×, … or A are no words."""
    if text.strip() in NAMES:
        return False
    is_word = any(a.isalpha() and b.isalpha() for a, b in pairwise(text))
    return is_word or any("一" <= letter <= "鿿" for letter in text)
