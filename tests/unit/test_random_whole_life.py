"""The whole life of an order, in any order of events, undone at any time.

Merged, split, swapped, taken back, shipped, returned, exchanged, refunded, sent again, while stock comes in,
is counted and moves between warehouses: money and stock are conserved after every command.
"""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from app import engine
from app.command import Command, Refusal
from app.commands.cancel import Cancel
from app.commands.merge import Merge
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.put_back import PutBack
from app.commands.restore import Restore
from app.commands.ship import Ship
from app.commands.split import Split
from app.commands.swap_item import SwapItem
from app.domain.aftersale import Asked, ReturnKind
from app.domain.making import Part, why_not_merge
from app.domain.order import Order, Status
from app.domain.relations import MONEY
from app.domain.values import Actor
from tests.builders import ARTICLES, RECEIVER, line, numbers
from tests.unit.test_random_aftersales import FLOOR, RandomAftersales, bring_to_an_end, clerks

OPEN_IDS = ("o3", "o4", "o5")
some = st.integers(0, 30)
GIVEN: Counter[str] = Counter()


class RandomWholeLife(RandomAftersales):
    """Two orders have left already; three of one buyer are still here."""

    @initialize()
    def orders_have_left(self):
        super().orders_have_left()
        for at, order in enumerate(OPEN_IDS, 1):
            receiver = msgspec.structs.replace(RECEIVER, phone="13700000000", street="解放路1号")
            lines = (line(qty=at), line("2", "A-3", qty=1, unit_price_minor=12_900))
            self.company.receive(order, lines=lines, receiver=receiver, payable_minor=20_003 * at)
        self.company.set_rules(duplicate_score_pct=100, duplicate_window_h=1)
        self.expected = self.money()

    # --- commands -----------------------------------------------------------------------------------

    def give_plain(self, command: Command, by: Actor) -> None:
        """Give a command whose way back another test walks."""
        facts = self.company.facts(command, by)
        if isinstance(engine.apply(command, facts), Refusal):
            assert facts.changed == {}
        else:
            self.company.rows |= facts.changed
            GIVEN[engine.spec_of(command).code] += 1

    def any_of(self, at: int, *among: Status) -> Order:
        """Any order, of one of these states where there is one."""
        known = list(self.orders().values())
        fit = [order for order in known if order.status in among] or known
        return fit[at % len(fit)]

    @rule(at=some, by=clerks)
    def merge(self, at, by):
        """Two that may go out as one, where there are such."""
        known = list(self.orders().values())
        pairs = [(one, other) for one in known for other in known if one is not other]
        able = [pair for pair in pairs if why_not_merge(pair) is None] or pairs
        one, other = able[at % len(able)]
        self.give_plain(Merge(orders=(one.id, other.id), into=f"m{next(numbers)}"), by)

    @rule(at=some, taken=st.integers(1, 3), by=clerks)
    def split(self, at, taken, by):
        order = self.any_of(at, Status.RELEASED)
        first = {ln.id: min(taken, ln.qty) if n == 0 else 0 for n, ln in enumerate(order.lines)}
        rest = {ln.id: ln.qty - first[ln.id] for ln in order.lines}
        parts = tuple(
            Part(f"p{next(numbers)}", tuple((name, qty) for name, qty in wanted.items() if qty))
            for wanted in (first, rest)
        )
        self.give_plain(Split(order=order.id, parts=parts), by)

    @rule(at=some, by=clerks)
    def put_back(self, at, by):
        """Take a merge or a split back, before its parcels have left."""
        self.give_plain(PutBack(order=self.any_of(at, Status.REPLACED).id), by)

    @rule(at=some, sku=st.sampled_from(list(ARTICLES)), by=clerks)
    def swap(self, at, sku, by):
        order = self.any_of(at, Status.RELEASED)
        self.give_plain(SwapItem(order=order.id, line=order.lines[0].id, sku=sku, reason="asked"), by)

    @rule(at=some, by=clerks)
    def cancel(self, at, by):
        self.give_plain(Cancel(order=self.any_of(at, Status.RELEASED).id, reason="asked"), by)

    @rule(at=some, by=clerks)
    def restore(self, at, by):
        self.give_plain(Restore(order=self.any_of(at, Status.CANCELLED).id), by)

    @rule(at=some)
    def ship(self, at):
        order = self.any_of(at, Status.RELEASED)
        for ln in order.lines:
            self.give_plain(Pick(order=order.id, line=ln.id, qty=ln.qty), FLOOR[0])
        self.give_plain(Pack(order=order.id), FLOOR[0])
        self.give_plain(Ship(order=order.id, carrier="SF", tracking_no=f"SF-{order.id}"), FLOOR[0])

    @rule(at=some, kind=st.sampled_from(ReturnKind), qty=st.integers(1, 2), by=clerks, ends=st.booleans())
    def ask_for_any(self, at, kind, qty, by, ends):
        """A buyer comes back about an order that was made of others, or cancelled."""
        order = self.any_of(at, Status.SHIPPED, Status.CANCELLED)
        case = f"case{next(numbers)}"
        asked = tuple(Asked(ln.id, min(qty, ln.qty)) for ln in order.lines[:2])
        command = OpenReturn(order=order.id, case=case, kind=kind, asked=asked, reason="damaged")
        self.give_plain(command, by)
        if ends and self.company.order(order.id).case(case) is not None:
            bring_to_an_end(self.company, order.id, case, seed=at)

    # --- what must hold -----------------------------------------------------------------------------

    def money(self) -> tuple[int, ...]:
        """What all orders that stand for themselves come to. Units: minor units, as `MONEY` names them."""
        gone = (Status.REPLACED, Status.DISSOLVED)
        live = [order for order in self.orders().values() if order.status not in gone]
        return tuple(sum(getattr(order, field) for order in live) for field in MONEY)

    @invariant()
    def no_money_comes_or_goes_but_by_refunds(self):
        assert self.money() == self.expected

    @invariant()
    def an_order_with_a_case_stays_whole(self):
        for order in self.orders().values():
            if order.status in (Status.REPLACED, Status.DISSOLVED):
                assert order.returns == ()
                assert order.makes_good is None

    @invariant()
    def nothing_is_released_whose_money_went_back(self):
        for order in self.orders().values():
            if order.status is Status.RELEASED and not order.makes_good:
                given = sum(case.refunded_minor for case in order.returns)
                assert order.paid_minor - given >= order.payable_minor

    def teardown(self):
        if "company" not in vars(self):
            return
        for order in self.orders().values():
            for case in order.returns:
                bring_to_an_end(self.company, order.id, case.id)
        super().teardown()


RandomWholeLife.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class TestRandomWholeLife(RandomWholeLife.TestCase):
    """Runs the machine, and holds it to having done every kind of thing."""

    @classmethod
    def tearDownClass(cls):
        wanted = ("merge", "split", "put_back", "swap_item", "ship", "cancel", "restore", "open_return")
        assert min(GIVEN[code] for code in wanted) >= 3, GIVEN
