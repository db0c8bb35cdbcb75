"""Files that channels are told by: what the disk does not take has not happened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sync.hub import outgoing
from sync.hub.outgoing import Folder
from sync.hub.provider import Unsent

KEY = "confirm:o1:1"


def test_a_folder_that_cannot_be_written_has_done_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    payload = json.dumps({"number": "=1+1", "ext_id": "", "carrier": "SF", "tracking_no": "1"}).encode()

    with pytest.raises(Unsent):
        Folder(tmp_path / "file").send(KEY, payload)

    Folder(tmp_path).send(KEY, payload)
    (path,) = tmp_path.glob("*.csv")
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == "'=1+1,,SF,1"


def test_the_name_of_a_file_is_on_the_disk_before_an_order_says_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settled = list[list[str]]()

    def settle(folder: Path) -> None:
        settled.append(sorted(path.name for path in folder.iterdir()))

    monkeypatch.setattr(outgoing, "settle_names", settle)
    payload = json.dumps({"number": "1", "ext_id": "", "carrier": "SF", "tracking_no": "1"}).encode()

    done = Folder(tmp_path / "out").send(KEY, payload)

    assert settled == [[done.ref], [done.ref, "written.txt"]]
