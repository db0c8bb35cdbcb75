"""`source INSTANCE.json`: which sites to open and what each demand gets from which, for the least cost.

{"sites": [{"id": "A", "fixed_cost": 7500, "capacity": 5000}, …], "demands": [{"id": "1", "qty": 146}, …],
"unit_costs": [[a number for each site], … a row for each demand], "max_split": 1}. `max_split` 0 serves each
demand from one site, without it a demand is split at will. `total_costs` in place of `unit_costs` are for all
of a demand. A file of bare figures is read as the OR-Library writes its capacitated instances.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from app.boot.words import LANGUAGES, console
from app.sourcing.instance import Instance, read_instance
from app.sourcing.opening import Opening, plan_opening
from app.sourcing.published import is_published, read_published
from app.text import N_, Text
from app.trouble import Trouble

FILE_MOST_MB = 64
LIMIT_S = 60.0
LIMIT_MOST_S = 86_400.0


def main(argv: list[str]) -> int:
    """Run the verb; 0 with a plan, 1 where there is none, 2 where the instance cannot be read."""
    parser = argparse.ArgumentParser(prog="run.py source", description=__doc__)
    parser.add_argument("file", type=Path, help="the instance, JSON; - reads from standard input")
    parser.add_argument(
        "--time-limit", type=float, default=LIMIT_S, metavar="SECONDS", help="then the best so far is told"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    asked = parser.parse_args(argv)
    try:
        instance = read(asked.file, asked.time_limit)
    except Trouble as fault:
        print(console(fault.hint, asked.lang), file=sys.stderr)
        return 2
    began = time.monotonic()
    opening = plan_opening(instance, asked.time_limit)
    if asked.json:
        print(msgspec.json.encode(as_json(instance, opening, time.monotonic() - began)).decode())
    else:
        _tell(instance, opening, asked.lang)
    return 0 if opening.flows else 1


def read(path: Path, limit_s: float) -> Instance:
    """Read an instance.

    Raises:
        Trouble: there is none, it is too large, or it makes no sense; the hint says what to do.
    """
    if not 0 < limit_s <= LIMIT_MOST_S:
        raise Trouble("time_limit", Text(N_("The time limit is more than 0 and at most a day. Change it.")))
    try:
        if str(path) == "-":
            text = sys.stdin.buffer.read(FILE_MOST_MB * 1_000_000 + 1)
        else:
            with path.open("rb") as file:
                text = file.read(FILE_MOST_MB * 1_000_000 + 1)
    except OSError:
        raise Trouble("no_file", Text(N_("The file cannot be read. Check that you may open it."))) from None
    if len(text) > FILE_MOST_MB * 1_000_000:
        raise Trouble(
            "too_large", Text(N_("The file is larger than {mb} MB. Part it."), {"mb": FILE_MOST_MB})
        )
    text = text.removeprefix(b"\xef\xbb\xbf")
    try:
        said = read_published(text) if is_published(text) else msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Trouble("no_json", Text(N_("The file is no JSON. Write one object."))) from None
    instance = said if isinstance(said, Text) else read_instance(said)
    if isinstance(instance, Text):
        raise Trouble("no_instance", instance)
    return instance


def as_json(instance: Instance, opening: Opening, wall_s: float) -> dict[str, Any]:
    """Return what the verb prints."""
    sites, demands = instance.sites, instance.demands
    load: dict[int, float] = {}
    for _, site, amount in opening.flows:
        load[site] = load.get(site, 0.0) + amount
    is_there = bool(opening.flows)
    return {
        "name": "source",
        "status": opening.status,
        "cost": round(opening.cost, 6) if is_there else None,
        "bound": round(opening.bound, 6) if opening.status != "infeasible" else None,
        "gap": round(opening.gap, 9) if is_there else None,
        "fixed_cost": round(opening.fixed, 6),
        "carriage_cost": round(opening.carriage, 6),
        "max_split": None if instance.most is None else instance.most - 1,
        "open": [sites[site].id for site in opening.open],
        "sites": [
            {"id": sites[site].id, "load": round(load[site], 6), "capacity": sites[site].capacity}
            for site in opening.open
        ],
        "plan": [
            {"demand": demands[demand].id, "site": sites[site].id, "qty": round(amount, 6)}
            for demand, site, amount in opening.flows
        ],
        "wall_s": round(wall_s, 2),
    }


def _tell(instance: Instance, opening: Opening, language: str) -> None:
    if not opening.flows:
        words = (
            N_("No plan serves everybody: the sites hold too little, or nothing reaches a demand.")
            if opening.status == "infeasible"
            else N_("No plan was found within the time. Allow more with --time-limit.")
        )
        print(console(Text(words), language))
        return
    for demand, site, amount in opening.flows:
        print(f"{instance.demands[demand].id}  {instance.sites[site].id}  {amount:g}")
    params: dict[str, str | int | Text] = {
        "cost": f"{opening.cost:,.2f}", "bound": f"{opening.bound:,.2f}", "count": len(opening.open),
    }  # fmt: skip
    print(console(Text(N_("Cost {cost}, not less than {bound}; open sites: {count}."), params), language))
