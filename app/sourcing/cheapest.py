"""The exact minimum: which sites send which pieces, for the least cost of parcels, splits and pieces.

Sets of sites are tried from one on, cheapest first, as long as their lower bound could still win. A parcel
never costs less when more lies in it, and no cost is negative: all bounds rest on these two.
Source: capabilities 6, candidate sets; 6.8, equal to the exhaustive minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

ParcelCost = Callable[[int, int, int], float | None]
"""What a parcel of (grams, cm³, flags) costs, None where nobody takes it."""

PieceCost = Callable[[int, int, int], float]
"""What it costs to take pieces: (site, item, pieces)."""

NODES_MOST = 20_000
SET_NODES_MOST = 4_000
"""So many ways to share pieces out are looked at, of a whole order and of one set of sites; beyond, the best
of them is taken and not called proven. Orders of a few dozen pieces never come near."""


class Item(NamedTuple):
    """Pieces of one kind. Units: grams and cm³ a piece; `flags` are bits a parcel gets with it."""

    weight_g: int
    volume_cm3: int
    flags: int
    qty: int


class Site(NamedTuple):
    """A place that may send. `have`: pieces of each item; `fixed`: what any parcel from there costs more."""

    have: tuple[int, ...]
    cost: ParcelCost
    km: int = 0
    fixed: float = 0


Takes = tuple[int, ...]
"""Pieces of each item."""


class Plan(NamedTuple):
    """What each site sends. `proven`: nothing is cheaper."""

    cost: float
    takes: tuple[tuple[int, Takes], ...]
    km: int
    proven: bool = True

    @property
    def rank(self) -> tuple[float, int, int]:
        """Order plans: the cheapest first, then fewer parcels, then shorter ways."""
        return (self.cost, len(self.takes), self.km)


Fits = Callable[[int, "Takes"], bool]
"""Says whether a site may send these pieces, where several items are made of the same article."""


def no_cost(_site: int, _item: int, _qty: int) -> float:
    """Say that pieces cost nothing wherever they are taken."""
    return 0


class Search:
    """One search under way. `plans` keeps the best plan of each set of sites that was looked into."""

    def __init__(
        self,
        items: Sequence[Item],
        sites: Sequence[Site],
        *,
        split: float,
        parcels_most: int,
        piece_cost: PieceCost = no_cost,
        fits: Fits | None = None,
    ) -> None:
        self.items, self.sites, self.split, self.piece_cost = items, sites, split, piece_cost
        self.fits = fits
        self.parcels_most = min(parcels_most, sum(item.qty for item in items), len(sites))
        self.weight_g = sum(item.weight_g * item.qty for item in items)
        self.low: list[float | None] = self._lows()
        self.plans: list[Plan] = []
        self.best: Plan | None = None
        self.nodes = 0
        self.cut_short = False
        self._order = sorted(range(len(items)), key=lambda i: -items[i].weight_g * items[i].qty)
        self._shares: dict[tuple[int, int], float | None] = {}

    def run(self) -> Plan | None:
        """Return the cheapest plan, None where no set of sites has everything."""
        if self.parcels_most:
            for site, low in enumerate(self.low):  # each of them, so that everybody sees what it would cost
                if low is not None and self._has_all((site,)):
                    self._look_into((site,))
        for size in range(2, self.parcels_most + 1):
            for chosen in self._sets(size):
                self._look_into(chosen)
        best = self.best
        return best._replace(proven=not self.cut_short) if best is not None else None

    def _lows(self) -> list[float | None]:
        """Say for each site what its lightest parcel costs; None where it can send nothing."""
        if not self.items:
            return [None] * len(self.sites)
        grams, volume = (
            min(part) for part in zip(*((i.weight_g, i.volume_cm3) for i in self.items), strict=True)
        )
        lows: list[float | None] = []
        for site in self.sites:
            cost = site.cost(grams, volume, 0) if any(site.have) else None
            lows.append(None if cost is None else cost + site.fixed)
        return lows

    def _sets(self, size: int) -> Iterator[tuple[int, ...]]:
        """Yield sets of sites that have everything together and might win, cheapest parcels first."""
        ranked = sorted((low, i) for i, low in enumerate(self.low) if low is not None)
        split = self.split * (size - 1)
        share_g = -(-self.weight_g // size)
        chosen: list[int] = []

        def grow(start: int, cost: float) -> Iterator[tuple[int, ...]]:
            left = size - len(chosen)
            if not left:
                if self._has_all(chosen) and not self._loses(
                    cost + self._heaviest(chosen, size, share_g), chosen
                ):
                    yield tuple(chosen)
                return
            for place in range(start, len(ranked) - left + 1):
                low, site = ranked[place]
                if self.best is not None and cost + low * left > self.best.cost:
                    return  # those behind are dearer still
                chosen.append(site)
                yield from grow(place + 1, cost + low)
                chosen.pop()

        yield from grow(0, split)

    def _has_all(self, chosen: Sequence[int]) -> bool:
        sites = self.sites
        for i, item in enumerate(self.items):
            left = item.qty
            for site in chosen:
                left -= sites[site].have[i]
            if left > 0:
                return False
        return True

    def _heaviest(self, chosen: Sequence[int], size: int, share_g: int) -> float:
        """Say how much one of the set costs at least beyond its lightest parcel: it carries a full share."""
        more = float("inf")
        for site in chosen:
            if (site, size) not in self._shares:
                self._shares[site, size] = self.sites[site].cost(share_g, 0, 0)
            cost, low = self._shares[site, size], self.low[site]
            if cost is not None and low is not None:
                more = min(more, max(0.0, cost + self.sites[site].fixed - low))
        return more

    def _loses(self, bound: float, chosen: Sequence[int]) -> bool:
        """Tell whether a set cannot beat the best plan any more."""
        if self.best is None:
            return bound == float("inf")
        km = sum(self.sites[site].km for site in chosen)
        return (bound, len(chosen), km) >= self.best.rank

    def _look_into(self, chosen: tuple[int, ...]) -> None:
        km = sum(self.sites[site].km for site in chosen)
        if len(chosen) > 1 and self.nodes > NODES_MOST and self.best is not None:
            self.cut_short = True
            return
        found = self._whole(chosen[0]) if len(chosen) == 1 else _Sharing(self, chosen).run()
        if found is None:
            return
        cost, takes = found
        plan = Plan(cost, takes, km)
        self.plans.append(plan)
        if self.best is None or plan.rank < self.best.rank:
            self.best = plan

    def _whole(self, site: int) -> tuple[float, tuple[tuple[int, Takes], ...]] | None:
        """Let one site send everything."""
        flags = 0
        for item in self.items:
            flags |= item.flags
        volume = sum(item.volume_cm3 * item.qty for item in self.items)
        here = self.sites[site]
        cost = here.cost(self.weight_g, volume, flags)
        takes = tuple(item.qty for item in self.items)
        if cost is None or (self.fits is not None and not self.fits(site, takes)):
            return None
        pieces = sum(self.piece_cost(site, i, qty) for i, qty in enumerate(takes))
        return cost + here.fixed + pieces, ((site, takes),)


class _Sharing:
    """Shares the pieces of an order out over a set of sites, each of which sends something."""

    def __init__(self, search: Search, chosen: tuple[int, ...]) -> None:
        self.search, self.chosen = search, chosen
        self.split = search.split * (len(chosen) - 1)
        self.grams, self.volumes, self.flags = ([0] * len(chosen) for _ in range(3))
        self.pieces = [[0] * len(search.items) for _ in chosen]
        self.parcel = [search.low[site] or 0 for site in chosen]
        self.used = [0] * len(chosen)
        self.nodes = 0
        self.limit = search.best.cost if search.best is not None else float("inf")
        self.found: tuple[float, tuple[tuple[int, Takes], ...]] | None = None

    def run(self) -> tuple[float, tuple[tuple[int, Takes], ...]] | None:
        """Return the cheapest way, None where none is as cheap as the best plan so far."""
        self._next_item(0, self.split)
        return self.found

    def _next_item(self, depth: int, cost: float) -> None:
        """Go on with the next item; `cost` is of splits and pieces, parcels stand beside it."""
        order = self.search._order  # noqa: SLF001 - one search in two classes
        if depth == len(order):
            self._keep(cost + sum(self.parcel))
            return
        self._share(depth, order[depth], 0, self.search.items[order[depth]].qty, cost)

    def _keep(self, cost: float) -> None:
        """Keep a way in which every site sends something, if it is the cheapest so far."""
        if not all(self.used) or (self.found is not None and cost >= self.found[0]):
            return
        takes = tuple((site, tuple(mine)) for site, mine in zip(self.chosen, self.pieces, strict=True))
        fits = self.search.fits
        if fits is None or all(fits(site, mine) for site, mine in takes):
            self.found = cost, takes
            self.limit = min(self.limit, cost)

    def _share(self, depth: int, i: int, place: int, left: int, cost: float) -> None:
        """Let the sites from `place` on take what is left of an item, each as much as it has."""
        if not left:
            self._next_item(depth + 1, cost)
            return
        if place == len(self.chosen):
            return
        search, site = self.search, self.chosen[place]
        most = min(left, search.sites[site].have[i])
        behind = sum(search.sites[one].have[i] for one in self.chosen[place + 1 :])
        for qty in range(most, max(0, left - behind) - 1, -1):
            if not qty:
                self._share(depth, i, place + 1, left, cost)
                continue
            search.nodes += 1
            self.nodes += 1
            if self.nodes > SET_NODES_MOST and (self.found is not None or search.best is not None):
                search.cut_short = True
                return
            self._take(depth, i, place, qty, left, cost)

    def _take(self, depth: int, i: int, place: int, qty: int, left: int, cost: float) -> None:
        search, site, item = self.search, self.chosen[place], self.search.items[i]
        was = self.grams[place], self.volumes[place], self.flags[place], self.parcel[place]
        grams, volume = was[0] + item.weight_g * qty, was[1] + item.volume_cm3 * qty
        flags = was[2] | item.flags
        here = search.sites[site]
        parcel = here.cost(grams, volume, flags)
        if parcel is None:
            return
        cost += search.piece_cost(site, i, qty)
        self.parcel[place] = parcel + here.fixed
        if cost + sum(self.parcel) <= self.limit:
            self.grams[place], self.volumes[place], self.flags[place] = grams, volume, flags
            self.pieces[place][i] = qty
            self.used[place] += qty
            self._share(depth, i, place + 1, left - qty, cost)
            self.used[place] -= qty
            self.pieces[place][i] = 0
        self.grams[place], self.volumes[place], self.flags[place], self.parcel[place] = was
