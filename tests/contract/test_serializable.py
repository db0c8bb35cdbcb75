"""The writer under SERIALIZABLE with lost races and lost lines thrown in: what distributed engines ask for.

Distributed engines that speak PostgreSQL answer 40001 as a matter of course; the batch runs again, whole.
Source: sync.md section 17.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Self

import pytest
from hub_world import HubWorld, bought
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.commands.hold import Hold
from app.commands.resume import Resume
from app.domain.values import Role
from sync import tables
from sync.hub import writer

STATES = ("40001", "40P01", "08006")
ORDERS = 12
SHARE = 0.04
"""Of statements and commits that fail."""


class Lost(Exception):
    """What the driver says."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.sqlstate = state


class Weather:
    """Lets statements and commits fail by dice; a commit sometimes after it has happened."""

    def __init__(self, hub: HubWorld, seed: int) -> None:
        self.hub, self.dice, self.failed = hub, random.Random(seed), 0  # noqa: S311 - dice
        self._commit = hub.engine.dialect.do_commit

    def __enter__(self) -> Self:
        event.listen(self.hub.engine, "before_cursor_execute", self._before)
        self.hub.engine.dialect.do_commit = self._committing
        return self

    def __exit__(self, *_what: object) -> None:
        event.remove(self.hub.engine, "before_cursor_execute", self._before)
        self.hub.engine.dialect.do_commit = self._commit

    def _before(self, _db: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self._maybe(statement)

    def _committing(self, connection: Any) -> None:
        self._maybe("COMMIT")
        self._commit(connection)
        self._maybe("COMMIT")

    def _maybe(self, statement: str) -> None:
        if self.dice.random() < SHARE:
            self.failed += 1
            raise OperationalError(statement, None, Lost(self.dice.choice(STATES)))


@pytest.fixture
def serializable(
    request: pytest.FixtureRequest, fresh_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HubWorld]:
    """A hub whose every transaction is SERIALIZABLE, unless it asks for less by itself."""
    monkeypatch.setattr(writer, "RETRY_PAUSES_S", (0.0,) * 40)
    hub = HubWorld(fresh_postgres)
    hub.writer.stop()
    hub.engine = hub.engine.execution_options(isolation_level="SERIALIZABLE")
    hub.start()
    yield hub
    hub.close()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_lost_on_the_way_is_done_once(serializable: HubWorld, seed: int) -> None:
    hub = serializable
    names = [f"o{i}" for i in range(ORDERS)]
    with Weather(hub, seed) as weather:
        hub.channel.must(*(bought(name) for name in names))
    clerk = hub.desk(Role.CLERK)
    with Weather(hub, seed) as more:
        for name in names:
            clerk.must(Hold(order=name, reason="ask"))
            clerk.must(Resume(order=name))

    assert weather.failed + more.failed > 5
    assert len(hub.rows(tables.orders)) == ORDERS
    assert len(hub.rows(tables.command)) == 3 * ORDERS
    assert {row.status for row in hub.rows(tables.command)} == {"applied"}
    assert hub.verify().findings == ()


@pytest.mark.postgres
def test_two_hubs_at_once_under_serializable_lose_races_and_nothing_else(serializable: HubWorld) -> None:
    first, second = (
        serializable,
        writer.Writer(serializable.engine, 1, writer.Seal(bytes(range(32))), serializable.clock),
    )
    second.start()
    desks = [first.desk(Role.CLERK, "one"), first.desk(Role.LEAD, "two")]
    first.channel.must(*(bought(f"o{i}") for i in range(ORDERS)))
    futures = [
        hub.submit(writer.Job(desk.info, [desk.wish(Hold(order=f"o{i}", reason="ask"))]))
        for i in range(ORDERS)
        for hub, desk in ((first.writer, desks[0]), (second, desks[1]))
    ]
    answers = [answer for future in futures for answer in future.result(60)]
    second.stop()

    assert len(answers) == 2 * ORDERS
    assert sum(answer.status == "applied" for answer in answers) >= ORDERS
    assert first.verify().findings == ()
