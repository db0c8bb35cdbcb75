"""Both databases of a hub: what holds on one must hold on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_world import HubWorld


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hub.db'}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url


@pytest.fixture
def make_hub(database_url: str) -> Iterator[Callable[..., HubWorld]]:
    """`make_hub(rules=…)`: a hub with its own company."""
    made: list[HubWorld] = []

    def make(**changes: Any) -> HubWorld:
        made.append(HubWorld(database_url, **changes))
        return made[-1]

    yield make
    for hub in made:
        hub.close()


@pytest.fixture
def hub(make_hub: Callable[..., HubWorld]) -> HubWorld:
    """A hub with the usual company."""
    return make_hub()
