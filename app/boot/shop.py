"""`shop NAME`: a real shop that others wrote is installed, bought from by many at once, read and told.

It needs Node.js and npm, and the network the first time. The shop stands on this machine only, with a hub of
its own beside it; both are gone at the end. It fails where an order is missing, doubled or of another
amount, where a shipment or a figure of stock did not arrive, or where the
shop sold more than it had and no order says so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from app.boot.shop_house import opened
from app.boot.shop_hub import ShopHub, connected, waited
from app.boot.vendure import Sold, Vendure
from app.boot.words import LANGUAGES, console
from app.trouble import Trouble

SHOPS = ("vendure",)
CODES = ("LAMP", "TOWEL", "SCARCE")
MOST_ORDERS, MOST_PORT = 2_000, 65_535
BUYERS = 8
SENT, FOUND = 2, 7
TAKE_S, TELL_S = 180.0, 120.0
NONE = ("missing", "doubled", "unequal", "unnoticed", "not_sent", "not_told", "stock_unequal", "breaches")
"""What must be nothing."""


def main(argv: list[str]) -> int:
    """Run it; 0 where all is the same on both sides, 1 on any difference, 2 where it cannot run here."""
    parser = _parser()
    asked = parser.parse_args(argv)
    if not SENT <= asked.orders <= MOST_ORDERS or not 0 <= asked.port <= MOST_PORT:
        parser.error(f"--orders {SENT} to {MOST_ORDERS}, --port 0 to {MOST_PORT}")
    try:
        figures = measured(Path(asked.folder), asked.port, asked.orders)
    except Trouble as fault:
        print(console(fault.hint, asked.lang), file=sys.stderr)
        return 2
    is_good = not any(figures[name] for name in NONE)
    if asked.json:
        print(json.dumps({"shop": asked.shop, "ok": is_good, **figures}))
    else:
        print("\n".join(f"{name:>16}  {value}" for name, value in figures.items()))
    return 0 if is_good else 1


def measured(folder: Path, port: int, count: int) -> dict[str, float]:
    """Let it sell, read it, tell it, and compare what both sides say.

    Raises:
        Trouble: it cannot be installed, does not start, or refuses what its storefront asks.
    """
    with ExitStack() as stack:
        since = datetime.now(UTC)
        shop = stack.enter_context(opened(folder, port))
        token, before = shop.sign_in(), shop.articles()
        begun_s = time.monotonic()
        refused = shop.rush(count, BUYERS, CODES)
        sold_s = time.monotonic() - begun_s
        sold = shop.orders()
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docket-shop-")))
        hub = stack.enter_context(connected(own, shop, before, token, since))
        taken_s = waited(lambda: len(hub.known()) >= len(sold), TAKE_S)
        pieces = sum(one.pieces.get(CODES[-1], 0) for one in sold.values())
        too_many = max(0, pieces - before[CODES[-1]].on_hand)
        return {
            "orders": len(sold),
            "orders_per_s": round(len(sold) / sold_s, 1),
            "turned_away": sum(refused.values()),
            "scarce": before[CODES[-1]].on_hand,
            "scarce_sold": pieces,
            "oversold": too_many,
            "unnoticed": abs(too_many - hub.lacking()),
            **compared(sold, hub),
            "taken_s": round(taken_s, 1),
            **_told(shop, hub),
            "breaches": hub.breaches(),
        }


def compared(sold: dict[str, Sold], hub: ShopHub) -> dict[str, float]:
    """Compare what the shop sold with what the hub has of it, order by order and to the cent."""
    ours = hub.known()
    times = Counter(one.ext_id.rpartition("/")[2] for one in ours)
    paid = {one.ext_id.rpartition("/")[2]: one.payable_minor for one in ours}
    return {
        "taken_in": len(ours),
        "missing": len(sold.keys() - times.keys()),
        "doubled": sum(count - 1 for count in times.values()),
        "unequal": sum(paid.get(each, one.total_minor) != one.total_minor for each, one in sold.items()),
    }


def _told(shop: Vendure, hub: ShopHub) -> dict[str, float]:
    """Send two orders and find some pieces; see in the shop's own administration what of it arrived."""
    sent = hub.ship(SENT)
    hub.find(CODES[1], FOUND)

    def untold() -> int:
        there = shop.orders()
        return sum(there[each].shipped.count(number) != 1 for each, number in sent.items())

    def unequal() -> int:
        ours = hub.free()
        return sum(one.free != ours.get(code) for code, one in shop.articles().items())

    told_s = waited(lambda: not untold() and not unequal(), TELL_S)
    return {
        "sent": len(sent),
        "not_sent": SENT - len(sent),
        "not_told": untold(),
        "stock_unequal": unequal(),
        "told_s": round(told_s, 1),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py shop", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shop", choices=SHOPS)
    parser.add_argument("--orders", type=int, default=30, metavar="N")
    parser.add_argument("--port", type=int, default=0, help="of the shop on this machine; 0 takes a free one")
    kept = Path(platformdirs.user_cache_dir("docket", appauthor=False)) / "shops" / SHOPS[0]
    parser.add_argument("--folder", default=str(kept), help="where its packages are kept for the next time")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    return parser
