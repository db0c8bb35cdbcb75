"""Files of a shop are for those who work for it: to bring, to look at, to take back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update
from test_import_api import BAD, GOOD, HEAD, World, ended, handed_in

from app.domain.company import User
from app.domain.values import Role
from app.trouble import Trouble
from sync.hub.database import writing
from sync.tables import ref


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = World(tmp_path)
    made.people()
    yield made
    made.close()


def test_files_of_a_shop_one_does_not_work_for_are_neither_seen_nor_brought(world: World):
    desk = world.desk()
    files, matching = handed_in(desk, world.file(HEAD, *GOOD, BAD))
    row = ended(desk, desk.begin("S1", files, matching))
    only = User(code="clerk", title="clerk", role=Role.CLERK, shops=("S2",))
    with writing(world.running.hub.engine) as db:
        mine = ref.c.tbl == "user", ref.c.pk == "clerk"
        db.execute(update(ref).where(*mine).values(doc=msgspec.json.encode(only).decode()))

    assert desk.past() == []
    for ask in (
        lambda: desk.row(row.id),
        lambda: desk.undo_plan(row.id),
        lambda: desk.save_rejected(row.id, str(world.folder / "back.csv")),
        lambda: handed_in(desk, world.file(HEAD, *GOOD, name="more.csv")),
    ):
        with pytest.raises(Trouble) as trouble:
            ask()
        assert trouble.value.code == "outside"
    assert not (world.folder / "back.csv").exists()
