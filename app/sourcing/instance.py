"""An instance of the question which sites to open, read from what others write.

Sites with a fixed cost and a capacity, demands, a cost for each pair, and how often a demand may be split.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.text import N_, Text

SITES_MOST = 1_000
DEMANDS_MOST = 10_000
PAIRS_MOST = 500_000
NUMBER_MOST = 1e12
ID_MOST = 80

SITES = ("sites", "warehouses", "facilities", "depots", "plants", "locations", "places")
DEMANDS = ("demands", "customers", "clients", "orders", "demand")
UNIT_COSTS = (
    *("unit_costs", "unit_cost", "costs", "cost", "cost_matrix", "transport_costs", "transport_cost"),
    *("transportation_costs", "shipping_costs", "c"),
)
TOTAL_COSTS = ("total_costs", "allocation_costs", "assignment_costs", "service_costs")
SPLITS = ("max_split", "max_splits", "split", "splits", "split_most")
SOURCES = ("max_sites", "max_sources", "sites_per_demand", "max_sites_per_demand")
NAMES = ("id", "code", "name", "site", "warehouse", "customer", "demand_id")
FIXED = ("fixed_cost", "fixed", "fixed_costs", "opening_cost", "open_cost", "setup_cost", "f")
CAPACITY = ("capacity", "cap", "capacities", "supply", "q", "s")
QUANTITY = ("demand", "qty", "quantity", "amount", "pieces", "weight", "d")


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A site that may be opened. Units: `capacity` in what demands are counted in, None: no limit."""

    id: str
    fixed: float = 0
    capacity: float | None = None


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted in one place."""

    id: str
    qty: float


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """The question. `costs[demand][site]`: a unit of that demand from that site, None: not from there.

    `most`: sites one demand may be served from, None: as many as there are.
    """

    sites: tuple[Opened, ...]
    demands: tuple[Demand, ...]
    costs: tuple[tuple[float | None, ...], ...]
    most: int | None = None


class _NoNumberError(ValueError):
    """Something that should be a number is none."""


def read_instance(said: Any) -> Instance | Text:
    """Read an instance from decoded JSON, or say what is wrong with it and what to do."""
    if not isinstance(said, Mapping):
        return Text(N_("An instance is an object with sites, demands, unit_costs and max_split."))
    said = said.get("instance", said) if isinstance(said.get("instance", said), Mapping) else said
    try:
        return _read(said)
    except _NoNumberError as fault:
        return Text(N_("{where} holds no number from 0 to 10^12. Correct it."), {"where": str(fault)})


def _read(said: Mapping[str, Any]) -> Instance | Text:
    there = [
        len(one) if isinstance(one := _first(said, names), list | Mapping) else 0
        for names in (SITES, DEMANDS)
    ]
    if there[0] > SITES_MOST or there[1] > DEMANDS_MOST or math.prod(there) > PAIRS_MOST:
        params: dict[str, str | int | Text] = {"sites": SITES_MOST, "pairs": PAIRS_MOST}
        return Text(N_("More than {sites} sites or {pairs} pairs of site and demand. Part it."), params)
    sites = _sites(_first(said, SITES), said)
    if isinstance(sites, Text):
        return sites
    demands = _demands(_first(said, DEMANDS))
    if isinstance(demands, Text):
        return demands
    for listed in (sites, demands):
        if len({one.id for one in listed}) < len(listed):
            return Text(N_("Two sites or two demands have the same id. Give each its own."))
    costs = _costs(said, sites, demands)
    if isinstance(costs, Text):
        return costs
    most = _most(said, len(sites))
    return most if isinstance(most, Text) else Instance(sites=sites, demands=demands, costs=costs, most=most)


def _first(said: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((said[name] for name in names if said.get(name) is not None), None)


def _number(value: Any, where: str) -> float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise _NoNumberError(where[:ID_MOST]) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _NoNumberError(where[:ID_MOST])
    if not (math.isfinite(value) and 0 <= value <= NUMBER_MOST):
        raise _NoNumberError(where[:ID_MOST])
    return float(value)


def _named(listed: Any) -> list[tuple[str, Any]] | None:
    """Return names and values of a list, of objects or numbers, or of an object; None: it is neither."""
    if isinstance(listed, Mapping):
        return [(str(name)[:ID_MOST], value) for name, value in listed.items()]
    if not isinstance(listed, list):
        return None
    named = []
    for n, one in enumerate(listed, 1):
        own = _first(one, NAMES) if isinstance(one, Mapping) else None
        named.append((str(own if isinstance(own, str | int) else n)[:ID_MOST], one))
    return named


def _sites(listed: Any, said: Mapping[str, Any]) -> tuple[Opened, ...] | Text:
    named = _named(listed)
    if not named:
        return Text(N_("There are no sites. Write each with id, fixed_cost and capacity."))
    fixed, capacities = _first(said, FIXED), _first(said, CAPACITY)
    sites = []
    for n, (name, one) in enumerate(named):
        own = one if isinstance(one, Mapping) else {}
        cost = _first(own, FIXED)
        room = _first(own, CAPACITY)
        if cost is None and isinstance(fixed, list) and n < len(fixed):
            cost = fixed[n]
        if room is None and isinstance(capacities, list) and n < len(capacities):
            room = capacities[n]
        sites.append(
            Opened(
                id=name,
                fixed=0.0 if cost is None else _number(cost, f"fixed_cost of {name}"),
                capacity=None if room is None else _number(room, f"capacity of {name}"),
            )
        )
    return tuple(sites)


def _demands(listed: Any) -> tuple[Demand, ...] | Text:
    named = _named(listed)
    if not named:
        return Text(N_("There are no demands. Write each with id and qty."))
    demands = []
    for name, one in named:
        qty = _first(one, QUANTITY) if isinstance(one, Mapping) else one
        demands.append(Demand(id=name, qty=_number(qty, f"qty of {name}")))
    return tuple(demands)


def _costs(
    said: Mapping[str, Any], sites: Sequence[Opened], demands: Sequence[Demand]
) -> tuple[tuple[float | None, ...], ...] | Text:
    table, is_total = _first(said, UNIT_COSTS), False
    if table is None:
        table, is_total = _first(said, TOTAL_COSTS), True
    if table is None:
        table, is_total = _inside(said)
    if isinstance(table, Mapping):
        table = _from_names(table, sites, demands)
    rows = _oriented(table, len(demands), len(sites))
    if rows is None:
        params: dict[str, str | int | Text] = {"rows": len(demands), "columns": len(sites)}
        return Text(
            N_("The costs are no table of {rows} demands by {columns} sites. Write a row for each demand."),
            params,
        )
    costs = []
    for demand, row in zip(demands, rows, strict=True):
        share = demand.qty if is_total and demand.qty else 1.0
        cells = (None if cell is None else _number(cell, f"cost of {demand.id}") / share for cell in row)
        costs.append(tuple(cells))
    return tuple(costs)


def _inside(said: Mapping[str, Any]) -> tuple[Any, bool]:
    """Return the costs that stand in the demands themselves, one row each."""
    listed = _first(said, DEMANDS)
    values = list(listed.values()) if isinstance(listed, Mapping) else listed
    if not isinstance(values, list) or not all(isinstance(one, Mapping) for one in values):
        return None, False
    unit, total = ([_first(one, names) for one in values] for names in (UNIT_COSTS, TOTAL_COSTS))
    if all(row is not None for row in unit):
        return _named_rows(unit, said), False
    return (_named_rows(total, said), True) if all(row is not None for row in total) else (None, False)


def _named_rows(rows: list[Any], said: Mapping[str, Any]) -> list[Any]:
    """Put rows that name their sites in the order of the sites."""
    names = [name for name, _ in _named(_first(said, SITES)) or ()]
    return [[row.get(name) for name in names] if isinstance(row, Mapping) else row for row in rows]


def _from_names(table: Mapping[str, Any], sites: Sequence[Opened], demands: Sequence[Demand]) -> Any:
    """Read a table that names demands and sites, either of them outside."""
    for outer, inner in ((demands, sites), (sites, demands)):
        if all(isinstance(table.get(one.id), Mapping | list) for one in outer):
            rows = [
                [row.get(each.id) for each in inner] if isinstance(row, Mapping) else row
                for row in (table[one.id] for one in outer)
            ]
            return rows if outer is demands else [list(column) for column in zip(*rows, strict=False)]
    return None


def _oriented(table: Any, demands: int, sites: int) -> list[list[Any]] | None:
    """Return the table with a row for each demand; a table with a row for each site is turned."""
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        return None
    if len(table) == demands and all(len(row) == sites for row in table):
        return table
    if len(table) == sites and all(len(row) == demands for row in table):
        return [list(column) for column in zip(*table, strict=True)]
    return None


def _most(said: Mapping[str, Any], sites: int) -> int | Text | None:
    split, sources = _first(said, SPLITS), _first(said, SOURCES)
    if split is None and sources is None:
        return None
    value = split if split is not None else sources
    least = 0 if split is not None else 1
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        return Text(N_("max_split is a whole number: 0 serves each demand from one site."))
    most = value + 1 if split is not None else value
    return None if most >= sites else most
