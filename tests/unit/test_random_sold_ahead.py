"""Goods are announced, sold ahead, moved, received and counted in any order: no more is sold than comes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.command import Command, Refusal
from app.commands.adjust_stock import AdjustStock
from app.commands.announce_stock import AnnounceStock
from app.commands.cancel import Cancel
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.receive_stock import ReceiveStock
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.split import Split
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.goods import StockDoc
from app.domain.making import Part
from app.domain.order import Order, Status
from app.domain.values import Role
from app.engine import spec_of
from tests.builders import ARTICLES, NOW, WAREHOUSES, line, numbers
from tests.goods_sums import assert_goods_add_up
from tests.unit.test_choosing import SUZHOU, WUHAN, company
from tests.unit.test_sold_ahead import AHEAD

some = st.integers(0, 30)
pieces = st.integers(1, 5)
places = st.sampled_from(sorted(WAREHOUSES))
GIVEN: Counter[str] = Counter()
WAITED: Counter[bool] = Counter()


class RandomSoldAhead(RuleBasedStateMachine):
    """Every rule gives one command; refusals are as welcome as successes."""

    @initialize()
    def begin(self):
        self.company = company(SUZHOU, WUHAN)
        self.company.set_rules(duplicate_score_pct=100, duplicate_window_h=1)
        self.company.set_stock(2)
        self.company.rows["stock_policy", "AHEAD"] = AHEAD
        self.opening = {(place, sku): 10 for place in WAREHOUSES for sku in ARTICLES}
        self.opening |= {(place, "LN-220"): 2 for place in WAREHOUSES}
        self.say("po", "SZ", 9, 7, is_quota=False)
        for qty in range(1, 5):
            self.bought(qty, is_mixed=qty % 2 == 0)

    def give(self, command: Command, by: Role) -> None:
        if not isinstance(self.company.do(command, by), Refusal):
            GIVEN[spec_of(command).code] += 1

    def any_of(self, kind: type, at: int, status: Status | None = None) -> str:
        """Any of these, of this state where there is one."""
        known = [row for row in self.company.rows.values() if isinstance(row, kind)]
        fit = [row for row in known if status is not None and row.status is status] or known
        return fit[at % len(fit)].id if fit else "none"

    @rule(qty=pieces, is_mixed=st.booleans())
    def buy(self, qty, is_mixed):
        self.bought(qty, is_mixed=is_mixed)

    def bought(self, qty: int, *, is_mixed: bool) -> None:
        more = (line("2", "A-3", qty=1, unit_price_minor=12_900),) if is_mixed else ()
        order = self.company.receive(f"o{next(numbers)}", lines=(line(qty=qty), *more), ship_by_at=None)
        WAITED[order.awaits is not None] += 1

    @rule(place=places, qty=st.integers(1, 9), days=st.integers(0, 30), is_quota=st.booleans())
    def announce(self, place, qty, days, is_quota):
        self.say(f"po{next(numbers)}", place, qty, days, is_quota=is_quota)

    @rule(at=some, qty=st.integers(1, 9), days=st.integers(0, 30))
    def move(self, at, qty, days):
        doc = self.company.rows.get(("stock_doc", self.any_of(StockDoc, at)))
        if doc is not None:
            self.say(doc.id, doc.warehouse, qty, days, is_quota=doc.kind == "quota")

    def say(self, doc: str, place: str, qty: int, days: int, *, is_quota: bool) -> None:
        day = NOW.date() + timedelta(days=days)
        comes = AnnounceStock(
            doc=doc, warehouse=place, sku="LN-220", qty=qty, due_on=day, reference="PO", is_quota=is_quota
        )
        self.give(comes, Role.LEAD)

    @rule(place=places, qty=pieces)
    def take_in(self, place, qty):
        receipt = ReceiveStock(
            doc=f"r{next(numbers)}", warehouse=place, sku="LN-220", qty=qty, reference="DN"
        )
        self.give(receipt, Role.WAREHOUSE)

    @rule(at=some)
    def take_back(self, at):
        doc = self.company.rows.get(("stock_doc", self.any_of(StockDoc, at)))
        if doc is not None:
            self.give(WithdrawStockDoc(doc=doc.id, warehouse=doc.warehouse, sku="LN-220"), Role.WAREHOUSE)

    @rule(place=places, delta=st.integers(-3, 3))
    def count(self, place, delta):
        counted = AdjustStock(warehouse=place, sku="LN-220", delta=delta, reason="counted")
        if not isinstance(self.company.do(counted, Role.WAREHOUSE), Refusal):
            self.opening[place, "LN-220"] += delta

    @rule(at=some, verb=st.sampled_from(["look", "look", "cancel", "restore", "put_back"]))
    def work(self, at, verb):
        states = {"restore": Status.CANCELLED, "put_back": Status.REPLACED}
        order = self.any_of(Order, at, states.get(verb, Status.GATED))
        verbs: dict[str, Command] = {
            "look": Recheck(order=order),
            "cancel": Cancel(order=order, reason="asked"),
            "restore": Restore(order=order),
            "put_back": PutBack(order=order),
        }
        self.give(verbs[verb], Role.WORKER if verb == "look" else Role.CLERK)

    @rule(at=some, other=some)
    def merge(self, at, other):
        one, two = (self.any_of(Order, which, Status.GATED) for which in (at, other))
        if one != two:
            self.give(Merge(orders=(one, two), into=f"m{next(numbers)}"), Role.CLERK)

    @rule(at=some)
    def split(self, at):
        order = self.company.rows.get(("order", self.any_of(Order, at, Status.GATED)))
        if order is not None and order.lines[0].qty > 1:
            first = order.lines[0]
            rest = ((first.id, first.qty - 1), *((one.id, one.qty) for one in order.lines[1:]))
            parts = (Part(f"p{next(numbers)}", ((first.id, 1),)), Part(f"p{next(numbers)}", rest))
            self.give(Split(order=order.id, parts=parts), Role.CLERK)

    @invariant()
    def no_more_is_sold_than_is_there_and_comes(self):
        if "company" in vars(self):
            assert_goods_add_up(self.company.rows, self.opening)


RandomSoldAhead.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class TestRandomSoldAhead(RandomSoldAhead.TestCase):
    """Runs the machine, and holds it to having done every kind of thing."""

    @classmethod
    def tearDownClass(cls):
        wanted = ("announce_stock", "receive_stock", "withdraw_stock_doc", "cancel", "restore", "put_back")
        assert min(GIVEN[code] for code in wanted) >= 3, GIVEN
        assert min(WAITED[True], WAITED[False]) >= 20, WAITED
