"""What the floor says of an order: the bin to go to, its pieces, and those that wait behind it."""

from __future__ import annotations

from app.picking import PickRow
from app.ports import OrderRow
from app.presenters.warehouse import State
from widgets.floor import Pick
from widgets.rows import Row
from widgets.words import count, money, tr


def bin_of(state: State) -> Pick:
    """Where to go now, or what comes once everything is picked."""
    now = state.now
    number = state.order.number if state.order else ""
    done, wanted = sum(row.picked for row in state.picks), sum(row.qty for row in state.picks)
    counts = tr("Picked / wanted")
    if now is None:
        if state.requested:
            note = tr("Shipping is requested")
            return Pick(tr("Packed"), number, note, "", counts, count(done), count(wanted))
        note = tr("P packs it") if state.can_pack else ""
        if state.can_ship:
            note = tr("P prints its label, then ships it")
            if state.is_labelled:
                note = tr("P ships it") if state.tracking_no else tr("Scan its label, then P ships it")
        return Pick(tr("All picked"), number, note, "", counts, count(done), count(wanted))
    code = tr("{sku}, code ends in {end}", sku=now.sku, end=now.barcode[-4:]) if now.barcode else now.sku
    missing = tr("{count} to go", count=now.qty - now.picked)
    if now.in_lots:
        code = f"{_lot(now)} · {code}"
    return Pick(
        tr("Go to"),
        now.bin or tr("No bin yet"),
        now.title,
        code,
        counts,
        count(now.picked),
        count(now.qty),
        missing,
    )


def _lot(row: PickRow) -> str:
    """Which lot to take."""
    if row.best_before is None:
        return tr("Lot {lot}", lot=row.lot or "–")
    return tr("Lot {lot}, best before {day}", lot=row.lot, day=row.best_before.isoformat())


def pick_row(row: PickRow) -> Row:
    """One bin of the walk."""
    return Row(
        row.line,
        mark="met" if row.state == "done" else "not_yet",
        number=row.bin or "–",
        sentence=row.title,
        amount=f"{row.picked} / {row.qty}" if row.picked else str(row.qty),
        limit_text=tr("now") if row.state == "now" else "",
    )


def queue_row(row: OrderRow) -> Row:
    """One order that waits."""
    return Row(
        row.id,
        mark="now" if row.status == "picking" else "met" if row.status == "packed" else "not_yet",
        number=row.number,
        source=f"{row.channel} {row.place}".strip(),
        sentence=tr("{pieces} pieces", pieces=row.pieces),
        amount=money(row.payable_minor, row.currency),
        waiting=row.pending,
    )
