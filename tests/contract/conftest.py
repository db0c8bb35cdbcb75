"""Both databases of a hub: what holds on one must hold on the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cheap_passwords import cheap_passwords
from compiled_once import compiled_once
from hub_world import HubWorld
from quick_schema import quick_schema
from servers import Lent, named

from sync.hub.database import open_database
from sync.replica import outbox


@pytest.fixture(scope="module", autouse=True)
def earnest_passwords() -> Iterator[dict[str, tuple[int, int]]]:
    """What passwords cost outside of tests, by module: passes and KiB. Here they cost next to nothing."""
    with cheap_passwords() as earnest:
        yield earnest


@pytest.fixture(scope="module", autouse=True)
def no_reserve() -> Iterator[None]:
    """Desks hold no disk space back beside their outboxes, 16 MB each; who looks at it overrides this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "keep_reserve", lambda _beside: None)
        yield


@pytest.fixture(scope="module", autouse=True)
def databases_opened_before() -> Iterator[None]:
    """Whoever opens a database waits for no migrations of an empty file, and not for what others asked."""
    with quick_schema(), compiled_once():
        yield


@pytest.fixture(scope="session")
def laid_out_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and no row: migrations run once, tests take copies."""
    file = tmp_path_factory.mktemp("laid-out") / "hub.db"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def laid_out_postgres(postgres_url: str) -> str:
    """The name of such a database, to be taken as a template."""
    name = "laid_out"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    open_database(named(postgres_url, name)).dispose()
    return name


@pytest.fixture(scope="session")
def lent_postgres(postgres_url: str, laid_out_postgres: str, database_names: Iterator[str]) -> Lent:
    """Copies of it."""
    return Lent(postgres_url, laid_out_postgres, database_names)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database at the newest schema, without a row, once of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("laid_out_file"), tmp_path / "hub.db")
        yield f"sqlite:///{tmp_path / 'hub.db'}"
        return
    lent: Lent = request.getfixturevalue("lent_postgres")
    with lent.database() as url:
        yield url


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
