"""`simulate PLATFORM`: a sales platform that speaks its real protocol on this machine, with made-up orders.

Connect a shop with the settings it prints. It recomputes every signature, throttles, expires tokens and lets
orders change while they are paged, as asked for. Below `/_simulator/` a trainer looks in and lets things
happen: GET log, writes, orders, settings; POST clock?count=SECONDS, arrive?count=N, change?count=N.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from datetime import timedelta
from http.server import ThreadingHTTPServer

import msgspec

from app.boot.demo_company import STARTS_AT
from app.boot.opening import opened as opened_database
from app.boot.opening import resumed_clock, wall_clock
from app.boot.places import data_dir, demo_database
from app.boot.words import LANGUAGES, console
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database
from sync.manifest.reading import manifest_of
from sync.simulators.clock import Clock
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Platform
from sync.simulators.server import door
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

MOST_ORDERS = 1_000_000
AHEAD = timedelta(seconds=50)
"""What the demo company last wrote is so old at most; a platform refuses windows that end after its now."""
WEATHER = {
    "change": "an order changes after every N-th page read",
    "throttle": "every N-th call is one too many",
    "fail": "every N-th call breaks at the platform's own side",
    "expire": "the token is invalid from every N-th call on, until it is renewed",
    "hang": "every N-th write is done, and its answer never arrives",
}


def keys(platform: Platform, base: str) -> dict[str, str]:
    """Return what a shop is connected with: of what the platform knows, what the manifest asks for."""
    asked = manifest_of(platform.code).settings
    return {name: value for name, value in platform.settings(base).items() if name in asked}


def main(argv: list[str]) -> int:
    """Stand until interrupted; 2 where nothing can listen there."""
    asked = parsed(argv)
    try:
        platform = simulated(asked)
        server = opened(platform, asked.listen)
    except Trouble as fault:
        print(console(fault.hint, asked.lang), file=sys.stderr)
        return 2
    host, port = server.server_address[:2]
    settings = keys(platform, f"http://{host!s}:{port}")
    if asked.json:
        said = {"platform": platform.code, "orders": len(platform.shop), "settings": settings}
        print(msgspec.json.encode(said).decode(), flush=True)
    else:
        told = Text(
            N_("{platform} with {count} orders stands at {url}. Connect a shop with:"),
            {"platform": platform.title, "count": len(platform.shop), "url": f"http://{host!s}:{port}"},
        )
        print(console(told, asked.lang))
        print("\n".join(f"  {name} = {value}" for name, value in settings.items()), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def parsed(argv: list[str]) -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        prog="run.py simulate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("platform", choices=sorted(PLATFORMS))
    parser.add_argument("--orders", type=int, default=200, metavar="N")
    parser.add_argument(
        "--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="port 0 takes a free one"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same orders")
    parser.add_argument(
        "--span", type=int, default=86_400, metavar="SECONDS", help="how long ago the first order changed"
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="go by the calendar of this machine's demo company, which is not today's",
    )
    parser.add_argument(
        "--codes", default="", metavar="A,B,…", help="article codes of your shop to sell, not made-up ones"
    )
    for name, meaning in WEATHER.items():
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=meaning)
    parser.add_argument("--json", action="store_true", help="print the settings as one JSON object")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the report")
    return parser.parse_args(argv)


def simulated(asked: argparse.Namespace) -> Platform:
    """Make the platform that was asked for.

    Raises:
        Trouble: a number makes no sense.
    """
    weather = Weather(**{one.name: getattr(asked, one.name) for one in fields(Weather) if one.init})
    numbers = (asked.span, *(getattr(asked, name) for name in WEATHER))
    if not 0 <= asked.orders <= MOST_ORDERS or min(numbers) < 0:
        raise Trouble(
            "numbers",
            Text(N_("Orders are 0 to {most}, and no number is negative. Change it."), {"most": MOST_ORDERS}),
        )
    codes = tuple(code.strip() for code in asked.codes.split(",") if code.strip())
    shop = Shop(
        asked.orders,
        _clock_of_demo() if asked.demo else Clock(),
        seed=asked.seed,
        span_s=asked.span,
        codes=codes,
    )
    return PLATFORMS[asked.platform](shop, weather)


def _clock_of_demo() -> Clock:
    """Return a clock beside that of the demo company; platforms refuse a caller whose clock is off."""
    clock = Clock()
    at = STARTS_AT
    if (data_dir() / "hub.db").is_file():
        engine = opened_database(demo_database(), connect_database)
        at = resumed_clock(engine, STARTS_AT)()
        engine.dispose()
    clock.move((at + AHEAD - wall_clock()).total_seconds())
    return clock


def opened(platform: Platform, listen: str) -> ThreadingHTTPServer:
    """Open its door.

    Raises:
        Trouble: nothing can listen there.
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise Trouble("listen", Text(N_("--listen is HOST:PORT, e.g. 0.0.0.0:8765.")))
    try:
        return door(platform, host.strip("[]"), int(port))
    except (OSError, OverflowError) as fault:
        raise Trouble(
            "listen",
            Text(
                N_("Nothing can listen on {listen}: is something else there? {reason}"),
                {"listen": listen, "reason": getattr(fault, "strerror", None) or "?"},
            ),
        ) from None
