"""A company of a few orders under random commands: what must hold, holds after every one of them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app import engine, kinds
from app.command import Command, Facts, Refusal
from app.commands.adjust_stock import AdjustStock
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.reject_review import RejectReview
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.settle import Settle
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.domain import review
from app.domain.events import Event, StatusChanged
from app.domain.order import ChannelState, Order, Status
from app.domain.stock import Reservation, Stock
from app.domain.values import Actor, Role
from app.domain.vouching import Reviewed
from app.gate import State
from tests.builders import (
    ARTICLES,
    NIGHT,
    NOW,
    RECEIVER,
    REGION,
    WAREHOUSES,
    Company,
    actor,
    line,
    receive,
    stock_key,
)

IDS = ("o1", "o2", "o3")
ids = st.sampled_from(IDS)
people = st.sampled_from(
    [
        actor(Role.LEAD, "lead"),
        actor(Role.REVIEWER, "anna"),
        actor(Role.REVIEWER, "bert"),
        actor(Role.CLERK, "clerk"),
    ]
)
floor = actor(Role.WAREHOUSE, "floor")
channel = actor(Role.CHANNEL, "channel")
quantities = st.integers(1, 6)
MOVED: Counter[tuple[Status, Status]] = Counter()


class RandomCompany(RuleBasedStateMachine):
    """Every rule gives one command; refusals are as welcome as successes."""

    def __init__(self) -> None:
        super().__init__()
        self.company = Company(now=NIGHT)
        self.opening = {
            (warehouse, sku): self.company.stock(warehouse, sku).on_hand
            for warehouse in WAREHOUSES
            for sku in ARTICLES
        }
        self.counted: Counter[tuple[str, str]] = Counter()
        self.version = 0

    @initialize(at=st.sampled_from([NOW, NIGHT]), same_buyer=st.sampled_from([True, True, False]))
    def three_orders_come_in(self, at, same_buyer):
        self.company.now = at
        for order in IDS:
            phone = "13800000000" if same_buyer else f"1380000000{order[1]}"
            receiver = msgspec.structs.replace(RECEIVER, phone=phone, street=f"文晖路{phone[-1]}号")
            lines = (line(), line("2", "A-3", unit_price_minor=12_900))
            self.give(receive(order, ext_version="000000", lines=lines, receiver=receiver), channel)

    # --- commands -----------------------------------------------------------------------------------

    def give(self, command: Command, by: Actor) -> None:
        facts = self.company.facts(command, by)
        undo = engine.inverse_of(command, facts)
        before = dict(self.company.rows)
        known = self.before_it(command)
        done = engine.apply(command, facts)
        again = engine.apply(command, _shuffled(self.company.facts(command, by)))
        assert again == done, "decided twice, decided otherwise"
        if isinstance(done, Refusal):
            assert facts.changed == {}
            return
        self.company.rows |= facts.changed
        self.after_it(command, known, done)
        MOVED.update((ev.before, ev.after) for ev in done if isinstance(ev, StatusChanged))
        if undo is not None:
            self._undo(undo, by, before)

    def before_it(self, _command: Command) -> Any:
        """What a machine that looks closer wants to remember."""

    def after_it(self, _command: Command, _known: Any, _done: list[Event]) -> None:
        """What it then holds the command to."""

    def _undo(self, undo: Command, by: Actor, before: dict[Any, Any]) -> None:
        """Take it back on a copy: the order is as it was, seen with the eyes of now."""
        facts = self.company.facts(undo, by)
        if isinstance(engine.apply(undo, facts), Refusal):
            return
        undone = self.company.rows | facts.changed
        for _, order in [key for key in facts.changed if key[0] == "order" and before.get(key) is not None]:
            was, now = self._seen_now(before, order), self._seen_now(undone, order)
            if (now.snag("duplicate_suspect") is None) == (was.snag("duplicate_suspect") is None):
                # A restored order comes back last in the index of duplicates, and may then be the suspect.
                assert _bare(now) == _bare(was), undo

    def _seen_now(self, rows: dict[Any, Any], order: str) -> Order:
        """The order once everything that waits to be looked at was looked at."""
        copy = Company(self.company.now, rows=dict(rows))
        copy.do(Recheck(order=order), Role.WORKER)
        return copy.order(order)

    @rule(
        id=ids,
        qty=quantities,
        ext=st.sampled_from(["A-1", "A-2", "new"]),
        verdict=st.sampled_from(["accept", "accept", "fix"]),
        share=st.sampled_from([0, 100, 100, 100]),
        state=st.sampled_from([*ChannelState, *[ChannelState.TO_SHIP] * 20]),
    )
    def receive(self, id, qty, ext, verdict, share, state):
        self.version += 1
        lines = (line(ext_sku=ext, qty=qty), line("2", "A-3", unit_price_minor=12_900))
        total = sum(ln.qty * ln.unit_price_minor for ln in lines)
        command = receive(
            id,
            lines=lines,
            ext_version=f"{self.version:06}",
            paid_minor=total * share // 100,
            region=msgspec.structs.replace(REGION, verdict=verdict),
            channel_state=state,
        )
        self.give(command, channel)

    @rule(id=ids, qty=quantities, price=st.sampled_from([32_000, 90_000]), by=people)
    def amend(self, id, qty, price, by):
        lines = (line(qty=qty, unit_price_minor=price), line("2", "A-3", unit_price_minor=12_900))
        self.give(Amend(order=id, lines=lines), by)

    @rule(id=ids, by=people, district=st.sampled_from(["西湖区", "拱墅区"]))
    def fix_address(self, id, by, district):
        region = msgspec.structs.replace(REGION, district=district)
        order = self.company.rows.get(("order", id))
        receiver = order.receiver if order else receive().receiver
        self.give(FixAddress(order=id, receiver=receiver, region=region), by)

    @rule(id=ids, by=people, sku=st.sampled_from(["", *ARTICLES]), for_shop=st.booleans())
    def match_sku(self, id, by, sku, for_shop):
        self.give(MatchSku(shop="TM1", ext_sku="new", sku=sku, order=id, is_for_shop=for_shop), by)

    @rule(id=ids, by=people, hours=st.sampled_from([None, 1, 5]))
    def hold(self, id, by, hours):
        until = self.company.now + timedelta(hours=hours) if hours else None
        self.give(Hold(order=id, reason="ask", until=until), by)

    @rule(id=ids, by=people)
    def resume(self, id, by):
        self.give(Resume(order=id), by)

    @rule(id=ids, by=people)
    def settle(self, id, by):
        order = self.company.rows.get(("order", id))
        for snag in order.snags if order else ():
            self.give(Settle(order=id, kind=snag.kind, digest=snag.digest), by)

    @rule(id=ids, by=people)
    def sign_off(self, id, by):
        order = self.company.rows.get(("order", id))
        self.give(SignOff(order=id, content_hash=order.content_hash if order else ""), by)

    @rule(id=ids, by=people)
    def reject(self, id, by):
        order = self.company.rows.get(("order", id))
        self.give(RejectReview(order=id, content_hash=order.content_hash if order else "", reason="?"), by)

    @rule(id=ids, by=people)
    def cancel(self, id, by):
        self.give(Cancel(order=id, reason="asked"), by)

    @rule(id=ids, by=people)
    def restore(self, id, by):
        self.give(Restore(order=id), by)

    @rule(id=ids, amount=st.sampled_from([100, -100, 32_000, 500_000]), by=people)
    def receive_payment(self, id, amount, by):
        self.give(ReceivePayment(order=id, amount_minor=amount), by)

    @rule(id=ids)
    def recheck(self, id):
        self.give(Recheck(order=id), actor(Role.WORKER, "worker"))

    @rule(hours=st.sampled_from([1, 9]))
    def time_passes(self, hours):
        self.company.now += timedelta(hours=hours)

    @rule(id=ids, at=st.sampled_from(["1", "2"]), qty=st.sampled_from([1, 2, 6, -1, -6]))
    def pick(self, id, at, qty):
        self.give(Pick(order=id, line=at, qty=qty), floor)

    @rule(id=ids)
    def pick_all_and_pack(self, id):
        order = self.company.rows.get(("order", id))
        for ln in order.lines if order else ():
            self.give(Pick(order=id, line=ln.id, qty=ln.qty - ln.picked), floor)
        self.give(Pack(order=id), floor)

    @rule(id=ids)
    def ship(self, id):
        self.give(Ship(order=id, carrier="SF", tracking_no="1"), floor)

    @rule(delta=st.sampled_from([-20, -3, 3, 20]), sku=st.sampled_from(list(ARTICLES)))
    def count(self, delta, sku):
        command = AdjustStock(warehouse="SZ", sku=sku, delta=delta, reason="count")
        if not isinstance(self.company.do(command, floor), Refusal):
            self.counted["SZ", sku] += delta

    # --- what must hold -----------------------------------------------------------------------------

    def orders(self) -> list[Order]:
        return [row for row in self.company.rows.values() if isinstance(row, Order)]

    def reservations(self) -> list[Reservation]:
        return [row for row in self.company.rows.values() if isinstance(row, Reservation)]

    @invariant()
    def nothing_is_oversold(self):
        for row in self.company.rows.values():
            if isinstance(row, Stock):
                assert 0 <= row.reserved <= row.on_hand

    @invariant()
    def reserved_is_the_sum_of_open_reservations(self):
        promised: Counter[tuple[str, str]] = Counter()
        for row in self.reservations():
            if row.state == "open":
                promised[row.warehouse, row.sku] += row.qty
        for place in self.opening:
            assert self.company.rows[stock_key(*place)].reserved == promised[place]

    @invariant()
    def stock_left_only_by_shipping(self):
        shipped: Counter[tuple[str, str]] = Counter()
        for row in self.reservations():
            if row.state == "shipped":
                shipped[row.warehouse, row.sku] += row.qty
        for place, opening in self.opening.items():
            on_hand = self.company.rows[stock_key(*place)].on_hand
            assert opening + self.counted[place] - on_hand == shipped[place]

    @invariant()
    def no_released_order_has_an_unmet_gate(self):
        for order in self.orders():
            if order.status is Status.RELEASED:
                facts = self.company.facts(Recheck(order=order.id), floor)
                assert order.holds == ()
                assert order.pause is None
                assert {m.state for m in engine.measures(order, facts).values()} == {State.MET}
                assert not [snag for snag in order.snags if kinds.KINDS[snag.kind].blocks]

    @invariant()
    def released_and_later_orders_are_signed_by_others_than_the_maker(self):
        for order in self.orders():
            if order.status in (Status.RELEASED, Status.PICKING, Status.PACKED):
                assert review.is_approved(order)
                assert order.content_hash == review.content_hash(order)
            for signature in order.signatures:
                assert signature.user != signature.maker

    @invariant()
    def an_order_reserves_all_or_nothing(self):
        for order in self.orders():
            if order.reserved and order.status in (Status.RELEASED, Status.PICKING, Status.PACKED):
                wanted = sorted((ln.id, ln.sku, ln.qty) for ln in order.lines)
                assert wanted == sorted((item.line, item.sku, item.qty) for item in order.reserved)

    @invariant()
    def asking_again_changes_nothing(self):
        for order in self.orders():
            command = Recheck(order=order.id)
            facts = self.company.facts(command, actor(Role.WORKER, "worker"))
            first = engine.apply(command, facts)
            assert not isinstance(first, Refusal)
            settled = Company(self.company.now, rows=self.company.rows | facts.changed)
            if not first:
                continue
            again = settled.facts(command, actor(Role.WORKER, "worker"))
            assert engine.apply(command, again) == [], "what follows from a change is not complete"


def _bare(order: Order) -> Order:
    """The order without what an undo cannot and need not bring back."""
    drop: dict[str, Any] = {
        "ver": 0,
        "touched": False,
        "maker": "",
        "released_at": None,
        "signatures_needed": 0,
        "rejection": None,
        # Its warehouse is chosen anew, with the stock of that moment.
        "sourced": None,
        # Who held or answered, and when an exception was first seen, is told anew.
        "snags": tuple(sorted((snag.kind, snag.text.message) for snag in order.snags)),
        # A change and its undo void what reviewers said; they are asked again.
        "holds": tuple(sorted((hold.gate, hold.state) for hold in order.holds if hold.gate != "review")),
        "pause": (order.pause.reason, order.pause.until) if order.pause else None,
        "settled": tuple(sorted((one.kind, one.digest) for one in order.settled)),
        "signatures": (),
        "reviewed": Reviewed(),
        # Made again, it is made from what its originals hold by then.
        "made_from": tuple((source.order, source.lines) for source in order.made_from),
        "made_for": "",
        # One that had ended already is not brought back.
        "waivers": (),
        # Stock given back is promised anew, from the warehouse that is best by now.
        "warehouse": "",
        "reserved": tuple(sorted((item.line, item.sku, item.qty) for item in order.reserved)),
    }
    return msgspec.structs.replace(order, **drop)


def _shuffled(facts: Facts) -> Facts:
    """The same facts, their dictionaries in another order."""
    items = list(facts.rows.items())
    random.Random(7).shuffle(items)  # noqa: S311 - a shuffle for a test
    facts.rows = dict(items)
    return facts


RandomCompany.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestRandomCompany = RandomCompany.TestCase
