# ruff: noqa: F811 - the fixture is asked for by its name
"""What one person may ask of the counter for files, and what is on its disk before anybody relies on it."""

from __future__ import annotations

from typing import Any

import pytest
from test_import_api import GOOD, HEAD, World, ended, handed_in, world  # noqa: F401 - the fixture

from app.imports import Reading
from app.trouble import Trouble
from sync.hub import limits
from sync.hub.imports import counter as counter_module
from sync.hub.imports.counter import FILES_HELD
from sync.hub.limits import Rate
from sync.import_wire import NewFile


def test_of_one_person_so_many_files_are_kept_the_newest(world: World):
    counter = world.running.hub.counter
    others = counter.announce(NewFile(name="x.csv", size=0), "lead")
    ids = [counter.announce(NewFile(name="x.csv", size=0), "clerk") for _ in range(FILES_HELD + 5)]

    assert len(world.left()) == FILES_HELD + 1
    with pytest.raises(Trouble) as trouble:
        counter.add(ids[4], 0, b"", "clerk")
    assert trouble.value.code == "no_file"
    assert [counter.add(name, 0, b"", who) for name, who in ((ids[5], "clerk"), (others, "lead"))] == [0, 0]


def test_a_file_is_on_the_disk_before_an_import_names_it(world: World, monkeypatch: pytest.MonkeyPatch):
    desk, order = world.desk(), list[str]()
    files, matching = handed_in(desk, world.file(HEAD, *GOOD))
    opened = world.running.hub.counter.runs.importing.open
    monkeypatch.setattr(counter_module, "settle_file", lambda path: order.append(path.suffix))
    monkeypatch.setattr(counter_module, "settle_names", lambda folder: order.append(folder.name))

    def noted(*args: Any, **more: Any) -> Any:
        order.append("record")
        return opened(*args, **more)

    monkeypatch.setattr(world.running.hub.counter.runs.importing, "open", noted)
    ended(desk, desk.begin("S1", files, matching))

    assert order == [".file", "imports", "record"]


def test_whole_files_are_read_only_so_often_for_one_pc(world: World, monkeypatch: pytest.MonkeyPatch):
    desk = world.desk()
    file = desk.look(world.file(HEAD, *GOOD), Reading()).id
    monkeypatch.setitem(limits.RATES, "dear", Rate(2, 0.001))

    for _ in range(2):
        desk.match("S1", [file], {})
    with pytest.raises(Trouble) as trouble:
        desk.match("S1", [file], {})
    assert trouble.value.code == "limited"
