"""A shipped order whose buyer comes back: the commands of an after-sales case, in short."""

from __future__ import annotations

from app import engine
from app.command import Command
from app.commands.accept_return import AcceptReturn
from app.commands.grade_return import GradeReturn
from app.commands.open_return import OpenReturn
from app.commands.refund_return import RefundReturn
from app.commands.send_replacement import SendReplacement
from app.domain.aftersale import Asked, Graded, Refunded, ReturnCase, ReturnKind
from app.domain.values import Actor, Role
from tests.builders import Company, actor, line, ship_it

ANN, BEN = actor(Role.CLERK, "ann"), actor(Role.CLERK, "ben")
FLOOR = actor(Role.WAREHOUSE, "floor")
LINES = (line(qty=3), line("2", "A-3", qty=1, unit_price_minor=12_900))


def shipped() -> Company:
    """A shipped order: 3 × 320.00 and 1 × 129.00."""
    company = Company()
    company.receive(lines=LINES)
    ship_it(company)
    return company


def ask(kind: ReturnKind = ReturnKind.RETURN, qty: int = 2, **changes: object) -> OpenReturn:
    known = {"order": "o1", "case": "c1", "kind": kind, "asked": (Asked("1", qty),), "reason": "damaged"}
    return OpenReturn(**(known | changes))


def grade(*grades: Graded, **changes: object) -> GradeReturn:
    known = {"order": "o1", "case": "c1", "warehouse": "WH", "grades": grades}
    return GradeReturn(**(known | changes))


def pay(*refunds: Refunded, case: str = "c1") -> RefundReturn:
    return RefundReturn(order="o1", case=case, refunds=refunds)


def replace(case: str = "c1", replacement: str = "c1-r1") -> SendReplacement:
    return SendReplacement(order="o1", case=case, replacement=replacement)


def accepted(company: Company, kind: ReturnKind = ReturnKind.RETURN, qty: int = 2) -> None:
    company.must(ask(kind, qty), ANN)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)


def case(company: Company, id: str = "c1") -> ReturnCase:
    found = company.order().case(id)
    assert found is not None
    return found


def undo(company: Company, command: Command, by: Actor) -> None:
    back = engine.inverse_of(command, company.facts(command, by))
    company.must(command, by)
    assert back is not None
    company.must(back, by)
