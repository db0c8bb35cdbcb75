"""The hub is upgraded while desks go on: its database is of an older revision, their work is not lost."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from aged import OLD, aged
from checker import Desk, check
from driver import Stage, stage
from papers import papers_in
from place import PEOPLE, SEAL
from processes import until

from sync.hub.database import connect_database, is_newest, revision_of, writing

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]
BUSY = ("lin", "qiao")


def level(on: Stage) -> None:
    until(on._is_drained, "the shops' orders are decided", 60)
    until(lambda: all(on.stands_level(desk) for desk in on.desks), "every desk is level", 60)


def test_desks_go_on_over_an_upgrade(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "hub.db"
    with stage(url, tmp_path, seed=11, people=BUSY) as on:
        for desk in on.desks:
            desk.ask("lease_nothing")  # an older hub knew no leases
            desk.ask("do 6")
        level(on)
        on.hubs[0].stop()
        on.town.engine.dispose()
        newer = connect_database(url)
        aged(newer, f"sqlite:///{tmp_path / 'old.db'}")
        newer.dispose()
        for end in ("", "-wal", "-shm"):
            file.with_name(f"hub.db{end}").unlink(missing_ok=True)
        (tmp_path / "old.db").rename(file)
        older = connect_database(url)
        assert revision_of(older) == OLD
        with writing(older) as db:  # an older hub knew no keys of PCs: people sign in once more
            db.exec_driver_sql("UPDATE login SET expires_at = 0")
        older.dispose()

        unsent = sum(desk.ask("do 3")["done"] for desk in on.desks)
        assert unsent > 0
        on.start_hub(0)
        on.wait_for_hubs()
        on.town.move(url)
        for desk in on.desks:
            desk.ask("do 3")
        level(on)

        assert is_newest(on.town.engine)
        assert (tmp_path / f"hub.db.before-{OLD}").is_file()
        for process in (*on.desks, *on.hubs):
            process.kill()
        roles = {user.code: user.role for user in PEOPLE}
        verdict = check(
            on.town.engine,
            SEAL,
            [Desk(desk.home, roles[desk.user], papers_in(desk.home)) for desk in on.desks],
        )
        assert (verdict.lost, verdict.doubled, verdict.findings) == (0, 0, [])
        assert verdict.promised >= unsent
