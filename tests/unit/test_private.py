"""A folder of ours: made closed, and closed where it was open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.private import OTHERS, private_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")


def test_a_new_folder_lets_in_nobody_else(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "data" / "desk")

    assert made.stat().st_mode & OTHERS == 0
    (made / "work.db").touch()


def test_one_that_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk").chmod(0o755)

    made = private_folder(tmp_path / "desk")

    assert made.stat().st_mode & 0o777 == 0o700


def test_what_its_owner_may_not_do_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk").chmod(0o570)

    made = private_folder(tmp_path / "desk")

    assert made.stat().st_mode & 0o777 == 0o500
