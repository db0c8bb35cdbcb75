"""What every simulated run begins with: a company and its databases, made once for all runs of a process."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from morning import pack_parcels
from place import PEOPLE, found, small_company
from sqlalchemy import Engine
from still_hub import watch_engine
from stillness import CHEAP, START

import resources
import sync.hub.access
from app.domain.company import Company, User
from app.domain.gazetteer import Gazetteer
from app.domain.values import Role
from sync.hub.database import connect_database, open_database

EVERYBODY = (*PEOPLE, User(code="an", title="安以宁", role=Role.ADMIN))
ARTICLES = 6
PARCELS = 6


@cache
def gazetteer() -> Gazetteer:
    """Read the divisions of the country, once."""
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@cache
def business() -> Company:
    """Return the company every run begins with; somebody in it gives and takes rights."""
    made = small_company(1, ARTICLES)
    return msgspec.structs.replace(made, users=EVERYBODY)


@cache
def ground() -> Path:
    """Return a folder in memory, where there is one, with the database every run begins with."""
    memory = Path("/dev/shm")  # noqa: S108 - memory, and a folder of our own in it
    place = tempfile.TemporaryDirectory(prefix="docket-still-", dir=memory if memory.is_dir() else None)
    folder = Path(place.name)
    _KEPT.append(place)
    with patch.object(sync.hub.access, "HASHER", CHEAP):
        engine = open_database(f"sqlite:///{folder / 'template.db'}")
        found(engine, business(), START)
        engine.dispose()
    return folder


@cache
def morning() -> bytes:
    """Return the database of that company when its warehouse has packed some parcels."""
    path = ground() / "morning.db"
    shutil.copy(ground() / "template.db", path)
    engine = connect_database(f"sqlite:///{path}")
    pack_parcels(engine, business(), gazetteer(), START, PARCELS)
    engine.dispose()
    return path.read_bytes()


_KEPT: list[Any] = []
"""Folders that live as long as the process."""


@cache
def hub_engine() -> Engine:
    """Return the engine of the hubs of all runs: its file is put in place anew for each."""
    engine = connect_database(f"sqlite:///{ground() / 'hub.db'}")
    watch_engine(engine)
    return engine
