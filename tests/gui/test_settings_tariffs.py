"""Price tables by keys: a sheet is chosen, columns are put right, bad rows say why, one key publishes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from builders import actor
from carrier_world import FAR, NEAR
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import CTRL, Scene
from PySide6.QtCore import Qt

from app.boot.settings import settings_page, settings_sections
from app.commands.set_carrier import SetCarrier
from app.domain.values import Role
from app.imports import FileLook, Reading, SheetRows
from app.presenters.settings import Settings
from app.presenters.settings_tariffs import SheetReader
from widgets import words

HEADER = ["目的地", "首重价", "续重价", "备注"]
ROWS = [["浙江省", "6", "1", ""], ["青海省", "abc", "5", ""], ["上海市", "7", "1.5", "1"]]


class Here:
    """A lane that is this thread."""

    async def run(self, work, *args):
        return work(*args)


class Sheets:
    """A hub that reads one CSV file."""

    def look(self, path: str, reading: Reading) -> FileLook:
        self.path = path
        return FileLook(id="f1", name=Path(path).name, size=1, kind="csv", reading=reading, found=reading)

    def rows(self, _file: str, _reading: Reading) -> SheetRows:
        header, *rows = csv.reader(Path(self.path).read_text(encoding="utf-8").splitlines())
        return SheetRows(header=tuple(header), rows=tuple((n, tuple(row)) for n, row in enumerate(rows, 2)))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADER, *ROWS)), encoding="utf-8")
    return str(path)


def opened(qtbot, aio, fake, language="en"):
    words.set_language(language)
    sheets = SheetReader(Sheets(), Here())
    sections = settings_sections(fake.desk, "", sheets=sheets)
    made = Scene(
        qtbot,
        aio,
        lambda tasks, go: settings_page(Settings(fake.desk), sections, tasks, go),
        "settings",
        {"section": "settings_tariffs"},
    )
    made.do(made.page.section().focus_first)
    return made


@pytest.fixture
def fake():
    made = FakeDesk(user="wu")
    for carrier in (NEAR, FAR):
        made.company.must(SetCarrier(carrier=carrier), actor(Role.LEAD, "wu"))
    return made


@pytest.fixture
def scene(qtbot, aio, fake):
    return opened(qtbot, aio, fake)


def page(scene):
    return scene.page.section()


def test_without_a_sheet_the_section_says_how_to_bring_one(scene):
    assert page(scene).empty.isVisible()
    assert not page(scene).bar.isVisible()
    assert unnamed(page(scene)) == []


def test_a_sheet_is_matched_looked_through_and_published(scene, fake, file):
    here = page(scene)
    scene.do(lambda: here._take([file]))

    state = here.presenter.state
    assert {name: at for name, at in state.columns.items() if at >= 0} == {
        "province": 0, "first_minor": 1, "step_minor": 2,
    }  # fmt: skip
    assert [row.problem.message for row in state.wrong[:1]] == ["It names no carrier"]
    scene.do(lambda: here.presenter.choose_carrier("SJ"))
    state = here.presenter.state
    assert state.counts == (3, 2, 2)
    assert [row.row_no for row in state.wrong] == [3]
    assert "cannot be read" in here.wrong_table.model().index(0, 1).data()
    assert here.changes[0].accessibleName() == "山脊快运: 2 fares new, 0 changed, 0 gone; 4 in all"
    assert unnamed(here) == []

    scene.press(Qt.Key.Key_Return, CTRL)
    fares = fake.company.refs.carriers["SJ"].fares
    assert {fare.province: fare.first_minor for fare in fares} == {
        "": 800, "青海省": 1_200, "浙江省": 600, "上海市": 700,
    }  # fmt: skip
    scene.do(lambda: here.once("undo", here.presenter.undo))
    assert fake.company.refs.carriers["SJ"].fares == NEAR.fares


def test_a_column_put_right_by_hand_fills_one_field_only(scene, file):
    here = page(scene)
    scene.do(lambda: here._take([file]))
    scene.do(lambda: here.presenter.choose_carrier("SJ"))

    scene.do(lambda: here.presenter.assign("step_minor", "3"))
    assert here.presenter.state.stop() is None
    assert here.presenter.state.counts == (3, 1, 1)
    scene.do(lambda: here.presenter.assign("first_minor", "3"))

    assert here.presenter.state.columns["step_minor"] == -1
    assert here.fields["step_minor"].state() == "error"
    assert "further step" in here.why.accessibleName()


def test_a_sheet_may_take_the_place_of_all_fares(scene, fake, file):
    here = page(scene)
    scene.do(lambda: here._take([file]))
    scene.do(lambda: here.presenter.choose_carrier("YX"))
    scene.do(lambda: here.presenter.keep(""))

    scene.do(here.submit)

    assert len(fake.company.refs.carriers["YX"].fares) == 2
