"""One order of a simulated platform, followed by a company: what its platform says of it, read as polled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from builders import RECEIVER, REGION, SHOPS, Company, ship_it

from app.command import Refusal
from app.domain.company import Shop as OurShop
from app.domain.order import Order
from app.domain.values import Role
from sync.manifest.blocks import Manifest
from sync.manifest.caller import Answer, Caller
from sync.manifest.mapping import mapped, orders_in
from sync.manifest.messages import refunds
from sync.manifest.paging import Span
from sync.manifest.reading import manifest_of
from sync.manifest.request import Request
from sync.simulators.clock import Clock
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Heard, Platform
from sync.simulators.sale import GRANTED, PAID, WITHDRAWN, Sale
from sync.simulators.shop import Shop

START = datetime(2026, 6, 13, 4, 0, tzinfo=UTC)
PRICES = {"A-1": 32_000, "A-2": 19_900, "A-3": 12_900}
PAYS_BACK = frozenset({"shopify", "woocommerce", "ebay", "amazon"})
"""Where money that went back is a record of its own, for pieces of lines."""
BASE = "http://127.0.0.1:1"
MINUTES_S = 900


@dataclass
class Followed:
    """The order `o1` and the sale it is; both live on one clock."""

    code: str
    made: Company = field(default_factory=Company)

    def __post_init__(self) -> None:
        self.clock = Clock(START.timestamp())
        self.shop = Shop(12, self.clock, codes=tuple(PRICES))
        self.platform: Platform = PLATFORMS[self.code](self.shop)
        self.manifest: Manifest = manifest_of(self.code)
        known = self.platform.settings(BASE)
        keys = {name: value for name, value in known.items() if name in self.manifest.settings}
        self.caller = Caller(
            self.manifest, keys, self._line, self.now, self.clock.move, iter(map(str, range(9999))).__next__
        )
        self.ours: OurShop = SHOPS["TM1"]
        self.sale = self._chosen()
        self.read()

    def _chosen(self) -> Sale:
        """Choose an order of two articles, one of them several times."""
        for sale in self.shop:
            codes = [piece.code for piece in sale.pieces]
            if sale.state == PAID and len(codes) == 2 and len(set(codes) - {""}) == 2:
                for piece in sale.pieces:
                    piece.qty, piece.off_minor, piece.unit_minor = 2, 0, PRICES[piece.code]
                sale.pieces[1].qty, sale.platform_minor, sale.postage_minor = 3, 0, 600
                self.shop.touch(sale)
                return sale
        raise LookupError

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def _line(self, request: Request, _timeout_s: float, _most: int) -> Answer:
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()} | {"host": parts.netloc}
        said = self.platform.answer(Heard(request.method, parts.path, parts.query, headers, request.body))
        return Answer(said.status, dict(said.headers), said.body)

    # --- what happens there ----------------------------------------------------------------------------

    def pay_back(self, pieces: dict[int, int], minor: int = 0) -> None:
        """Give money back; elsewhere than in the west it goes back for whole lines."""
        self.clock.move(60)
        if self.code in PAYS_BACK:
            self.shop.pay_back(self.sale, pieces, minor)
            return
        for place in pieces:
            self.sale.pieces[place].refund = GRANTED
        self.shop.touch(self.sale)

    def ask(self, place: int) -> None:
        """Let the buyer ask for the money, or to send it back."""
        self.clock.move(60)
        self.shop.ask_back(self.sale, place)

    def withdraw(self, place: int) -> None:
        """Let the buyer think better of it."""
        self.clock.move(60)
        self.sale.pieces[place].refund = WITHDRAWN
        self.shop.touch(self.sale)

    def ship(self) -> None:
        """Send everything, here and there."""
        self.clock.move(60)
        assert self.shop.ship(self.sale, self.platform.ext_id(self.sale.no), "SF", "SFo1")
        ship_it(self.made)
        self.read()

    # --- what is heard of it ---------------------------------------------------------------------------

    def read(self) -> None:
        """Read every list as it is now."""
        for said in list(self.said()):
            self.hear(said)

    def said(self) -> Iterator[Any]:
        """Return what the lists say of the order: the order first, as it is polled."""
        self.clock.move(MINUTES_S)
        ext_id = self.platform.ext_id(self.sale.no)
        for name, stream in self.manifest.streams.items():
            for record in self._records(name):
                if stream.kind == "refunds":
                    for one in refunds(self.manifest, record, self.ours):
                        if one.ext_id == ext_id:
                            yield one.hear("o1")
                    continue
                found = mapped(self.manifest, record, self.ours, self.now()).receive
                if found.ext_id == ext_id:
                    yield self.received(found)

    def received(self, found: Any) -> Any:
        """Return the order as it was read, of somebody whose address is known to be good."""
        plain = {"order": "o1", "number": "DK-o1", "shop": "TM1", "receiver": RECEIVER, "region": REGION}
        return msgspec.structs.replace(found, **plain)

    def _records(self, name: str) -> Iterator[Any]:
        window = self.manifest.streams[name].window
        latest = self.now().timestamp() - 300  # behind the lag of all of them
        long_s = 25 * 60 if window.max == "PT30M" else 3_000
        span = Span(*(datetime.fromtimestamp(at, UTC) for at in (latest - long_s, latest)))
        for page in self.caller.pages(name, span):
            yield from page.records

    def hear(self, said: Any) -> bool:
        """Take in one thing that is said; tell whether it was news."""
        return not isinstance(self.made.do(said, Role.CHANNEL), Refusal)

    def pushed(self) -> list[Any]:
        """Return the order as a push of the older interface carries it."""
        heard = self.platform.push(self.sale, 1)  # type: ignore[attr-defined]
        payload = msgspec.json.decode(heard.body)
        return [
            self.received(mapped(self.manifest, record, self.ours, self.now()).receive)
            for record in orders_in(self.manifest, payload)
        ]

    @property
    def order(self) -> Order:
        """Our order."""
        return self.made.order()

    def outline(self) -> dict[str, Any]:
        """What became of it: cases of the channel, ours, exceptions, money; lines by their place."""
        order = self.order
        places = {line.id: nth for nth, line in enumerate(order.lines)}
        cases = [
            [case.kind, case.state, places.get(case.line, case.line or "all"), case.qty, case.amount_minor]
            for case in order.told.cases
        ]
        return {
            "cases": sorted(cases, key=str),
            "snags": sorted(snag.kind for snag in order.snags),
            "status": order.status,
            "returns": [[ours.kind, ours.state, ours.pieces] for ours in order.returns],
            "refunded": order.refunded_minor,
        }
