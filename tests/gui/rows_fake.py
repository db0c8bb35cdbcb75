"""Lines of lists of a fake desk: how an order looks in one, and which question it answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from builders import Company

from app.domain import review
from app.domain.clock import left_of, stopped_at
from app.domain.duty import LEADS
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order, Snag
from app.domain.working_time import Calendar
from app.kinds import kind_of
from app.ports import Login, OrderRow, SnagRow


def row_of(company: Company, order: Order) -> OrderRow:
    """One order as a list shows it."""
    shop = company.shops[order.shop]
    return OrderRow(
        id=order.id,
        number=order.number,
        shop=order.shop,
        channel=shop.channel,
        shop_title=shop.title,
        ext_id=order.ext_id,
        status=order.status,
        snag=order.snags[0].kind if order.snags else "",
        buyer=mask_name(order.receiver.name),
        phone=mask_phone(order.receiver.phone),
        place=f"{order.region.province} {order.region.city}",
        currency=order.currency,
        payable_minor=order.payable_minor,
        pieces=sum(line.qty for line in order.lines),
        warehouse=order.warehouse,
        ordered_at=order.ordered_at,
        received_at=order.received_at,
        ship_by_at=order.ship_by_at,
        tracking_no=order.tracking_no,
        touched=order.touched,
        held=order.pause is not None,
        signatures_needed=order.signatures_needed,
        signed=len(set(review.valid_signers(order))),
    )


def answers(query, row: OrderRow) -> bool:
    """Whether a row answers a question, as the replica would say."""
    yes_no = {"": (True, False), "yes": (True,), "no": (False,)}
    return (
        query.status in ("", row.status)
        and query.shop in ("", row.shop)
        and query.kind in ("", row.snag)
        and query.warehouse in ("", row.warehouse)
        and row.held in yes_no[query.held]
        and row.touched in yes_no[query.touched]
        and (query.since is None or row.received_at >= query.since)
        and (query.until is None or row.received_at < query.until)
        and (query.least_minor is None or row.payable_minor >= query.least_minor)
        and (query.most_minor is None or row.payable_minor <= query.most_minor)
        and query.text.casefold() in f"{row.number} {row.buyer} {row.ext_id}".casefold()
    )


def snag_row_of(company: Company, order: Order, snag: Snag) -> SnagRow:
    """One exception as the list shows it."""
    row = row_of(company, order)
    return SnagRow(
        id=order.id,
        subject="order",
        kind=snag.kind,
        severity=snag.severity,
        text=snag.text,
        title=kind_of(snag.kind, company.refs.snag_rules).title,
        opened_at=snag.opened_at,
        due_at=snag.due_at,
        number=row.number,
        shop=row.shop,
        channel=row.channel,
        shop_title=row.shop_title,
        buyer=row.buyer,
        currency=row.currency,
        payable_minor=row.payable_minor,
        **duty_of(company, snag),
    )


def case_row_of(company: Company, row: SnagRow) -> SnagRow:
    """A case with what the company knows of its duty."""
    case = company.rows.get(("snag", row.id))
    if case is None:
        return row
    snag = msgspec.structs.replace(case.snag, owner=case.snag.owner or case.owner)
    return msgspec.structs.replace(row, **duty_of(company, snag))


def duty_of(company: Company, snag: Snag) -> dict[str, Any]:
    """Whose it is and what is left of its time."""
    left = left_of(Calendar(), snag.due_at, snag.stops, company.now)
    stopped, owner = stopped_at(snag.stops) is not None, company.rows.get(("user", snag.owner))
    return {
        "goal_s": snag.goal_min * 60,
        "left_s": left // timedelta(seconds=1),
        "is_stopped": stopped,
        "is_urgent": not stopped and snag.warn_at is not None and snag.warn_at <= company.now,
        "owner": snag.owner,
        "owner_title": owner.title if owner is not None else snag.owner,
        "is_claimed": snag.claimed_at is not None,
        "is_asleep": snag.snooze is not None,
        "wait": snag.snooze.wait if snag.snooze is not None else "",
        "until": snag.snooze.until if snag.snooze is not None else None,
        "why": snag.escalation.why if snag.escalation is not None else "",
    }


def stands_in(row: SnagRow, split: str, login: Login) -> bool:
    """Whether an exception stands in a split of somebody's inbox."""
    match split:
        case "mine":
            is_before = bool(row.why) and login.user.role in LEADS
            return not row.is_asleep and (row.owner == login.user.code or is_before)
        case "soon":
            return not row.is_asleep and row.is_urgent
        case "waiting":
            return row.is_asleep
        case _:
            return not row.is_asleep
