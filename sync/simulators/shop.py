"""The shop behind a simulated platform: its orders by the time they changed, and what was written into it."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sync.simulators.clock import Clock
from sync.simulators.sale import (
    ASKED,
    CANCELLED,
    GRANTED,
    NO_REFUND,
    PAID,
    PART_SHIPPED,
    SHIPPED,
    Parcel,
    Piece,
    Refund,
    Sale,
    make_sale,
)

KEPT_CALLS = 10_000
NEWEST = 20
"""A change meets one of this many most recently changed orders: those a pager has just read."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request and how it was answered; secrets and signatures are left out."""

    at: int
    name: str
    asked: dict[str, str]
    answer: str


@dataclass(frozen=True, slots=True)
class Write:
    """What a seller wrote: a shipment, a stock figure, a memo. `again`: the same was accepted before."""

    at: int
    kind: str
    of: str
    said: str
    again: bool


class Shop:
    """`count` orders that changed one after the other within the last `span_s` seconds.

    An order nobody touched is made from its number whenever it is asked for: 200,000 cost as little as 200.
    """

    def __init__(
        self,
        count: int,
        clock: Clock,
        *,
        seed: int = 1,
        span_s: int = 1500,
        codes: tuple[str, ...] = (),
        late_every: int = 0,
        late_s: int = 240,
    ) -> None:
        """`late_every`: every n-th change is found in lists only `late_s` seconds after it happened."""
        self.clock, self.seed, self.codes = clock, seed, codes
        self.lock = threading.RLock()
        self.calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self.writes: list[Write] = []
        self.stock: dict[str, int] = {}
        self.changes = 0
        self.only_paid = False
        """The platform shows no order before it is paid."""
        self._first = clock.now() - span_s
        self._times = [self._first + i * span_s // max(1, count) for i in range(count)]
        self._by_time = [(at, no) for no, at in enumerate(self._times)]
        self._touched: dict[int, Sale] = {}
        self._late_every, self._late_s = late_every, late_s
        self._late: deque[tuple[int, tuple[int, int]]] = deque()
        self._listed = 0
        self.refunded = 0
        self._paid_back: list[tuple[int, int, int]] = []

    def __len__(self) -> int:
        return len(self._times)

    def __iter__(self) -> Iterator[Sale]:
        return (self.sale(no) for no in range(len(self)))

    def sale(self, no: int) -> Sale:
        """Return the order of a number.

        Raises:
            KeyError: there is none.
        """
        if not 0 <= no < len(self._times):
            raise KeyError(no)
        return self._touched.get(no) or make_sale(
            self.seed, no, self._times[no], self.codes, only_paid=self.only_paid
        )

    def window(self, start: float, end: float) -> Window:
        """Return what changed from `start` to `end`, both included."""
        self._list_late()
        lower = bisect_left(self._by_time, (start, -1))
        upper = bisect_right(self._by_time, (end, len(self._times)))
        return Window(self, lower, upper)

    def at_place(self, place: int) -> Sale:
        """Return the order at a place of the list that runs from the oldest change to the newest."""
        return self.sale(self._by_time[place][1])

    def place_after(self, at: int, no: int) -> int:
        """Return the place behind an order that changed then, whether or not it still stands there."""
        return bisect_right(self._by_time, (at, no))

    def numbers(self, lower: int, upper: int) -> list[int]:
        """Return the numbers at a stretch of places."""
        return [no for _, no in self._by_time[lower:upper]]

    def touched(self, lower: int, upper: int) -> list[Sale]:
        """Return the orders at a stretch of places that something has happened to."""
        return [self._touched[no] for no in self.numbers(lower, upper) if no in self._touched]

    # --- what happens ------------------------------------------------------------------------------

    def arrive(self, count: int = 1) -> list[Sale]:
        """Let new orders come in now."""
        now, first = self.clock.now(), len(self._times)
        for no in range(first, first + count):
            self._times.append(now)
            self._list(now, no)
        return [self.sale(no) for no in range(first, first + count)]

    def change(self) -> Sale | None:
        """Let one order change that lately changed already: it leaves the window somebody is paging."""
        upper = bisect_left(self._by_time, (self.clock.now(), -1))
        if not upper:
            return None
        sale = self.at_place(upper - 1 - self.changes * 7 % min(NEWEST, upper))
        happened = self.changes % 3
        self.changes += 1
        first = sale.pieces[0]
        is_next = self.changes % 2 == 0  # every other one is paid back without anybody asking there
        if happened == 0 and sale.state == PAID and (first.refund == ASKED or (is_next and not sale.refunds)):
            self.pay_back(sale, {first.place: first.qty})
            return sale
        if happened == 0 and sale.state == PAID and first.refund == NO_REFUND:
            self.ask_back(sale, first.place)
            return sale
        if happened == 1:
            sale.flag = sale.flag % 5 + 1
        else:
            sale.memo = f"备注 {self.changes}"
        self.touch(sale)
        return sale

    def touch(self, sale: Sale) -> None:
        """Note that an order changed now."""
        old, now = (self._times[sale.no], sale.no), self.clock.now()
        self._unlist(old)
        self._list(now, sale.no)
        self._times[sale.no] = sale.modified = now
        sale.version += 1
        self._touched[sale.no] = sale

    def _list(self, at: int, no: int) -> None:
        """Let an order be found by when it changed: at once, or a while later."""
        self._listed += 1
        if self._late_every and self._listed % self._late_every == 0:
            self._late.append((at + self._late_s, (at, no)))
        else:
            insort(self._by_time, (at, no))

    def _unlist(self, entry: tuple[int, int]) -> None:
        place = bisect_left(self._by_time, entry)
        if place < len(self._by_time) and self._by_time[place] == entry:
            del self._by_time[place]
        else:
            self._late = deque(one for one in self._late if one[1] != entry)

    def _list_late(self) -> None:
        while self._late and self._late[0][0] <= self.clock.now():
            insort(self._by_time, self._late.popleft()[1])

    # --- what a seller writes ----------------------------------------------------------------------

    def ship(
        self, sale: Sale, of: str, carrier: str, tracking: str, pieces: Mapping[int, int] | None = None
    ) -> bool:
        """Take a shipment; False when the order is not one that can be sent, or has not so much left.

        `pieces`: how many of which lines; all that is left where it is not said.
        """
        again = any(parcel.tracking == tracking for parcel in sale.parcels)
        left = {piece.place: piece.qty - piece.sent for piece in sale.pieces if not piece.is_over}
        sent = left if pieces is None else pieces
        is_left = all(0 < count <= left.get(place, 0) for place, count in sent.items())
        is_open = sale.state in (PAID, PART_SHIPPED) and bool(sent) and is_left and not again
        self.note("ship" if is_open or again else "ship_refused", of, f"{carrier} {tracking}", again=again)
        if not is_open:
            return False
        sale.parcels.append(Parcel(carrier, tracking, self.clock.now(), dict(sent)))
        for piece in sale.pieces:
            piece.sent += sent.get(piece.place, 0)
        self._sent(sale)
        return True

    def add_number(self, sale: Sale, of: str, carrier: str, tracking: str) -> None:
        """Take the number of one more parcel of an order that is all sent."""
        again = any(parcel.tracking == tracking for parcel in sale.parcels)
        self.note("ship_more", of, f"{carrier} {tracking}", again=again)
        if not again:
            sale.parcels.append(Parcel(carrier, tracking, self.clock.now()))
            self.touch(sale)

    def close(self, sale: Sale, of: str, places: Collection[int]) -> None:
        """Take that no more of these lines is sent."""
        for piece in sale.pieces:
            piece.is_closed |= piece.place in places
        self.note("closed", of, " ".join(str(place) for place in sorted(places)))
        self._sent(sale)

    def _sent(self, sale: Sale) -> None:
        sale.state = SHIPPED if all(piece.is_over for piece in sale.pieces) else PART_SHIPPED
        self.touch(sale)

    def ask_back(self, sale: Sale, place: int) -> None:
        """Let the buyer ask for the money of a line; what was sent is to come back for it."""
        piece = sale.pieces[place]
        piece.refund, piece.comes_back, piece.is_called_off = ASKED, bool(sale.parcels), not sale.parcels
        self.touch(sale)

    def pay_back(self, sale: Sale, pieces: Mapping[int, int], minor: int = 0) -> Refund:
        """Give money back: for pieces of lines, and a sum of no line."""
        self.refunded += 1
        goods_minor = sum(sale.share_minor(place, qty) for place, qty in pieces.items())
        refund = Refund(self.refunded, self.clock.now(), dict(pieces), goods_minor + minor)
        sale.refunds.append(refund)
        for place, qty in pieces.items():
            if qty == sale.pieces[place].qty:
                sale.pieces[place].refund = GRANTED
        self._paid_back.append((refund.at, refund.no, sale.no))
        if sale.state == PART_SHIPPED:
            self._sent(sale)
        else:
            self.touch(sale)
        return refund

    def paid_back(self, start: float, end: float) -> list[tuple[Sale, Refund]]:
        """Return what was paid back from `start` to `end`, the earliest first."""
        found = [(no, sale_no) for at, no, sale_no in self._paid_back if start <= at <= end]
        sales = [(no, self.sale(sale_no)) for no, sale_no in found]
        return [(sale, one) for no, sale in sales for one in sale.refunds if one.no == no]

    def cancel(self, sale: Sale) -> None:
        """Let the buyer call an order off."""
        sale.state = CANCELLED
        self.touch(sale)

    def set_stock(self, article: str, quantity: int) -> None:
        """Take an absolute stock figure."""
        self.stock[article] = quantity
        self.note("stock", article, str(quantity))

    def add_stock(self, article: str, quantity: int) -> None:
        """Take a difference of stock; said twice it counts twice, as it does there."""
        self.stock[article] = max(0, self.stock.get(article, 0) + quantity)
        self.note("stock_delta", article, str(quantity))

    def write_memo(self, sale: Sale, of: str, memo: str, flag: int) -> None:
        """Take the seller's own remark."""
        sale.memo, sale.flag = memo, flag
        self.note("memo", of, memo)
        self.touch(sale)

    def move(self, sale: Sale, of: str, address: Mapping[str, object]) -> None:
        """Take another address, in the words of the platform."""
        sale.moved = {name: str(value) for name, value in address.items()}
        self.note("address", of, " ".join(sale.moved.values()))
        self.touch(sale)

    def renumber(self, sale: Sale, of: str, carrier: str, tracking: str, *, nth: int = -1) -> bool:
        """Take another number for a parcel, the last one if it is not said; False while nothing was sent."""
        if not sale.parcels:
            return False
        sale.parcels[nth].carrier, sale.parcels[nth].tracking = carrier, tracking
        self.note("number", of, tracking)
        self.touch(sale)
        return True

    def note(self, kind: str, of: str, said: str, *, again: bool = False) -> None:
        """Write into the log what a seller wrote."""
        self.writes.append(Write(self.clock.now(), kind, of, said, again))

    @property
    def shipped_twice(self) -> int:
        """How often a parcel was said a second time."""
        return sum(1 for write in self.writes if write.kind in ("ship", "ship_more") and write.again)


class Window:
    """Orders that changed within a stretch of time, as this moment has them."""

    def __init__(self, shop: Shop, lower: int, upper: int) -> None:
        self._shop, self._lower, self._upper = shop, lower, max(lower, upper)

    def __len__(self) -> int:
        return self._upper - self._lower

    def numbers(self) -> list[int]:
        """Return the numbers of its orders, the earliest change first."""
        return self._shop.numbers(self._lower, self._upper)

    def behind(self, at: int, no: int, count: int) -> list[Sale]:
        """Return what changed later than an order had when it was read, the earliest change first."""
        low = max(self._lower, self._shop.place_after(at, no))
        return [self._shop.at_place(place) for place in range(low, min(self._upper, low + count))]

    def touched_behind(self, at: int, no: int) -> list[Sale]:
        """Return of what changed later what something has happened to, the earliest change first."""
        low = max(self._lower, self._shop.place_after(at, no))
        return self._shop.touched(low, self._upper)

    def newest_first(self, skip: int, count: int) -> list[Sale]:
        """Return a piece of it, the latest change first, as most platforms sort."""
        top = self._upper - 1 - skip
        return [self._shop.at_place(place) for place in range(top, max(self._lower - 1, top - count), -1)]

    def refunds(self) -> list[tuple[Sale, Piece]]:
        """Return the lines whose money was asked back, the latest change first."""
        sales = self.newest_first(0, len(self))
        return [(sale, piece) for sale in sales for piece in sale.pieces if piece.refund != NO_REFUND]

    def oldest_first(self, skip: int, count: int) -> list[Sale]:
        """Return a piece of it, the earliest change first."""
        low = self._lower + skip
        return [self._shop.at_place(place) for place in range(low, min(self._upper, low + count))]
