"""Files of scans: read whole, each scan once, what nobody understands put beside; errands leave."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from builders import NOW
from hub_world import FEED, SEAL, HubWorld, bought

from app.commands.call_back import CallBack
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.redeliver import Redeliver
from app.commands.ship import Ship
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import WORKER as EFFECTS
from sync.hub.effects import Effects
from sync.hub.jobs import open_worker
from sync.hub.label_folder import LabelFolder
from sync.hub.label_requests import LabelRequests
from sync.hub.scan_files import FILE_BYTES, WORKER, ScanFiles

AT = NOW.isoformat()
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Room:
    """A hub with one parcel on its way, and the worker that reads what carriers put into a folder."""

    def __init__(self, hub: HubWorld, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        folder.mkdir()
        hub.channel.must(bought("o1"))
        floor = hub.desk(Role.WAREHOUSE, "floor")
        floor.must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
        floor.must(Ship(order="o1", carrier="SF", tracking_no="SF0001"))
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        self.files = ScanFiles(Worker(hub.engine, FEED, hub.writer, info), folder, hub.clock)

    def put(self, *rows: str, name: str = "scans-1.csv", head: str = "tracking_no,state,reason,at") -> None:
        (self.folder / name).write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def kinds(self) -> list[str]:
        return [scan.kind for scan in self.hub.order("o1").scans]


@pytest.fixture
def room(hub: HubWorld, tmp_path) -> Room:
    return Room(hub, tmp_path / "labels")


def test_a_file_is_taken_once_and_its_parcels_know_where_they_are(room: Room):
    room.put(f"SF0001,accepted,,{AT}", f"SF0001,failed,not_home,{AT}")

    assert [room.files.step(), room.files.step()] == [True, False]
    assert (room.kinds(), room.names()) == (["accepted", "failed"], [])
    assert [snag.kind for snag in room.hub.order("o1").snags] == ["delivery_failed"]
    room.put(f"SF0001,accepted,,{AT}", name="scans-2.csv")
    assert room.files.step()
    assert room.kinds() == ["accepted", "failed"]
    assert room.hub.verify().ok


@ONE_DATABASE
def test_rows_nobody_understands_stay_beside_it_and_the_others_count(room: Room):
    room.put(
        f"SF0001,out,,{AT}", f"SF9999,out,,{AT}", f"SF0001,lost,,{AT}", "SF0001,out,,yesterday",
        "SF0001,out,,2026-06-13T12:30:00", f"SF0001,failed,=季小雨不在家,{AT}",
    )  # fmt: skip
    room.files.step()

    assert room.kinds() == ["out", "failed"]
    assert room.hub.order("o1").scans[1].reason == "other"
    (name,) = room.names()
    with (room.folder / name).open(encoding="utf-8-sig", newline="") as file:
        why = [row["why"] for row in csv.DictReader(file)]
    assert (name, why) == ("rejected-scans-1.csv", ["state", "time", "time", "number"])


@ONE_DATABASE
@pytest.mark.parametrize("said", [b"\xff\xfe\x00", b"x" * (FILE_BYTES + 1), b"", b"a\n1\n"])
def test_what_is_no_table_changes_nothing_and_stops_nothing(room: Room, said: bytes):
    (room.folder / "scans-1.csv").write_bytes(said)
    room.put(f"SF0001,out,,{AT}", name="scans-2.csv")

    assert [room.files.step(), room.files.step(), room.files.step()] == [True, True, False]
    assert room.kinds() == ["out"]


@ONE_DATABASE
def test_what_shall_become_of_a_parcel_leaves_with_its_new_address(room: Room):
    hub, folder = room.hub, room.folder
    office = LabelFolder(folder)
    info = open_worker(hub.engine, FEED, EFFECTS, hub.clock())
    prepare = LabelRequests(hub.engine, FEED, SEAL, hub.clock, EFFECTS).by_kind()
    worker = Worker(hub.engine, FEED, hub.writer, info)
    kinds = ("redeliver", "call_back")
    effects = Effects(worker, lambda _shop, _kind: office, hub.clock, kinds=kinds, prepare=prepare)
    lead = hub.desk(Role.LEAD, "lead")
    room.put(f"SF0001,failed,bad_address,{AT}")
    room.files.step()
    order = hub.order("o1")
    lead.must(Redeliver(order="o1", receiver=order.receiver, region=order.region))
    hub.clock.move(seconds=1)
    assert effects.carry_out()

    (path,) = folder.glob("redeliver-*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["tracking_no"], row["city"], row["name"]) == ("SF0001", "杭州市", order.receiver.name)
    assert not any(order.receiver.name in row.payload for row in hub.rows(tables.effect))
    hub.clock.move(hours=1)
    room.put(f"SF0001,failed,refused,{hub.clock().isoformat()}", name="scans-2.csv")
    room.files.step()
    lead.must(CallBack(order="o1", case="c1"))
    hub.clock.move(seconds=1)
    assert effects.carry_out()
    assert len(list(folder.glob("call_back-*.csv"))) == 1
    assert "delivery_failed" not in {snag.kind for snag in hub.order("o1").snags}
