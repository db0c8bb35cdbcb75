"""No order begins to be picked past a red gate, whoever asks, by whatever way, under whatever rules.

The gates are judged here once more, by plain arithmetic over the rows.
"""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from app import engine, gating
from app.command import Command, Refusal
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.claim import Claim
from app.commands.clear_buyer import ClearBuyer
from app.commands.correct_price import CorrectPrice
from app.commands.end_waiver import EndWaiver
from app.commands.escalate import Escalate
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.new_order import NewOrder
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.restore import Restore
from app.commands.resume import Resume
from app.commands.settle import Settle
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.commands.split import Split
from app.commands.waive import Waive
from app.commands.watch_buyer import WatchBuyer
from app.domain.company import Customer
from app.domain.credit import owed_minor
from app.domain.events import Event, StatusChanged
from app.domain.making import Part
from app.domain.order import EDITABLE, ChannelState, Order, Status
from app.domain.review import valid_signers
from app.domain.snag_rule import Clause, SnagRule
from app.domain.values import Actor, Role, stock_key
from app.domain.waiver import waiver_of
from app.gate import Gate, Measure
from app.insight.compliance import Entry, played_again, written
from app.kinds import kind_of
from tests.builders import NIGHT, NOW, RECEIVER, REGION, Company, actor, line, receive

IDS = ("o1", "o2", "o3", "o4")
PEOPLE = (
    actor(Role.CLERK),
    actor(Role.LEAD),
    actor(Role.REVIEWER, "anna"),
    actor(Role.REVIEWER, "bert"),
    actor(Role.WAREHOUSE),
    actor(Role.TRAINER),
    actor(Role.ADMIN),
)
CHANNEL, WORKER = actor(Role.CHANNEL), actor(Role.WORKER)
BEGUN = {Status.RELEASED, Status.PICKING, Status.PACKED, Status.SHIPPED}
HOURS = timedelta(hours=1)


class Play:
    """A company under random rules, and one random hand that gives whatever there is."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - dice
        self.company = Company(now=self.dice.choice([NOW, NIGHT]))
        self.company.set_rules(
            review_signatures=self.dice.randint(0, 2),
            review_above_minor=self.dice.choice([0, 50_000]),
            price_floor_pct=self.dice.choice([0, 60, 100]),
            price_ceiling_pct=self.dice.choice([100, 140]),
        )
        self.company.rows["customer", "LH"] = Customer(
            code="LH", title="临湖", credit_minor=self.dice.choice([0, 70_000, 150_000]), terms_days=30,
            dunning=self.dice.choice([0, 0, 0, 3]),
        )  # fmt: skip
        for code in self.dice.sample(["A", "B", "C"], self.dice.randint(0, 3)):
            clause = self.dice.choice([
                Clause("payable", "at_least", self.dice.choice(["300", "600"])),
                Clause("pieces", "at_least", "3"),
                Clause("on_account", "is", ""),
            ])  # fmt: skip
            rule = SnagRule(code=code, title=code, clauses=(clause,), blocks=self.dice.random() < 0.7)
            self.company.rows["snag_rule", code] = rule
        self.company.set_stock(self.dice.choice([4, 20]))
        self.begun = 0
        self.journals: dict[str, list[Entry]] = {}
        self.late: list[tuple[Command, Actor]] = []
        """Given on a desk without the hub; they reach it some time later."""

    def run(self, steps: int) -> None:
        for _ in range(steps):
            command, by = self.any_command()
            if command is None:
                continue
            if self.dice.random() < 0.15:
                self.late.append((command, by))
                continue
            undo = self.give(command, by)
            if undo is not None and self.dice.random() < 0.2:
                self.give(undo, by)
            if self.late and self.dice.random() < 0.2:
                self.give(*self.late.pop(0))
            self.company.now += self.dice.choice([timedelta(seconds=20)] * 20 + [HOURS])

    def give(self, command: Command, by: Actor) -> Command | None:
        undo = engine.inverse_of(command, self.company.facts(command, by))
        was = self.order(getattr(command, "order", ""))
        done = self.company.do(command, by)
        if not isinstance(done, Refusal):
            self.write_down(done)
        if isinstance(done, Refusal):
            self.look_at_refusal(done, was, command)
            return None
        for event in done:
            if isinstance(event, StatusChanged):
                self.look_at_move(event, command)
        return undo

    def write_down(self, events: list[Event]) -> None:
        """Keep a journal as the hub does: one entry an order."""
        for id in {order for event in events if (order := getattr(event, "order", ""))}:  # noqa: A001
            mine = (event.says() for event in events if getattr(event, "order", "") == id)
            texts = [text for text in mine if text is not None]
            self.journals.setdefault(id, []).append((self.company.now, texts))

    def look_at_move(self, event: StatusChanged, command: Command) -> None:
        if event.after not in BEGUN or event.before not in EDITABLE:
            return
        if engine.spec_of(command).code == "receive" and event.after is Status.SHIPPED:
            return  # its channel says that it left elsewhere
        assert event.after in (Status.RELEASED, Status.PICKING), "nothing is skipped"
        assert event.before is (Status.GATED if event.after is Status.RELEASED else Status.RELEASED)
        order = self.order(event.order)
        if order.status is event.after:
            self.begun += 1
            assert self.red(order) == [], f"play {self.seed}, {command}"

    def look_at_refusal(self, refusal: Refusal, was: Order | None, command: Command) -> None:
        if refusal.code in engine.TOO_EARLY and was is not None and was.status in EDITABLE and was.holds:
            said = repr(refusal.text)
            held = [hold.gate for hold in was.holds]
            assert any(gating.GATES[gate].title in said for gate in held), (command, held)

    def red(self, order: Order) -> list[str]:
        """Judge every gate by arithmetic of its own."""
        rows, now, found = self.company.rows, self.company.now, []
        is_answered = {code for code in ("payment", "credit", "price") if waiver_of(order, code, now)}
        kept = order.paid_minor - order.refunded_minor
        if kept < order.payable_minor and order.terms_days is None and "payment" not in is_answered:
            found.append("payment")
        if order.channel_state is not ChannelState.TO_SHIP and "payment" not in is_answered:
            found.append("channel")
        if order.terms_days is not None and "credit" not in is_answered and self.is_over(order.customer):
            found.append("credit")
        if owed_minor(order) and "credit" not in is_answered and rows["customer", "LH"].dunning >= 3:
            found.append("dunning")
        if order.region.verdict != "accept":
            found.append("address")
        if any(row.sku == "" for row in order.lines):
            found.append("sku")
        if sum(item.qty for item in order.reserved) != sum(ln.qty for ln in order.lines):
            found.append("stock")
        shelves = (rows[stock_key(item.warehouse, item.sku)] for item in order.reserved)
        found += ["shelf" for shelf in shelves if shelf.reserved > shelf.on_hand]
        if len(set(valid_signers(order))) < order.signatures_needed:
            found.append("review")
        if order.pause is not None:
            found.append("pause")
        rules = {key[1]: row for key, row in rows.items() if key[0] == "snag_rule"}
        return found + [snag.kind for snag in order.snags if kind_of(snag.kind, rules).blocks]

    def is_over(self, customer: str) -> bool:
        orders = [row for key, row in self.company.rows.items() if key[0] == "order"]
        taking = [row for row in orders if row.customer == customer and row.credited is not None]
        counted = [row for row in taking if not waiver_of(row, "credit", self.company.now)]
        return sum(map(owed_minor, counted)) > self.company.rows["customer", customer].credit_minor

    def order(self, id: str) -> Order | None:
        return self.company.rows.get(("order", id))

    def any_command(self) -> tuple[Command | None, Actor]:
        made = [key[1] for key in self.company.rows if key[0] == "order" and key[1] not in IDS]
        here, by = self.dice.choice([*IDS, *made]), self.dice.choice(PEOPLE)
        order = self.order(here)
        return self.beginning(here) if order is None else self.work_on(order, by)

    def work_on(self, order: Order, by: Actor) -> tuple[Command, Actor]:
        dice, id = self.dice, order.id  # noqa: A001
        text = {"order": id, "reason": "asked"}
        snag = dice.choice(order.snags) if order.snags else None
        kind = snag.kind if snag is not None else "none"
        first = order.lines[0]
        choices: list[tuple[Command, Actor]] = [
            (self.delivery(id), CHANNEL),
            (Recheck(order=id), WORKER),
            (ReceivePayment(order=id, amount_minor=dice.choice([32_000, 64_000, -32_000])), by),
            (FixAddress(order=id, receiver=order.receiver, region=self.region()), by),
            (CorrectPrice(line=first.id, unit_price_minor=dice.choice([10_000, 32_000, 50_000]), **text), by),
            (Amend(order=id, lines=(msgspec.structs.replace(first, qty=dice.randint(1, 4), picked=0),)), by),
            (Resume(order=id), by),
            (Hold(until=self.company.now + HOURS if dice.random() < 0.5 else None, **text), by),
            (Resume(order=id), by),
            (Cancel(**text), by),
            (Restore(order=id), by),
            (SignOff(order=id, content_hash=order.content_hash), dice.choice(PEOPLE[2:4])),
            (Settle(order=id, kind=kind, digest=snag.digest if snag is not None else ""), by),
            (Claim(order=id, kind=kind), by),
            (Escalate(order=id, kind=kind, reason="?"), by),
            (self.waiver(order), by),
            (WatchBuyer(order=id, what="refused", reason="parcels"), by),
            (ClearBuyer(order=id), by),
            (EndWaiver(order=id, gate="payment"), by),
            (self.halves(order), by),
        ]
        floor = [
            (Pick(order=id, line=first.id, qty=dice.choice([first.qty, 1, -1])), by),
            (Pack(order=id), by),
            (Ship(order=id, carrier="SF", tracking_no=id), by),
        ]
        if dice.random() < 0.1:
            return dice.choice(floor)
        calm = [choices[at] for at in (1, 2, 3, 6, 7, 11, 11, 11, 12, 12)]
        return dice.choice(choices if dice.random() < 0.5 else calm)

    def beginning(self, id: str) -> tuple[Command, Actor]:
        if self.dice.random() < 0.5:
            return self.delivery(id), CHANNEL
        lines = (line(sku="LN-220", ext_sku="", qty=1),)
        typed = NewOrder(
            order=id, shop="TM1", receiver=self.receiver(id), region=self.region(), lines=lines,
            customer="LH", is_on_account=True, freight_minor=self.dice.choice([0, 28_000]),
        )  # fmt: skip
        return typed, self.dice.choice(PEOPLE)

    def delivery(self, id: str) -> Command:
        """What a channel's API or a file says of it; both are this command."""
        dice = self.dice
        lines = (line(ext_sku=dice.choice(["A-1", "A-1", "A-1", "A-1", "new"]), qty=dice.randint(1, 3)),)
        total = sum(ln.qty * ln.unit_price_minor for ln in lines)
        states = [ChannelState.TO_SHIP] * 8 + [ChannelState.ON_HOLD, ChannelState.UNKNOWN]
        return receive(
            id,
            lines=lines,
            ext_version=f"{len(self.company.journal):06}",
            paid_minor=dice.choice([total, total, 0]),
            channel_state=dice.choice(states),
            receiver=self.receiver(id),
            region=self.region(),
        )

    def receiver(self, id: str):
        return msgspec.structs.replace(RECEIVER, phone=f"1390000000{id[-1]}", street=f"文三路{id[-1]}号1室")

    def region(self):
        return msgspec.structs.replace(
            REGION, verdict=self.dice.choice(["accept", "accept", "accept", "accept", "fix"])
        )

    def waiver(self, order: Order) -> Command:
        return Waive(
            order=order.id,
            gate=self.dice.choice(["payment", "credit", "price", "stock"]),
            content_hash=order.content_hash,
            reason="known",
            until=self.company.now + 2 * HOURS,
        )

    def halves(self, order: Order) -> Command:
        first, *rest = [(ln.id, ln.qty) for ln in order.lines]
        more = tuple(rest) or ((first[0], max(first[1] - 1, 1)),)
        ends = len(self.company.journal)
        return Split(
            order=order.id,
            parts=(
                Part(id=f"{order.id}a{ends}", lines=((first[0], 1),)),
                Part(id=f"{order.id}b{ends}", lines=more),
            ),
        )


def test_nothing_is_begun_past_a_red_gate():
    plays = [Play(seed) for seed in range(8)]

    for play in plays:
        play.run(90)

    assert sum(play.begun for play in plays) > 8, "these plays show nothing"
    journals = [journal for play in plays for journal in play.journals.values()]
    period = NOW, NOW + timedelta(days=30)
    noted, again = written(journals, *period), played_again(journals, *period)
    assert (noted.moves, noted.green) == (again.moves, again.green)
    assert noted.share == 1


def test_a_gate_that_turns_red_after_release_stops_the_first_pick():
    company = Company()
    company.receive(paid_minor=0)
    waive = Waive(
        order="o1",
        gate="payment",
        content_hash=company.order().content_hash,
        reason="known",
        until=company.now + HOURS,
    )
    company.must(waive, Role.LEAD)
    assert company.order().status is Status.RELEASED
    company.now += 2 * HOURS  # nobody has looked at it since

    refused = company.do(Pick(order="o1", line="1"), Role.WAREHOUSE)

    assert isinstance(refused, Refusal)
    assert refused.code == "gate_unmet"
    assert "Payment" in repr(refused.text)
    assert company.order().status is Status.RELEASED


@pytest.mark.parametrize(
    "command", [Pick(order="o1", line="1"), Pack(order="o1"), Ship(order="o1", carrier="SF", tracking_no="1")]
)
def test_a_step_of_the_warehouse_that_comes_too_early_names_every_unmet_gate(command):
    company = Company()
    company.receive(paid_minor=0, region=msgspec.structs.replace(REGION, verdict="fix"))

    refused = company.do(command, Role.WAREHOUSE)

    assert isinstance(refused, Refusal)
    assert all(title in repr(refused.text) for title in ("Payment", "Address", "Stock"))


def test_a_gate_of_which_nobody_can_say_whether_it_is_met_is_not(monkeypatch):
    def broken(_order: Order) -> bool:
        raise ZeroDivisionError

    def met(_order: Order, _facts: object) -> Measure:
        raise ZeroDivisionError

    monkeypatch.setattr(gating, "GATES", dict(gating.GATES) | {"x": Gate("x", "X", 9, met, applies=broken)})
    company = Company()
    company.receive()

    assert (company.order().status, [hold.gate for hold in company.order().holds]) == (Status.GATED, ["x"])
