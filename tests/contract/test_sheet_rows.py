"""A small sheet is handed to a desk whole: every row with its number, or why it is too large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_import_api import World

import resources
from app.imports import Reading
from app.trouble import Trouble
from sync.hub.imports import counter


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("sheets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKET_HOME", str(folder))
        made = World(folder)
        made.people()
        yield made
        made.close()


def test_every_row_comes_with_its_number(world: World):
    desk = world.desk("lead")
    path = world.file(
        ["", "报价单"], ["目的地", "首重价", "续重价"], ["浙江", "8", "3"], [], ["江苏", "7", ""]
    )

    look = desk.look(path, Reading())
    rows = desk.rows(look.id, look.reading)

    assert rows.header == ("目的地", "首重价", "续重价")
    assert rows.rows == ((3, ("浙江", "8", "3")), (5, ("江苏", "7", "")))


def test_the_sample_of_a_price_table_is_read_whole(world: World):
    desk = world.desk("lead")

    look = desk.look(str(resources.path("samples", "tariff.csv")), Reading())

    assert len(desk.rows(look.id, look.reading).rows) == look.rows == 83


def test_a_sheet_too_large_for_a_desk_is_refused_whole(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counter, "SMALL_ROWS", 1)
    desk = world.desk("lead")
    look = desk.look(world.file(["目的地", "首重价"], ["浙江", "8"], ["江苏", "7"]), Reading())

    with pytest.raises(Trouble) as trouble:
        desk.rows(look.id, look.reading)

    assert trouble.value.code == "too_large"


def test_a_file_of_somebody_else_is_not_shown(world: World):
    look = world.desk("lead").look(world.file(["目的地"], ["浙江"]), Reading())

    with pytest.raises(Trouble) as trouble:
        world.desk("clerk").rows(look.id, look.reading)

    assert trouble.value.code == "no_file"
