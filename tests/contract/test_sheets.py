"""Files for a spreadsheet: whole or not there, texts as texts, readable by others."""

from __future__ import annotations

import csv
import stat
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.boot import sheets
from app.boot.sheets import Files
from app.trouble import Trouble

ROWS = (("3711111111111111111", "=HYPERLINK(1)", 12.5, 2), ("007", "张伟", -3.0, 0))


def written(path: Path, kind: str) -> Path:
    place = path / f"out.{kind}"
    sheet = Files().open(str(place), ("Id", "=Name", "Amount", "Pieces"))
    sheet.write(ROWS[:1])
    assert not place.exists()
    sheet.write(ROWS[1:])
    sheet.close()
    return place


def cells(place: Path, name: str = "xl/worksheets/sheet1.xml") -> list[list[tuple[str, str]]]:
    """Type and content of every cell, as the file itself has them."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(place) as book:
        tree = ET.fromstring(book.read(name))  # noqa: S314 - our own file
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row.iter(f"{space}c")]
        for row in tree.iter(f"{space}row")
    ]


def test_csv_has_its_mark_and_texts_in_quotes(tmp_path: Path) -> None:
    place = written(tmp_path, "csv")
    assert place.read_bytes().startswith(b"\xef\xbb\xbf")
    with place.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Id", "'=Name", "Amount", "Pieces"],
            ["3711111111111111111", "'=HYPERLINK(1)", "12.5", "2"],
            ["007", "张伟", "-3.0", "0"],
        ]
    assert '"007","张伟",-3.0,0' in place.read_text(encoding="utf-8-sig")


def test_xlsx_keeps_long_numbers_as_text_and_amounts_as_numbers(tmp_path: Path) -> None:
    assert cells(written(tmp_path, "xlsx")) == [
        [("inlineStr", "Id"), ("inlineStr", "'=Name"), ("inlineStr", "Amount"), ("inlineStr", "Pieces")],
        [("inlineStr", "3711111111111111111"), ("inlineStr", "'=HYPERLINK(1)"), ("n", "12.5"), ("n", "2")],
        [("inlineStr", "007"), ("inlineStr", "张伟"), ("n", "-3"), ("n", "0")],
    ]


def test_more_rows_than_a_sheet_holds_go_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "SHEET_ROWS", 1)
    place = written(tmp_path, "xlsx")
    assert [row[0][1] for row in cells(place, "xl/worksheets/sheet2.xml")] == ["Id", "007"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_only_the_owner_reads_it(tmp_path: Path, kind: str) -> None:
    assert stat.S_IMODE(written(tmp_path, kind).stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_dropped_file_leaves_nothing_and_an_old_one_in_peace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(pieces))
    place = tmp_path / f"out.{kind}"
    place.write_text("yesterday")
    sheet = Files().open(str(place), ("Id",))
    sheet.write([("1",)])

    sheet.drop()

    assert place.read_text() == "yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {place.name, "pieces"}
    assert list(pieces.iterdir()) == []


@pytest.mark.parametrize("path", ["out.csv", "/tmp/out.pdf", ""])  # noqa: S108
def test_a_path_that_cannot_be_meant_is_asked_for_again(path: str) -> None:
    with pytest.raises(Trouble) as raised:
        Files().open(path, ("Id",))
    assert raised.value.code == "bad_path"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as raised:
        Files().open(str(tmp_path / "nowhere" / "out.csv"), ("Id",))
    assert raised.value.code == "cannot_write"
    assert raised.value.hint.params == {"file": "out.csv"}
