"""Folders for papers and exports: checked in words, never half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.trouble import Trouble
from widgets import folders
from widgets.words import set_language, trn


@pytest.fixture(autouse=True)
def english(qapp):
    set_language("en")


def test_nothing_chosen_is_docket_among_the_documents():
    assert folders.chosen("") == folders.usual()
    assert folders.usual().name == "Docket"


def test_a_folder_is_made_when_it_is_first_needed(tmp_path):
    wanted = tmp_path / "a" / "b"

    assert folders.fault(str(wanted)) is None
    assert not wanted.exists()
    assert folders.ready(str(wanted)) == wanted
    assert list(wanted.iterdir()) == []


def test_a_path_from_nowhere_is_refused():
    assert trn(folders.fault("papers")) == "Write the whole path, from the drive or the root on."


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "x").touch()

    assert trn(folders.fault(str(tmp_path / "x"))) == "This is a file. Choose a folder."
    with pytest.raises(Trouble):
        folders.ready(str(tmp_path / "x"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this account may write everywhere")
def test_a_folder_of_somebody_else_is_refused(tmp_path):
    tmp_path.chmod(0o500)

    assert trn(folders.fault(str(tmp_path))) == "You may not write there. Choose another folder."
    tmp_path.chmod(0o700)


def test_a_disk_that_takes_nothing_is_trouble(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.tempfile, "TemporaryFile", full)

    with pytest.raises(Trouble) as trouble:
        folders.ready(str(tmp_path))
    assert trn(trouble.value.hint).startswith("Nothing can be written in")


def test_a_name_has_only_signs_a_file_may_have(tmp_path):
    assert folders.free_name(tmp_path, "list-苏州仓/2:*", ".pdf").name == "list-苏州仓_2.pdf"
    assert folders.free_name(tmp_path, "../..", ".pdf") == Path(tmp_path) / "docket.pdf"
