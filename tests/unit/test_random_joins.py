"""The same random company, where orders are mostly merged, split, taken back, swapped and repriced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from app.command import Command
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.hold import Hold
from app.commands.merge import Merge
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.put_back import PutBack
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.ship import Ship
from app.commands.split import Split
from app.commands.swap_item import SwapItem
from app.commands.waive import Waive
from app.domain.events import PriceCorrected
from app.domain.making import Part, why_not_merge
from app.domain.order import EDITABLE, ChannelState, Order, Status
from app.domain.relations import MONEY, group_of, news
from tests.builders import ARTICLES, NOW, line, receive
from tests.unit.test_random_company import IDS, MOVED, RandomCompany, channel, floor, people, quantities

some = st.integers(0, 11)
"""Any order there is, those made of others too."""
BEFORE: Counter[tuple[Status, Status]] = Counter()


class RandomJoins(RandomCompany):
    """One buyer, everything paid; the channel speaks seldom, the warehouse hardly ever."""

    receive = amend = fix_address = match_sku = sign_off = reject = receive_payment = None
    pick = pick_all_and_pack = ship = cancel = restore = time_passes = None
    three_orders_come_in = None

    @initialize()
    def orders_of_one_buyer_come_in(self):
        self.company.now = NOW
        self.company.set_rules(price_floor_pct=0, price_ceiling_pct=1000)
        for at, order in enumerate(IDS, 1):
            lines = (line(qty=at), line("2", "A-3", unit_price_minor=3_333, qty=3))
            total = sum(ln.qty * ln.unit_price_minor for ln in lines)
            money = {"total_minor": total + 700 * at, "payable_minor": total - 1}
            self.give(receive(order, ext_version="000000", lines=lines, **money), channel)

    @rule(id=st.sampled_from(IDS), qty=quantities, is_off=st.sampled_from([False, False, False, True]))
    def the_channel_speaks(self, id, qty, is_off):
        self.version += 1
        lines = (line(qty=qty), line("2", "A-3", unit_price_minor=3_333, qty=3))
        state = ChannelState.CANCELLED if is_off else ChannelState.TO_SHIP
        self.give(receive(id, ext_version=f"{self.version:06}", lines=lines, channel_state=state), channel)

    @rule(at=some, qty=quantities, by=people)
    def amend_any(self, at, qty, by):
        order = self._find(self.one(at))
        if order is not None and order.lines:
            first, *rest = order.lines
            self.give(Amend(order=order.id, lines=(line(first.id, qty=qty), *rest)), by)

    # --- commands -----------------------------------------------------------------------------------

    @rule(at=st.integers(0, 40), by=people)
    def merge(self, at, by):
        """Two that may go out as one, where there are such."""
        self.version += 1
        known = sorted(self.orders(), key=lambda order: order.id)
        pairs = [(one, other) for one in known for other in known if one is not other]
        able = [pair for pair in pairs if why_not_merge(pair) is None] or pairs
        if able:
            one, other = able[at % len(able)]
            self.give(Merge(orders=(one.id, other.id), into=f"m{self.version}"), by)

    @rule(at=some, by=people, first=st.integers(0, 7), more=st.integers(0, 7))
    def split(self, at, by, first, more):
        self.version += 1
        order = self._find(self.one(at, EDITABLE))
        taken = {
            ln.id: n % (ln.qty + 1)
            for ln, n in zip(order.lines if order else (), (first, more), strict=False)
        }
        rest = {ln.id: ln.qty - taken.get(ln.id, 0) for ln in (order.lines if order else ())}
        parts = tuple(
            Part(f"{name}{self.version}", tuple((line_id, qty) for line_id, qty in wanted.items() if qty))
            for name, wanted in (("p", taken), ("q", rest))
        )
        self.give(Split(order=order.id if order else "o1", parts=parts), by)

    @rule(at=some, by=people)
    def put_back(self, at, by):
        self.give(PutBack(order=self.one(at, {Status.REPLACED})), by)

    @rule(at=some, by=people)
    def put_back_what_was_made(self, at, by):
        made = [order.id for order in self.orders() if order.made_from and order.status in EDITABLE]
        self.give(PutBack(order=sorted(made)[at % len(made)] if made else "o1"), by)

    @rule(at=some, by=people, sku=st.sampled_from(list(ARTICLES)), which=st.integers(0, 1))
    def swap(self, at, by, sku, which):
        order = self._find(self.one(at))
        lines = order.lines if order else ()
        if lines:
            ln = lines[which % len(lines)]
            self.give(SwapItem(order=self.one(at), line=ln.id, sku=sku, reason="asked"), by)

    @rule(at=some, by=people, price=st.sampled_from([12_900, 30_000, 32_000]), moves=st.booleans())
    def correct_price(self, at, by, price, moves):
        order = self._find(self.one(at))
        if order is not None and order.lines:
            ln = order.lines[0].id
            self.give(
                CorrectPrice(
                    order=order.id, line=ln, unit_price_minor=price, reason="typed wrong", moves_total=moves
                ),
                by,
            )

    @rule(
        at=some, by=people, gate=st.sampled_from(["price", "payment", "stock"]), hours=st.sampled_from([1, 9])
    )
    def waive(self, at, by, gate, hours):
        order = self._find(self.one(at))
        until = self.company.now + timedelta(hours=hours)
        seal = order.content_hash if order else ""
        self.give(Waive(order=self.one(at), gate=gate, content_hash=seal, reason="known", until=until), by)

    @rule(at=some, by=people)
    def cancel_any(self, at, by):
        self.give(Cancel(order=self.one(at), reason="asked"), by)

    @rule(at=some, by=people)
    def restore_any(self, at, by):
        self.give(Restore(order=self.one(at)), by)

    @rule(at=some)
    def ship_any(self, at):
        order = self._find(self.one(at))
        for ln in order.lines if order else ():
            self.give(Pick(order=order.id, line=ln.id, qty=ln.qty - ln.picked), floor)
        self.give(Pack(order=self.one(at)), floor)
        self.give(Ship(order=self.one(at), carrier="SF", tracking_no=self.one(at)), floor)

    # --- what must hold ---------------------------------------------------------------------------

    def before_it(self, command):
        return self.money(), self._expected(command)

    def after_it(self, command, known, done):
        had, expected = known
        corrected = sum(ev.delta_minor for ev in done if isinstance(ev, PriceCorrected))
        if expected is not None:
            assert self.money() == tuple(was + more for was, more in zip(had, expected, strict=True))
        elif isinstance(command, CorrectPrice):
            total, payable, paid, refunded = had
            assert self.money() == (total + corrected, payable + corrected, paid, refunded)
        elif isinstance(command, (SwapItem, Cancel, Restore, Hold, Resume, Waive)):
            assert self.money() == had

    def money(self) -> tuple[int, ...]:
        """What all orders that stand for themselves come to. Units: minor units, as `MONEY` names them."""
        live = [one for one in self.orders() if one.status not in (Status.REPLACED, Status.DISSOLVED)]
        return tuple(sum(getattr(order, field) for order in live) for field in MONEY)

    def _expected(self, command: Command) -> tuple[int, ...] | None:
        """What merging, splitting and taking back may change: nothing but what a channel said."""
        if isinstance(command, (Merge, Split)):
            return (0, 0, 0, 0)
        order = self.company.rows.get(("order", getattr(command, "order", "")))
        group = group_of(order, self._find) if isinstance(command, PutBack) and order else None
        if group is None:
            return None
        come, go = (
            [sum(getattr(one, field) for one in orders) for field in MONEY]
            for orders in (group.originals, group.made)
        )
        if not any(one.made_from and news(one, self._find) for one in group.made):
            assert come == go, "money came or went by itself"
        return tuple(one - other for one, other in zip(come, go, strict=True))

    def _find(self, id: str) -> Order | None:
        found: Order | None = self.company.rows.get(("order", id))
        return found

    def one(self, at: int, among: Collection[Status] = frozenset(Status)) -> str:
        """The id of any order there is, of one in some state where there is one."""
        known = sorted(order.id for order in self.orders())
        fit = [one for one in known if self.company.order(one).status in among] or known
        return fit[at % len(fit)] if fit else "o1"

    @invariant()
    def what_was_merged_or_split_and_what_was_made_of_it_know_each_other(self):
        for order in self.orders():
            made = [self._find(one) for one in order.replaced_by]
            assert bool(made) == (order.status is Status.REPLACED)
            if order.status is Status.REPLACED:
                assert order.reserved == order.snags == order.holds == ()
                assert all(any(source.order == order.id for source in one.made_from) for one in made)
            if order.made_from and order.status is not Status.DISSOLVED:
                for source in order.made_from:
                    assert order.id in self._find(source.order).replaced_by
            if order.status is Status.DISSOLVED:
                assert order.reserved == ()

    @invariant()
    def shares_of_an_order_come_to_what_it_was(self):
        for order in self.orders():
            if order.status is Status.REPLACED and not order.made_from:
                shares = [
                    source
                    for one in order.replaced_by
                    for source in self._find(one).made_from
                    if source.order == order.id
                ]
                if all(source.said == order.said for source in shares):
                    for field in MONEY:
                        assert sum(getattr(source, field) for source in shares) == getattr(order, field)


RandomJoins.TestCase.settings = settings(
    max_examples=18,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),  # to explain a failure, every line is traced: ten times slower
    suppress_health_check=list(HealthCheck),
)


class TestRandomJoins(RandomJoins.TestCase):
    """Runs the machine, and holds it to having joined something."""

    @classmethod
    def setUpClass(cls):
        BEFORE.update(MOVED)

    @classmethod
    def tearDownClass(cls):
        moved = MOVED - BEFORE
        joined = sum(count for (_, after), count in moved.items() if after is Status.REPLACED)
        back = sum(count for (was, _), count in moved.items() if was is Status.REPLACED)
        assert min(joined, back) >= 3, moved
