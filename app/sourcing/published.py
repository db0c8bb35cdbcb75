"""Instances as the OR-Library publishes them: figures with spaces between, and nothing else.

Sites and customers are counted first; then capacity and fixed cost of each site; then of each customer its
demand, and what all of it costs from each site.
Source: J. E. Beasley, OR-Library, capacitated warehouse location.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.sourcing.instance import DEMANDS_MOST, PAIRS_MOST, SITES_MOST
from app.text import N_, Text

HEAD = 2
"""Figures that say how many there are of each."""
PAIR = 2
"""Figures of a site."""


def is_published(text: bytes) -> bool:
    """Tell whether a file may be such a list: it begins with a figure."""
    return text.lstrip()[:1].isdigit()


def read_published(text: bytes) -> dict[str, Any] | Text:
    """Return the instance as an object, or say what is wrong and what to do."""
    words = text.split(None, HEAD + PAIR * SITES_MOST + DEMANDS_MOST + PAIRS_MOST)
    if b"capacity" in words[HEAD : HEAD + PAIR * SITES_MOST]:
        return Text(N_("The word “capacity” stands where a figure belongs. Write the figure there."))
    try:
        figures = [float(word) for word in words]
        sites, customers = int(words[0]), int(words[1])
    except (ValueError, IndexError):
        return Text(N_("Something in the file is no figure. It holds figures with spaces between."))
    if not 0 < sites <= SITES_MOST or not 0 < customers <= DEMANDS_MOST or sites * customers > PAIRS_MOST:
        params: dict[str, str | int | Text] = {"sites": SITES_MOST, "pairs": PAIRS_MOST}
        return Text(N_("More than {sites} sites or {pairs} pairs of site and demand. Part it."), params)
    wanted = HEAD + PAIR * sites + customers * (1 + sites)
    if len(figures) != wanted:
        said: dict[str, str | int | Text] = {"wanted": wanted, "there": len(figures)}
        return Text(
            N_("The file should hold {wanted} figures and holds {there}. Look whether it is whole."), said
        )
    follow = iter(figures[HEAD:])
    listed = [{"capacity": capacity, "fixed_cost": fixed} for capacity, fixed in _pairs(follow, sites)]
    rows = [[next(follow) for _ in range(1 + sites)] for _ in range(customers)]
    return {
        "sites": [{"id": str(n), **site} for n, site in enumerate(listed, 1)],
        "demands": [{"id": str(n), "qty": row[0]} for n, row in enumerate(rows, 1)],
        "total_costs": [row[1:] for row in rows],
    }


def _pairs(figures: Iterator[float], count: int) -> Iterator[tuple[float, float]]:
    for _ in range(count):
        yield next(figures), next(figures)
