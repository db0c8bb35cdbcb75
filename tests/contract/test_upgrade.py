"""An older database becomes a newer one: checked on a copy, never under a running hub, never half."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aged import OLD, aged
from builders import line
from hub_world import FEED, HubWorld, bought

from app.boot.opening import opened
from app.commands.hold import Hold
from app.trouble import Trouble
from sync.hub.asking import Worker
from sync.hub.database import connect_database, is_newest, revision_of, writing
from sync.hub.drifts import DRIFTS, Drifts
from sync.hub.jobs import open_worker
from sync.hub.keeping.upgrade import upgrade_file
from sync.hub.verify import verify


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A file of an older revision on which something happened."""
    hub = HubWorld(f"sqlite:///{tmp_path / 'new.db'}")
    hub.channel.must(bought("o1"), bought("o2"))
    hub.desk().must(Hold(order="o1", reason="ask"))
    aged(hub.engine, f"sqlite:///{tmp_path / 'hub.db'}")
    hub.close()
    return tmp_path / "hub.db"


def test_a_copy_is_upgraded_checked_and_put_in_place(old: Path):
    engine = opened(f"sqlite:///{old}")

    assert is_newest(engine)
    assert verify(engine, FEED).ok
    engine.dispose()
    (kept,) = old.parent.glob("hub.db.before-*")
    before = connect_database(f"sqlite:///{kept}")
    assert (kept.name, revision_of(before)) == (f"hub.db.before-{OLD}", OLD)
    before.dispose()
    assert not list(old.parent.glob("*.upgrading*"))


def test_exceptions_are_called_by_their_present_names(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'new.db'}")
    hub.channel.must(bought("o1", lines=(line(ext_sku="A-9", sku=""),)))
    aged(hub.engine, f"sqlite:///{tmp_path / 'hub.db'}")
    hub.close()
    before = connect_database(f"sqlite:///{tmp_path / 'hub.db'}")
    with writing(before) as db:
        db.exec_driver_sql("UPDATE snag SET id = 'o1:sku_unknown', kind = 'sku_unknown'")
    before.dispose()

    engine = opened(f"sqlite:///{tmp_path / 'hub.db'}")

    with writing(engine) as db:
        found = db.exec_driver_sql("SELECT id, kind FROM snag").all()
    assert found == [("o1:sku_unmapped", "sku_unmapped")]
    assert verify(engine, FEED).ok
    engine.dispose()


def test_a_newest_file_and_an_empty_one_are_left_alone(tmp_path: Path):
    opened(f"sqlite:///{tmp_path / 'fresh.db'}").dispose()

    assert upgrade_file(tmp_path / "fresh.db") is False
    assert [path.name for path in tmp_path.iterdir() if "before" in path.name] == []


def test_a_file_another_hub_has_open_is_not_touched(old: Path):
    other = connect_database(f"sqlite:///{old}")
    with other.connect() as db:
        db.exec_driver_sql("SELECT count(*) FROM orders").all()
        db.rollback()
        with pytest.raises(Trouble) as trouble:
            opened(f"sqlite:///{old}")

    assert trouble.value.code == "in_use"
    assert revision_of(other) == OLD
    other.dispose()


def test_a_copy_that_breaks_a_promise_does_not_take_its_place(old: Path, monkeypatch: pytest.MonkeyPatch):
    before = connect_database(f"sqlite:///{old}")
    with writing(before) as db:
        db.exec_driver_sql("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'CT-180'")
    before.dispose()

    with pytest.raises(Trouble) as trouble:
        opened(f"sqlite:///{old}")

    assert trouble.value.code == "upgrade"
    again = connect_database(f"sqlite:///{old}")
    assert revision_of(again) == OLD
    again.dispose()
    monkeypatch.setenv("DOCKET_UPGRADE_ANYWAY", "1")
    engine = opened(f"sqlite:///{old}")
    assert is_newest(engine)
    engine.dispose()


def test_a_counter_a_person_is_asked_about_already_stops_no_upgrade(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'new.db'}")
    hub.channel.must(bought("o1"))
    with writing(hub.engine) as db:
        db.exec_driver_sql("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'LN-220' AND warehouse = 'SZ'")
    Drifts(Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, DRIFTS, hub.clock()))).step(
        hub.clock()
    )
    assert not hub.verify().ok
    aged(hub.engine, f"sqlite:///{tmp_path / 'hub.db'}")
    hub.close()

    engine = opened(f"sqlite:///{tmp_path / 'hub.db'}")

    assert is_newest(engine)
    engine.dispose()


def test_an_upgrade_that_was_cut_off_begins_again(old: Path):
    old.with_name("hub.db.upgrading").write_bytes(b"half")

    engine = opened(f"sqlite:///{old}")

    assert verify(engine, FEED).ok
    engine.dispose()


@pytest.mark.postgres
def test_a_server_upgrades_in_place_or_gives_up_within_seconds(tmp_path: Path, fresh_postgres: str):
    hub = HubWorld(f"sqlite:///{tmp_path / 'new.db'}")
    hub.channel.must(bought("o1"))
    aged(hub.engine, fresh_postgres)
    hub.close()
    busy = connect_database(fresh_postgres)
    with writing(busy) as db:
        db.exec_driver_sql("SELECT * FROM stock FOR UPDATE")
        begun_s, told = time.monotonic(), []

        def start() -> None:
            try:
                opened(fresh_postgres).dispose()
            except Trouble as trouble:
                told.append(trouble)

        starting = threading.Thread(target=start)
        starting.start()
        starting.join(30)
        waited_s = time.monotonic() - begun_s
    assert [trouble.retry for trouble in told] == [True]
    assert waited_s < 20, "it gives up rather than stop everybody"
    assert revision_of(busy) == OLD
    busy.dispose()

    engine = opened(fresh_postgres)

    assert is_newest(engine)
    assert verify(engine, FEED).ok
    engine.dispose()
