"""Where hubs share a database, an import stays with the one that is at it, and is not lost with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from servers import Lent
from sqlalchemy import update
from test_import_api import GOOD, HEAD, World

from app.boot.opening import Running, column_names, open_hub
from app.boot.words import console
from app.imports import Reading
from sync.connection_tables import turn
from sync.hub.database import writing
from sync.hub.imports.counter import LOST_AFTER, Counter
from sync.hub.one_clock import wall

pytestmark = pytest.mark.postgres


@pytest.fixture
def running(lent_postgres: Lent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A hub that decides nothing: what it begins to import stays under way."""
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    with lent_postgres.database() as url:
        running = open_hub(url)
        World.people(Only(running))
        yield running
        running.close()


class Only:
    def __init__(self, running: Running) -> None:
        self.running = running


def other(running: Running, folder: Path) -> Counter:
    """The counter of another hub on the same database."""
    counter = running.hub.counter
    assert counter is not None
    return Counter(counter.tools, folder, column_names(), console)


def begun(counter: Counter, folder: Path) -> str:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *GOOD])
    look = counter.lay_out("a.csv", folder / "a.csv", "", "lead", Reading())
    return counter.begin("S1", [look.id], counter.match("S1", [look.id], {}, "lead").plan, "lead")


def passed(running: Running, by: timedelta) -> None:
    """Let time go by in which nobody is at any import."""
    with writing(running.hub.engine) as db:
        db.execute(update(turn).values(until=wall(db, -by)))


def test_a_hub_that_starts_leaves_the_imports_of_others_alone_until_they_are_gone(
    running: Running, tmp_path: Path
):
    mine = running.hub.counter
    assert mine is not None
    taken = begun(mine, tmp_path)
    second = other(running, tmp_path / "elsewhere")

    second.resume()
    assert second.runs.row(taken).state == "running"
    same_machine = other(running, mine.folder)
    same_machine.resume()
    assert same_machine.runs._runs == {}

    mine.close()
    second.resume()
    assert second.runs.row(taken).state == "running"
    same_machine.resume()
    assert list(same_machine.runs._runs) == [taken]
    same_machine.close()

    passed(running, LOST_AFTER)
    second.resume()
    assert second.runs.row(taken).state == "failed"
    second.close()
