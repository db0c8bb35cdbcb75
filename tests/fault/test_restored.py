"""The hub's disk is gone: a backup is restored, desks come back, and what they promised stands there once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checker import Desk, check
from driver import Stage, stage
from papers import papers_in
from place import FEED, KEY, PEOPLE, SEAL
from processes import ROOT, HubProcess, environment, until
from sqlalchemy import make_url, select

from sync import tables as t
from sync.hub.database import reading
from sync.keeping_tables import life, witness

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL"),
]
WORK = 8
BUSY = ("lin", "zhou", "qiao")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URL of the hub's database, and of an empty one on another disk."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'other' / 'hub.db'}"
        return
    import psycopg

    url = request.getfixturevalue("fresh_postgres")
    name = f"restored_{next(request.getfixturevalue('database_names'))}"
    maintenance = request.getfixturevalue("postgres_url").replace("+psycopg", "")
    with psycopg.connect(maintenance, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
        yield url, make_url(url).set(database=name).render_as_string(hide_password=False)
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def docket(folder: Path, *asked: str) -> dict[str, Any]:
    """Run a verb as an administrator would."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *asked, "--json"],
        env=environment(folder / "admin", KEY), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def level(on: Stage) -> None:
    until(on._is_drained, "the shops' orders are decided", 60)
    until(lambda: all(on.stands_level(desk) for desk in on.desks), "every desk is level", 60)


def commands(on: Stage) -> dict[str, tuple[str, int, str]]:
    """What stands in the journal of desks, by the id of the command."""
    c, r = t.command.c, t.replica.c
    with reading(on.town.engine) as db:
        desks = select(r.replica_id).where(r.feed_id == FEED, r.kind == "desk")
        rows = db.execute(
            select(c.cmd_id, c.replica_id, c.n, c.status).where(c.feed_id == FEED, c.replica_id.in_(desks))
        ).all()
    assert not [cmd for cmd, count in Counter(row.cmd_id for row in rows).items() if count > 1]
    return {row.cmd_id: (row.replica_id, row.n, row.status) for row in rows}


def test_nothing_is_lost_and_nothing_done_twice(tmp_path: Path, place: tuple[str, str]) -> None:
    database, other = place
    (tmp_path / "other").mkdir()
    with stage(database, tmp_path, seed=7, people=BUSY) as on:
        for desk in on.desks:
            desk.ask(f"do {WORK}")
        level(on)
        made = docket(tmp_path, "backup", "--database", database, "--to", str(tmp_path / "b"), "--elsewhere")
        assert made["counts"], made
        (moment,) = made["moments"]

        on.town.deliver(12)
        until(on._is_drained, "the orders after the backup are decided")
        on.desks[0].kill()
        on.start_desk(0)  # somebody signs in anew: the backup does not know this login
        until(lambda: on.desks[0].status()["is_ready"], "the desk is ready")
        for desk in on.desks:
            desk.ask(f"do {WORK}")
        level(on)
        before = commands(on)
        on.hubs[0].kill()
        unsent = sum(desk.ask("do 3")["done"] for desk in on.desks)
        assert unsent > 0

        said = docket(tmp_path, "restore", str(tmp_path / "b"), "--database", other)
        assert said["moments"] == [moment]
        on.town.move(other)
        lost = before.keys() - commands(on).keys()
        assert lost, "some work was done after the backup"
        on.town.deliver(0)  # the channels are read again from where the backup stood
        on.hubs[0] = HubProcess(other, tmp_path / "hub-0", KEY).start()
        on.wait_for_hubs()
        level(on)
        until(lambda: _seen(on) == len(BUSY), "every desk told what it had witnessed", 60)

        after = commands(on)
        assert {cmd: after[cmd][:2] for cmd in before} == {cmd: key[:2] for cmd, key in before.items()}
        turned = {cmd for cmd in before if after[cmd][2] != before[cmd][2]}
        assert turned <= lost, "what the backup held is as it was"
        assert len(turned) * 4 <= len(lost), f"{len(turned)} of {len(lost)} lost commands end otherwise"
        _check(on, moment["seq"], len(before) + unsent)


def _seen(on: Stage) -> int:
    with reading(on.town.engine) as db:
        (epoch,) = db.execute(select(life.c.epoch)).scalars().all()
        return len(db.execute(select(witness.c.replica_id).where(witness.c.epoch == epoch)).all())


def _check(on: Stage, protected: int, promised: int) -> None:
    """Hold every desk against the hub; answers told of what was lost are another life's."""
    for process in (*on.desks, *on.hubs):
        process.kill()
    roles = {user.code: user.role for user in PEOPLE}
    for desk in on.desks:
        kept = [line for line in (desk.home / "answers.jsonl").read_text().splitlines()
                if json.loads(line)["seq"] <= protected]  # fmt: skip
        (desk.home / "answers.jsonl").write_text("".join(f"{line}\n" for line in kept))
    verdict = check(
        on.town.engine, SEAL, [Desk(desk.home, roles[desk.user], papers_in(desk.home)) for desk in on.desks]
    )
    with reading(on.town.engine) as db:
        stored = select(t.command.c.replica_id, t.command.c.n).where(t.command.c.seq <= protected)
        safe = {f"{row.replica_id}/{row.n}" for row in db.execute(stored)}
    findings = [one for one in verdict.findings if (one.invariant, one.subject in safe) != ("I13", True)]
    assert (verdict.lost, verdict.doubled, findings) == (0, 0, [])
    assert verdict.promised >= promised
