"""What a hub does about its line to the database: one that is dead in one direction, a log that grows."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_world import WAIT_S, HubWorld, bought
from servers import own_database
from sqlalchemy import make_url, text

from sync.hub import writer
from sync.hub.database import reading, trim_log
from sync.hub.numbering import Job


class Proxy:
    """Stands before a database; lines that were open when `hold` was called carry nothing any more."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._life = threading.Event()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        self._life.set()
        self._life = threading.Event()

    def close(self) -> None:
        for end in (self._door, *self._ends):
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._server)
            self._ends += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(*ends, self._life), daemon=True).start()


def _carry(source: socket.socket, to: socket.socket, is_held: threading.Event) -> None:
    try:
        while data := source.recv(65_536):
            if not is_held.is_set():
                to.sendall(data)
    except OSError:
        return


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    made = Proxy(f"{make_url(postgres_url).query['host']}/.s.PGSQL.5432")
    yield made
    made.close()


@pytest.mark.postgres
def test_a_batch_behind_a_dead_line_goes_on_over_another(
    postgres_url: str,
    laid_out_postgres: str,
    database_names: Iterator[str],
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
):
    """The proxy takes everything and hands on nothing: no keepalive of the line would ever notice."""
    monkeypatch.setattr(writer, "BATCH_S", 0.5)
    monkeypatch.setattr(writer, "RETRY_PAUSES_S", (0.0, 0.0))
    with own_database(postgres_url, next(database_names), laid_out_postgres) as url:
        behind = make_url(url).set(host="127.0.0.1", port=proxy.port).difference_update_query(["host"])
        hub = HubWorld(behind.render_as_string(hide_password=False))
        hub.channel.must(bought("o1"))
        proxy.hold()

        asked = hub.writer.submit(Job(hub.channel.info, [hub.channel.wish(bought("o2"))]))

        assert [answer.status for answer in asked.result(WAIT_S)] == ["applied"]
        hub.close()


def test_the_log_of_sqlite_is_emptied_although_somebody_always_reads(tmp_path: Path):
    hub = HubWorld(f"sqlite:///{tmp_path / 'hub.db'}")
    log = tmp_path / "hub.db-wal"
    with reading(hub.engine) as reader:
        reader.execute(text("SELECT count(*) FROM orders"))
        hub.channel.must(bought("o1"))
        grown = log.stat().st_size
        assert not trim_log(hub.engine, most_bytes=grown)
        assert not trim_log(hub.engine, most_bytes=0)  # somebody reads from it: nobody waits long for that
        assert log.stat().st_size >= grown

    assert trim_log(hub.engine, most_bytes=0)
    assert log.stat().st_size == 0
    hub.channel.must(bought("o2"))
    hub.close()
