"""Hubs in this process; those in processes of their own start as in earnest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from compiled_once import compiled_once


@pytest.fixture(scope="module", autouse=True)
def statements_compiled_before() -> Iterator[None]:
    """Whoever opens a database need not find out anew what others asked."""
    with compiled_once():
        yield
