"""Labels, printers, folders: a choice holds at once, a missing printer is named, a folder is checked."""

from __future__ import annotations

import paper_reader as reader
import pytest
from desk_fake import FakeDesk
from page_audit import unnamed
from settings_scene import settings_scene

from app.domain.paper import Paper
from widgets import words
from widgets.paper import press

OFFICE, ZEBRA = "Office", "Zebra"


@pytest.fixture
def fake():
    return FakeDesk(user="wu")


@pytest.fixture
def scene(qtbot, aio, fake, monkeypatch):
    words.set_language("en")
    monkeypatch.setattr(press, "printers", lambda: [OFFICE, ZEBRA])
    return settings_scene(qtbot, aio, fake, "settings_papers")


@pytest.fixture
def page(scene):
    return scene.page.section()


def choose(scene, combo, value):
    scene.do(lambda: combo.setCurrentIndex(combo.findData(value)))
    scene.do(lambda: combo.activated.emit(combo.currentIndex()))


def put(scene, field, text):
    scene.do(lambda: field.setText(text))
    scene.do(field.editingFinished.emit)


def test_every_paper_begins_as_a_pdf(page):
    combos = [page.blocks[paper].combos for paper in Paper]

    assert [combo["printer"].currentText() for combo in combos] == ["PDF into a folder"] * 5
    assert [combo["size"].currentText() for combo in combos] == [
        "100 × 150 mm",
        "100 × 150 mm",
        "A4",
        "100 × 50 mm",
        "A4",
    ]


def test_a_printer_a_size_and_a_resolution_are_remembered(scene, page, fake):
    label = page.blocks[Paper.LABEL].combos
    choose(scene, label["printer"], ZEBRA)
    choose(scene, label["size"], "76x130")
    choose(scene, label["dpi"], "300")

    kept = {what: fake.kept[f"print/label/{what}"] for what in ("printer", "size", "dpi")}
    assert kept == {"printer": ZEBRA, "size": "76x130", "dpi": "300"}
    assert label["printer"].currentText() == ZEBRA


def test_a_printer_that_is_gone_stays_named_and_says_so(qtbot, aio, fake, monkeypatch):
    words.set_language("en")
    fake.kept["print/label/printer"] = ZEBRA
    monkeypatch.setattr(press, "printers", lambda: [OFFICE])
    block = settings_scene(qtbot, aio, fake, "settings_papers").page.section().blocks[Paper.LABEL]

    assert block.combos["printer"].currentText() == ZEBRA
    assert block.missing.accessibleName() == "Zebra is not there. A PDF is made until it is."


def test_a_test_page_comes_out_where_it_says(scene, page, tmp_path):
    put(scene, page.paths["papers"], str(tmp_path / "papers"))
    scene.do(page.blocks[Paper.LABEL].trial.click)
    scene.until(lambda: not scene.tasks._running)
    (file,) = (tmp_path / "papers").iterdir()

    assert page.said.accessibleName() == f"Saved as {file.name} in {file.parent}"
    assert reader.seen_in_pdf(file, 203) == reader.Seen(("DK-000000",), ("DK-000000",))


def test_a_folder_is_kept_once_it_can_be_written(scene, page, fake, tmp_path):
    put(scene, page.paths["exports"], str(tmp_path / "out"))

    assert fake.kept["folder/exports"] == str(tmp_path / "out")
    assert page.fields["exports"].state() == "ok"


def test_a_folder_that_cannot_be_written_is_said_and_not_kept(scene, page, fake, tmp_path):
    (tmp_path / "file").touch()
    put(scene, page.paths["papers"], str(tmp_path / "file"))

    assert "folder/papers" not in fake.kept
    assert page.fields["papers"].message() == "This is a file. Choose a folder."


def test_an_empty_folder_is_the_usual_one(page):
    assert page.fields["papers"].message().endswith("Docket")


def test_everything_of_the_section_has_a_name(page):
    assert unnamed(page) == []
