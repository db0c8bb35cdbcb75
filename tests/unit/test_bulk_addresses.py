"""Two hundred unclear addresses repaired with one key: a result for each, and all taken back with another."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import msgspec

from app import engine
from app.bulk import Outcome, apply_to_all, said, undo_of
from app.command import Refusal
from app.commands.recheck import Recheck
from app.desk import Limit
from app.domain.company import Role
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.domain.values import Receiver, Region
from app.engine import inverse_of
from app.ports import SnagRow, Submitted
from app.snag_card import Row
from app.snags.address_invalid import KIND
from app.text import Text
from tests.builders import NOW, RECEIVER, REGION, Company, actor, pick_all

GAZETTEER = Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())
COUNT = 200
USE = KIND.repairs[0]
OLD_NAME = msgspec.structs.replace(REGION, district="下城区", postcode="210000", verdict="fix")
TWO_PLACES = msgspec.structs.replace(RECEIVER, street="中山路1号", raw="鼓楼区中山路1号")


class Seat:
    """A desk in front of a company in memory: what is submitted is decided at once."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.login = SimpleNamespace(user=SimpleNamespace(code="lin", role=Role.CLERK))

    async def objection(self, command):
        said = engine.apply(command, self.company.facts(command, actor()))
        return said if isinstance(said, Refusal) else None

    async def submit_each(self, wanted):
        return [self._submit(each) for each in wanted]

    def _submit(self, wanted):
        facts = self.company.facts(Recheck(order=wanted.order), None)
        given = wanted.make((self.company.order(wanted.order), facts))
        if isinstance(given, Text):
            return given
        undo = inverse_of(given.command, self.company.facts(given.command, None))
        said = self.company.do(given.command)
        refusal = said if isinstance(said, Refusal) else None
        return Submitted(refusal=refusal, inverse=None if refusal else undo)


def row(order: str, owner: str = "") -> Row:
    snag = SnagRow(
        id=order,
        subject="order",
        kind=KIND.code,
        severity="bad",
        text=Text(""),
        opened_at=NOW,
        due_at=NOW,
        owner=owner,
        owner_title=owner,
        is_claimed=bool(owner),
    )
    return Row(key=f"{order}:{KIND.code}", snag=snag, title=KIND.title, limit=Limit(left_s=60, used_pct=0))


def address_of(order: Order) -> tuple[Receiver, Region]:
    return order.receiver, order.region


def two_hundred() -> Company:
    """Every fifth may be one of several places; the others have a district that was renamed."""
    company = Company(gazetteer=GAZETTEER)
    for number in range(COUNT):
        unread = number % 5 == 4
        company.receive(
            id=f"o{number}",
            receiver=TWO_PLACES if unread else RECEIVER,
            region=Region(verdict="fix") if unread else OLD_NAME,
        )
    return company


def at_once(seat: Seat, rows: list[Row], steps: list[int], build=USE.build) -> Outcome:
    return asyncio.run(
        apply_to_all(seat, rows, lambda _row, found: build(*found), steps.append, is_repair=True)
    )


def test_two_hundred_are_repaired_told_one_by_one_and_taken_back():
    company = two_hundred()
    orders = [f"o{number}" for number in range(COUNT)]
    before = {order: address_of(company.order(order)) for order in orders}
    rows = [row(order, owner="wu" if order == "o0" else "") for order in orders]
    steps: list[int] = []

    done = at_once(Seat(company), rows, steps)

    why = dict(done.failed)
    assert (done.done, len(done.failed), steps) == (159, 41, list(range(25, COUNT, 25)))
    assert why["o0:address_invalid"] == Text("{who} has it", {"who": "wu"})
    assert why["o4:address_invalid"].message == "This repair does not fit. Open it by itself."
    assert said(done).params == {"done": 159, "left": 41}
    for order in orders:
        is_left = f"{order}:{KIND.code}" in why
        assert (company.order(order).snag(KIND.code) is not None) is is_left
        assert (address_of(company.order(order)) == before[order]) is is_left
        assert company.order(order).receiver == before[order][0]

    undo = undo_of(done)
    for command in (undo.command, *undo.more):
        company.must(command)

    assert {order: address_of(company.order(order)) for order in orders} == before
    assert all(company.order(order).snag(KIND.code) is not None for order in orders)


def test_what_was_picked_meanwhile_stays_as_it_is_and_says_why():
    company = Company(gazetteer=GAZETTEER)
    order = company.receive(receiver=RECEIVER, region=OLD_NAME)
    repair = USE.build(order, company.facts(Recheck(order="o1"), None))
    company.must(repair)
    pick_all(company)
    picked = address_of(company.order())
    other = msgspec.structs.replace(repair, receiver=TWO_PLACES)

    done = at_once(Seat(company), [row("o1")], [], lambda *_: other)

    assert (done.done, undo_of(done)) == (0, None)
    why = "The warehouse has begun. Put the goods back first."
    assert done.failed == (("o1:address_invalid", Text(why)),)
    assert address_of(company.order()) == picked
