"""Seeded mistakes: what reviewers once sent back comes before others again, as nobody's order.

A drill is no order: no command about an order finds it, no table of stock or of effects has it, so it cannot
ship. Whose it was is gone before it is kept: receiver, street, note, number and ids are made up.
Source: capabilities 10.3.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.order import Line, Order, Status
from app.domain.values import Key, Receiver, digest
from app.text import Text

PLACE, ARTICLE, PIECES, PRICE = "place", "article", "pieces", "price"
STREETS = ("建设路 18 号 3 幢 602", "人民东路 205 号 1 单元 401", "学院街 77 号", "滨江大道 9 号 2 幢 1503")
NAMES = ("王晓", "李静", "陈明", "周婷", "吴磊", "赵琳")
Check = tuple[str, str, Text]


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """What was once wrong. `asked` is what the buyer wanted, `shown` what would have been sent."""

    id: str
    fault: str
    asked: Order
    shown: Order
    checks: tuple[Check, ...] = ()
    """How the automatic checks stood: (state, title, sentence)."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the person hears right after the decision. Units: `read_ms` milliseconds on screen."""

    fault: str
    is_found: bool
    at: datetime
    read_ms: int = 0


class Drill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mistake put before one person. What is wrong in it is not on their PC before they decided."""

    id: str
    person: str
    mistake: str
    asked: Order
    shown: Order
    checks: tuple[Check, ...]
    planted_at: datetime
    answered_at: datetime | None = None
    told: Told | None = None


def drill_key(person: str, id: str) -> Key:
    """Name a drill; it stands under its person, so that it is nobody else's."""
    return ("drill", f"{person}/{id}")


def mistake_key(id: str) -> Key:
    """Name what was once wrong."""
    return ("mistake", id)


def mistake_of(wrong: Order, right: Order, checks: tuple[Check, ...]) -> Mistake | None:
    """Return what was put right between two states of an order; None where nothing we keep differs."""
    fault = _fault(wrong, right)
    if not fault:
        return None
    name = digest(wrong.id, wrong.content_hash, wrong.reviewed.revision)
    return Mistake(
        id=name, fault=fault, asked=_anonymous(right, name), shown=_anonymous(wrong, name), checks=checks
    )


def _fault(wrong: Order, right: Order) -> str:
    if [line.id for line in wrong.lines] != [line.id for line in right.lines]:
        return ""
    pairs = list(zip(wrong.lines, right.lines, strict=True))
    if any(one.sku != other.sku for one, other in pairs):
        return ARTICLE
    if any(one.qty != other.qty for one, other in pairs):
        return PIECES
    if any(one.unit_price_minor != other.unit_price_minor for one, other in pairs):
        return PRICE
    places = [(one.region.province, one.region.city, one.region.district) for one in (wrong, right)]
    return PLACE if places[0] != places[1] else ""


def _anonymous(order: Order, id: str) -> Order:
    """Keep goods, amounts, shop and region; of whoever bought nothing is left."""
    chance = int(id[:8], 16)
    street, name = STREETS[chance % len(STREETS)], NAMES[chance % len(NAMES)]
    region = order.region
    raw = " ".join(filter(None, (region.province, region.city, region.district, street)))
    return Order(
        id=id,
        number=_number(order.number, id),
        shop=order.shop,
        ext_id="",
        status=Status.GATED,
        currency=order.currency,
        total_minor=order.total_minor,
        payable_minor=order.payable_minor,
        paid_minor=order.payable_minor,
        receiver=Receiver(name=name, phone=f"138{chance % 100_000_000:08d}", street=street, raw=raw),
        region=region,
        lines=tuple(_plain(line) for line in order.lines),
        warehouse=order.warehouse,
        ordered_at=order.ordered_at,
        received_at=order.received_at,
        content_hash=digest(id, order.content_hash) * 2,
        signatures_needed=order.signatures_needed,
    )


def _plain(line: Line) -> Line:
    return Line(
        id=line.id, ext_sku=line.ext_sku, title=line.title, sku=line.sku, qty=line.qty,
        unit_price_minor=line.unit_price_minor,
    )  # fmt: skip


def _number(number: str, id: str) -> str:
    """Return a number that looks like one of the house and is of no order."""
    figures = iter(str(int(id, 16)))
    return "".join(next(figures, "7") if char.isdigit() else char for char in number)
