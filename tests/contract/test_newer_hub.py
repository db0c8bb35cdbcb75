"""A desk beside a newer hub: names it does not know are shown or left alone, and nothing is misread.

The feed says here what a later Docket would: fields, tables, verbs, sentences and exception types of which
this one has never heard. Source: sync.md section 12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from desk_world import World, login

from app import kinds
from app.commands.hold import Hold
from app.ports import OrderQuery
from app.trouble import Trouble
from sync.projection import TYPES, Row
from sync.replica.news import Diverged

AT = "2026-06-13T12:00:00Z"
TEXT = {"message": "A robot of the year {year} says no", "params": {"year": 2031}}
NEW = {"kind": "robot", "parts": [1, {"deeper": None}]}
"""What a later Docket keeps and this one has no field for."""
Bend = Callable[[dict[str, Any]], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.hub.receive("o1")
    made.hub.receive("o2")
    made.pull_all()
    yield made
    made.close()


def publish(world: World, *rows: tuple[str, str, dict[str, Any]]) -> None:
    """Let the hub say rows under its next number, whatever this desk makes of them."""
    world.hub.head += 1
    for tbl, pk, doc in rows:
        known = world.hub.rows.get((tbl, pk))
        row = Row(tbl, pk, world.hub.head, msgspec.json.encode(doc), known.scope if known else "ref")
        world.hub.feed.append(row)
        if tbl == "history":
            world.hub.history.append(row)
        else:
            world.hub.rows[tbl, pk] = row


def document(world: World, id: str = "o1") -> dict[str, Any]:
    """The order as the hub has it, as plain data."""
    doc = world.hub.rows["order", id].doc
    assert doc is not None
    found: dict[str, Any] = msgspec.json.decode(doc)
    return found


def snag(kind: str) -> dict[str, Any]:
    return {"kind": kind, "severity": "bad", "text": TEXT, "opened_at": AT, "due_at": AT, "robot": NEW}


def newer_order(world: World) -> dict[str, Any]:
    """An order with everything new on it that a row can carry."""
    doc = document(world) | {"robot": NEW}
    doc["receiver"] |= {"robot": "x"}
    doc["lines"] = [line | {"robot": NEW} for line in doc["lines"]]
    doc["snags"] = [*(one | {"robot": NEW} for one in doc.get("snags", [])), snag("robot_strike")]
    doc["effects"] = [
        {"key": "robot:o1:1", "kind": "robot", "state": "rejected", "text": TEXT, "at": AT, "robot": NEW}
    ]
    doc["holds"] = [
        *doc.get("holds", []),
        {"gate": "robot", "state": "waits", "text": TEXT, "opened_at": AT, "robot": NEW},
    ]
    return doc


def test_names_nobody_here_knows_are_taken_in_and_shown(world: World):
    publish(world, ("order", "o1", newer_order(world)), ("robot", "r1", NEW))
    publish(world, ("robot", "r1", NEW | {"kind": "arm"}), ("robot", "r2", NEW))
    entry = {
        "order": "o1",
        "seq": world.hub.head,
        "at": AT,
        "by": "robot:7",
        "command": "oil",
        "texts": [TEXT],
    }
    publish(world, ("history", f"o1:{world.hub.head}:0", entry | {"robot": NEW}))

    world.pull_all()  # the sums are compared with the hub's at the head, tables nobody knows among them

    (row,) = [row for row in world.views.snags() if row.kind == "robot_strike"]
    assert (row.title, row.severity, row.id) == ("robot_strike", "bad", "o1")
    assert world.order("o1").effects[0].kind == "robot"
    assert [one.id for one in world.views.order_page(OrderQuery(), 0, 9)] == ["o2", "o1"]
    assert TEXT["message"] in [line.text.message for line in world.views.history("o1")]
    assert world.views.counts(login()).snags == len(world.views.snags())
    assert world.views.facts(Hold(order="o1", reason="x"), login()) is not None
    world.restart()
    assert world.order("o1").effects[0].kind == "robot"


def test_work_goes_on_over_rows_of_a_newer_hub(world: World):
    publish(world, ("order", "o1", newer_order(world)))
    world.pull_all()

    world.must(Hold(order="o1", reason="x"))
    assert world.order("o1").pause is not None
    doc = newer_order(world) | {"ver": 9}
    publish(world, ("order", "o1", doc))
    world.pull_all()

    assert world.order("o1").pause is not None  # laid over the newer row again
    (base,) = world.store._db.execute("SELECT doc FROM before WHERE tbl = 'order' AND pk = 'o1'").fetchone()
    assert msgspec.json.decode(base) == doc  # and what this desk cannot read is still there below it


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_a_desk_of_before_a_type_was_made_shows_it_and_keeps_its_order_back(world: World, kind: str):
    doc = document(world)
    doc["snags"] = [snag(kind)]
    known = {code: one for code, one in kinds.KINDS.items() if code != kind}

    with patch.object(kinds, "KINDS", known):
        publish(world, ("order", "o1", doc))
        world.pull_all()
        (row,) = [row for row in world.views.snags() if row.id == "o1"]

    assert (row.kind, row.title, row.severity) == (kind, kind, "bad")


def _status(doc: dict[str, Any]) -> None:
    doc["status"] = "in_orbit"


def _effect(doc: dict[str, Any]) -> None:
    doc["effects"] = [{"key": "k", "kind": "robot", "state": "melting", "text": TEXT, "at": AT}]


def _typed(doc: dict[str, Any]) -> None:
    doc["lines"] = {"1": doc["lines"]}


@pytest.mark.parametrize("bend", [_status, _effect, _typed])
def test_a_state_nobody_here_knows_is_told_and_never_taken_for_another(world: World, bend: Bend):
    """Such a change raises `SCHEMA`; until a desk is updated it stands still and says so."""
    before, doc = world.store.mark.cursor, document(world)
    bend(doc)
    publish(world, ("order", "o1", doc))

    with pytest.raises(Trouble) as trouble:
        world.pull_all()

    assert (trouble.value.code, trouble.value.retry) == ("hub_unreadable", True)
    assert (world.store.mark.cursor, world.order("o1").status.value) == (before, "released")
    world.must(Hold(order="o2", reason="x"))
    assert [answer.status for answer in world.push().results] == [
        "applied"
    ]  # what is done here still goes out


def test_rows_of_an_unknown_table_are_counted_and_a_missing_one_is_found(world: World):
    assert "robot" not in TYPES
    publish(world, ("robot", "r1", NEW))
    world.hub.feed.pop()

    with pytest.raises(Diverged):
        world.pull_all()
