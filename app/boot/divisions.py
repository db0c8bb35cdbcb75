"""Read the divisions and towns of the country; apart from what opens databases, to be there at once."""

from __future__ import annotations

import resources
from app.domain.distance import Atlas
from app.domain.gazetteer import Gazetteer


def load_gazetteer() -> Gazetteer:
    """Read the divisions of the country, its towns when they are first asked for."""
    return Gazetteer.from_bytes(
        resources.read("geo", "regions.json.gz"), resources.read("geo", "towns.json.gz")
    )


def load_atlas() -> Atlas:
    """Read where the divisions of the country lie."""
    return Atlas.from_bytes(resources.read("geo", "points.json.gz"))
