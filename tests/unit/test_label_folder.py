"""Labels by files: what is no answer changes nothing, what was answered once is known for good."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from sync.hub.label_folder import BOOK, LabelFolder
from sync.hub.provider import Done, Rejected, Unclear, Unsent

KEY, VOID = "label:o1:1", "void:o1:1"
PAYLOAD = msgspec.json.encode({"carrier": "SJ", "name": "=HYPERLINK(1)", "street": "文晖路88号"})


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "labels"


@pytest.fixture
def asked(folder: Path) -> LabelFolder:
    office = LabelFolder(folder)
    with pytest.raises(Unclear):
        office.send(KEY, PAYLOAD)
    return office


def answer(folder: Path, said: bytes) -> None:
    (path,) = folder.glob("label-*.csv")
    path.with_suffix(".answer.csv").write_bytes(said)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"tracking_no,reason\n",
        b"\xff\xfe\x00",
        b"tracking_no\nSJ 001 x\n",
        b"a,b\n1,2\n",
        b"tracking_no\nSJ0001\n" + b"x" * 9_000,
    ],
)
def test_an_answer_nobody_can_read_is_no_answer(asked: LabelFolder, folder: Path, said: bytes):
    answer(folder, said)

    with pytest.raises(Unclear):
        asked.look_up(KEY)
    assert len(files(folder)) == 3


def test_what_was_never_asked_is_not_there(folder: Path):
    assert LabelFolder(folder).look_up(KEY) is None


def test_a_number_is_kept_and_every_name_goes(asked: LabelFolder, folder: Path):
    answer(folder, "﻿tracking_no,reason\r\nSJ0001,\r\n".encode())
    given = asked.look_up(KEY)

    assert isinstance(given, Done)
    assert (given.ref, files(folder)) == ("SJ0001", [BOOK])
    assert LabelFolder(folder).look_up(KEY) == LabelFolder(folder).send(KEY, PAYLOAD) == given


def test_numbers_written_by_another_hub_are_read_and_a_file_that_was_put_back_is_read_anew(
    asked: LabelFolder, folder: Path
):
    book = folder / BOOK
    book.write_bytes(b"label:o2:1,SJ0002,\r\nlabel:o3:1,SJ00")
    found = [asked.look_up("label:o2:1"), asked.look_up("label:o3:1")]
    with book.open("ab") as file:
        file.write(b"03,\r\n")
    late = asked.look_up("label:o3:1")
    book.write_bytes(b"label:o3:1,SJ9999,\r\n")

    assert [isinstance(one, Done) for one in found] == [True, False]
    assert late == Done("SJ0003", late.text)
    assert asked.look_up("label:o3:1").ref == "SJ9999"


def test_a_refusal_is_told_once_and_may_be_asked_again(asked: LabelFolder, folder: Path):
    answer(folder, b"reason\nbad_phone\n")
    refused = asked.look_up(KEY)

    assert isinstance(refused, Rejected)
    assert (files(folder), asked.look_up(KEY)) == ([BOOK], refused)
    with pytest.raises(Unclear):
        asked.send(KEY, PAYLOAD)
    with pytest.raises(Unclear):
        LabelFolder(folder).look_up(KEY)
    assert len(files(folder)) == 2


def test_a_request_somebody_took_away_is_not_written_again(asked: LabelFolder, folder: Path):
    (path,) = folder.glob("label-*.csv")
    path.unlink()

    with pytest.raises(Unclear):
        LabelFolder(folder).look_up(KEY)
    path.with_suffix(".answer.csv").write_bytes(b"tracking_no\nSJ0001\n")
    assert asked.look_up(KEY).ref == "SJ0001"


def test_a_request_that_is_void_before_it_is_answered_goes_too(asked: LabelFolder, folder: Path):
    told = asked.send(VOID, PAYLOAD)

    assert isinstance(told, Done)
    (name,) = folder.glob("void-*.csv")
    assert not list(folder.glob("label-*.csv"))
    name.unlink()
    assert asked.look_up(VOID) == told


@pytest.mark.skipif(os.name != "posix", reason="folders have modes on POSIX alone")
def test_nobody_else_may_enter_and_no_cell_is_a_formula(asked: LabelFolder, folder: Path):
    (path,) = folder.glob("label-*.csv")

    assert folder.stat().st_mode & 0o077 == 0
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8-sig")
    with pytest.raises(Unclear):
        asked.look_up(KEY)


def test_a_folder_that_cannot_be_written_is_tried_later(tmp_path):
    (tmp_path / "labels").write_text("a file", encoding="utf-8")

    with pytest.raises(Unsent):
        LabelFolder(tmp_path / "labels").send(KEY, PAYLOAD)
