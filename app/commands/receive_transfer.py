"""Take in what another warehouse sent, as much as really arrived."""

from __future__ import annotations

import msgspec

from app.command import NO_DOC, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.goods import DocState
from app.domain.goods_events import Moved, TransferArrived
from app.domain.values import Keys, sku_key, stock_doc_key, stock_key
from app.lotting import barred_with
from app.text import N_


class ReceiveTransfer(Command, frozen=True, kw_only=True):
    """`target` and `sku` are the document's, so that its place can be named. Units: `arrived` pieces."""

    doc: str
    target: str
    sku: str
    arrived: int
    reason: str = ""


def needs(command: ReceiveTransfer) -> Keys:
    """Name the document, the article and where the goods go."""
    return frozenset(
        {stock_doc_key(command.doc), sku_key(command.sku), stock_key(command.target, command.sku)}
    )


def decide(command: ReceiveTransfer, facts: Facts) -> Decided:
    """Put on the shelf what arrived; a difference is written down with its reason and closes the transfer.

    Refuses: `no_doc`, `unchanged`, `bad_count`, `no_reason`.
    """
    doc = facts.stock_doc(command.doc)
    if doc is None or (doc.target, doc.sku) != (command.target, command.sku):
        return NO_DOC
    if doc.state is not DocState.TRANSIT:
        return refuse("unchanged", N_("This transfer has arrived already. Nothing to do."))
    if command.arrived < 0:
        return refuse("bad_count", N_("A count is 0 or more. Count again."))
    if command.arrived != doc.qty and not command.reason.strip():
        return refuse("no_reason", N_("Another number was sent. Write what happened to the rest."))
    done = msgspec.structs.replace(
        doc,
        state=DocState.DONE,
        arrived=command.arrived,
        reason=command.reason.strip() or doc.reason,
        closed_by=facts.by.user,
        closed_at=facts.now,
    )
    moves = (Moved(done.target, done.arrived),) if done.arrived else ()
    return [TransferArrived(doc=done, moves=moves), *barred_with(done, moves, facts)]


def inverse(command: ReceiveTransfer, _facts: Facts) -> Undo | None:
    """Put the goods back on their way, as long as nobody was promised them."""
    return Undo("withdraw_stock_doc", {"doc": command.doc, "warehouse": command.target, "sku": command.sku})


SPEC = Spec(
    "receive_transfer",
    ReceiveTransfer,
    needs,
    decide,
    Authority.HUB,
    inverse=inverse,
    touches=False,
    offline=True,
)
