"""Ship confirmations as files: one per parcel, whole or not at all, and remembered."""

from __future__ import annotations

from pathlib import Path

from hub_world import HubWorld
from test_effects import KEY, Outside

from sync.hub.outgoing import Folder


def test_a_folder_gets_one_file_per_parcel_and_remembers_what_was_taken_away(hub: HubWorld, tmp_path: Path):
    folder = tmp_path / "outgoing"
    outside = Outside(hub, Folder(folder))
    outside.ship("o1")

    outside.round()

    (path,) = folder.glob("*.csv")
    written = path.read_text(encoding="utf-8-sig").splitlines()
    assert written == ["number,ext_id,carrier,tracking_no", "DK-o1,ext-o1,SF,SF-o1"]
    assert outside.order().effects[0].text.params == {"file": path.name}
    path.unlink()
    found = Folder(folder).look_up(KEY)
    assert found is not None
    assert found.ref == path.name
    assert Folder(folder).look_up("confirm:o2:1") is None
