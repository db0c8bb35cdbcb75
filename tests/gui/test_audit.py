"""Every page can be read and worked in every look: nothing cut, nothing faint, nothing too small to hit.

The whole matrix is `python tests/gui/audit.py --all`; here are the looks that differ most.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from audit_eye import Finding, hidden_focus, look_at, overheard
from audit_stage import DETAIL, MODULES, PAGES, SECTIONS, Stage, scenes
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import prose, theme, words
from widgets.controls import Label

LOOKS = [
    ("contrast", "compact", "en", (960, 540)),  # 1920 x 1080 at 200 %
    ("dark", "cosy", "en", (1280, 800)),
    ("light", "compact", "zh_CN", (1920, 1080)),
]


@pytest.mark.parametrize(("look", "density", "language", "size"), LOOKS)
def test_every_page_can_be_read_and_worked(qapp, qtbot, aio, look, density, language, size):
    theme.apply(qapp, look, density)
    words.set_language(language)
    stage = Stage(lambda coro: aio(coro, 60))
    qtbot.addWidget(stage.shell)
    stage.shell.resize(*size)
    with qtbot.waitActive(stage.shell):
        stage.shell.show()
        stage.shell.activateWindow()
    found, known = [], set()
    for scene in scenes():
        stage.show(scene)
        found += [f"{scene}: {each}" for each in (*look_at(stage.shell), *hidden_focus(stage.shell, known))]
        stage.shut()

    assert found == []


def test_nobody_looks_while_something_still_fades_in(qtbot, aio):
    stage = Stage(lambda coro: aio(coro, 60))
    qtbot.addWidget(stage.shell)
    with qtbot.waitExposed(stage.shell):
        stage.shell.show()
    stage.show("keys")

    assert stage.shell.key_sheet.isVisible()
    assert stage.shell.key_sheet.graphicsEffect() is None
    stage.shut()


@pytest.mark.parametrize(
    ("scale", "size", "language"), [("1.5", "1440x900", "en"), ("2", "1920x1080", "zh_CN")]
)
def test_a_scaled_screen_is_as_good(scale, size, language):
    audit = Path(__file__).with_name("audit.py")
    command = [sys.executable, str(audit), "--scale", scale, "--size", size, "--lang", language]

    child = subprocess.run(command, check=False, capture_output=True, text=True, timeout=110)

    assert (child.returncode, child.stdout.splitlines()[-1:]) == (0, ["0 findings"]), (
        child.stdout + child.stderr
    )


def test_every_page_is_looked_at():
    assert {"sign_in", "today", "inbox", "orders", "order", "guide", "review", "warehouse", "stock"} <= set(
        PAGES
    )
    seen = {scene.removesuffix(DETAIL) for scene in scenes()}
    assert seen == {*PAGES, *SECTIONS, "palette", "keys", "help"} - {"settings"}
    assert set(MODULES) == {*PAGES, *SECTIONS}


# --- the eye itself ----------------------------------------------------------------------------------


class Line(QWidget):
    """One painted line of a number, in too little room, in a colour of choice."""

    def __init__(self, words_: str, role: str = "text", wide: int = 40) -> None:
        super().__init__()
        self.words, self.role, self.wide = words_, role, wide
        self.setMinimumSize(200, 32)

    @override
    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("base"))
        prose.paint_line(painter, QRect(0, 0, self.wide, 32), self.words, prose.Style(role=self.role))
        painter.end()


def kinds(window: QWidget) -> set[str]:
    return {each.kind for each in look_at(window)}


def test_a_cut_number_is_seen(shown):
    assert "cut" in kinds(shown(Line("DK-118204 at 1,298.00")))


def test_faint_words_are_seen(shown):
    window = shown(Line("everything is faint here", "line", 200))

    assert "faint" in kinds(window)


def test_a_small_and_nameless_button_is_seen(shown):
    button = QPushButton("x")
    button.setFixedSize(20, 20)

    assert {"small", "unnamed", "nameless"} <= kinds(shown(button))


def test_a_cut_label_is_seen(shown):
    label = Label("a sentence that is longer than its label")
    label.setFixedWidth(50)

    assert "cut" in kinds(shown(label))


class Deaf(QPushButton):
    """Looks the same whatever happens."""

    @override
    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("base"))
        painter.end()


def test_a_button_that_hides_its_focus_is_seen(shown):
    window = shown(Deaf("x"), QLineEdit("y"))

    assert [each.where for each in hidden_focus(window, set())] == ["? Deaf"]


def test_what_was_looked_at_is_looked_at_again_where_it_changed(shown):
    window, known = shown(button := Deaf("x"), QLineEdit("y")), set()

    first = hidden_focus(window, known)
    again = hidden_focus(window, known)
    button.setFixedHeight(button.height() + 8)
    changed = hidden_focus(window, known)

    assert [len(found) for found in (first, again, changed)] == [1, 0, 1]


def test_nothing_is_said_of_a_good_window(shown):
    window = QWidget()
    QVBoxLayout(window).addWidget(QLabel("fine"))

    assert look_at(shown(window)) == []


def test_listening_leaves_no_trace(qapp):
    before = prose.paint_line, prose.paint_block
    with overheard():
        assert prose.paint_line is not before[0]

    assert (prose.paint_line, prose.paint_block) == before
    assert Finding("cut", "here", "x") == Finding("cut", "here", "x")


def test_a_cut_answer_is_seen(shown):
    combo = QComboBox()
    combo.addItem("100 × 150 mm")
    combo.setFixedWidth(60)

    assert "cut" in kinds(shown(combo))
