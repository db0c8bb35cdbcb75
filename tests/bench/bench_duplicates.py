"""How well and how fast the same thing is found twice: in tables with a known answer, and in a day of orders.

Nothing is learned from the answers; they only count what was found. Precision and recall are those of pairs.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import order_day
from meters import load_average, rounded

from app.boot.bench import Measured
from app.domain.duplicate import Block, block_keys, entry_of, likeliest, with_entry
from app.domain.rules import Rules
from app.linkage.columns import column
from app.linkage.finding import find_same
from sync.hub.imports.sheets import open_sheet

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORDERS = 100_000


class Table(NamedTuple):
    """Files with one set of columns, the columns compared, and who tells which rows are the same."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    key: str
    answer: Callable[[str], Hashable] = str


PERSON = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state")


def person(id: str) -> Hashable:
    """rec-223-dup-1 → 223."""
    return id.split("-")[1]


TABLES = {
    "sites": Table(
        ("dedupe_real/early_childhood_true_ids.csv",), ("Site name", "Address", "Zip", "Phone"), "True Id"
    ),
    "febrl1": Table(("febrl_dev/dataset1.csv",), (*PERSON, "date_of_birth", "soc_sec_id"), "rec_id", person),
    "febrl3": Table(("febrl_dev/dataset3.csv",), (*PERSON, "date_of_birth", "soc_sec_id"), "rec_id", person),
    "products": Table(
        ("dedupe_real/AbtBuy_Abt.csv", "dedupe_real/AbtBuy_Buy.csv"),
        ("title", "description", "price"),
        "unique_id",
    ),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the test data")
    parser.add_argument("--orders", type=int, default=ORDERS)


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.data, asked.orders)


def run(data: Path, orders: int, tables: Sequence[str] = tuple(TABLES)) -> Measured:
    """Measure every table that is there, then the day of orders."""
    figures: dict[str, float | int | bool | str] = {}
    for name in tables:
        if all((data / file).is_file() for file in TABLES[name].files):
            figures |= {f"{name}_{key}": value for key, value in of_table(data, TABLES[name]).items()}
    figures |= {f"orders_{key}": value for key, value in of_orders(orders).items()}
    figures["load_average"] = load_average()
    return Measured("duplicates", "duplicates", figures)


def of_table(data: Path, table: Table) -> dict[str, float | int]:
    """Find the same in one table and count against its answer. Units: CPU seconds of this process."""
    rows = [row for file in table.files for row in open_sheet(data / file, data).rows()]
    answer = [table.answer(row.cells[table.key]) for row in rows]
    began = time.process_time()
    columns = [column(name, [row.cells[name] for row in rows]) for name in table.columns]
    found = find_same(columns)
    cpu_s = time.process_time() - began
    claimed = sum(_pairs(len(group)) for group in found.groups)
    right = sum(_same(answer[i] for i in group) for group in found.groups)
    return {
        "precision": rounded(right / claimed if claimed else 0.0, 4),
        "recall": rounded(right / _same(answer), 4),
        "rows": len(rows),
        "pairs": found.compared,
        "pairs_per_s": rounded(found.compared / cpu_s),
        "cpu_s": rounded(cpu_s, 2),
    }


def of_orders(count: int) -> dict[str, float | int]:
    """Let the hub's own functions look at each order as it comes in. Units: CPU seconds of this process."""
    arrivals = order_day.day(count)
    rules = Rules()
    blocks: dict[str, Block] = {}
    suspected: list[tuple[str, str]] = []
    compared = 0
    gc.collect()
    gc.freeze()  # the day itself is the bench's, not the hub's, to look after
    began = time.process_time()
    for order, _ in arrivals:
        keys = block_keys(order.receiver, order.region)
        mine = {key: blocks[key] for key in keys if key in blocks}
        compared += sum(len(block.entries) for block in mine.values())
        if mine and (twin := likeliest(order, mine, rules)) is not None:
            suspected.append((order.id, twin.entry.order))
        entry = entry_of(order)
        for key in keys:
            blocks[key] = with_entry(blocks.get(key), entry, rules.duplicate_window_h)
    cpu_s = time.process_time() - began
    gc.unfreeze()
    purchase = {arrival.order.id: arrival.purchase for arrival in arrivals}
    right = sum(purchase[one] == purchase[other] for one, other in suspected)
    known = sum(_pairs(times) for times in Counter(purchase.values()).values())
    return {
        "precision": rounded(right / len(suspected) if suspected else 0.0, 4),
        "recall": rounded(right / known if known else 0.0, 4),
        "count": len(arrivals),
        "known": known,
        "compared": compared,
        "cpu_s": rounded(cpu_s, 2),
        "cpu_us_per_order": rounded(cpu_s * 1e6 / len(arrivals)),
    }


def _same(answers: Iterable[Hashable]) -> int:
    return sum(_pairs(times) for times in Counter(answers).values())


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
