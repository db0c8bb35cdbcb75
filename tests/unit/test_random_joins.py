"""The same random company, where orders are mostly merged, split, taken back, swapped and repriced."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app.commands.amend import Amend
from app.domain.order import ChannelState, Status
from tests.builders import NOW, line, receive
from tests.unit.test_random_company import IDS, MOVED, RandomCompany, channel, people, quantities, some

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


RandomJoins.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
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
        assert min(joined, back) >= 20, moved
