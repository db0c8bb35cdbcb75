"""Recall a lot: nobody gets a piece of it any more, wherever it lies; or say that the recall is over."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import ArticleSet
from app.domain.lot import Recall, lot_fault
from app.domain.values import Keys, sku_key
from app.lotting import barred_anew
from app.text import N_

REASON_MOST = 200
RECALLS_MOST = 100


class RecallLot(Command, frozen=True, kw_only=True):
    """`is_over`: its pieces may be sold again."""

    everywhere: ClassVar[bool] = True
    sku: str
    lot: str
    reason: str = ""
    is_over: bool = False


def needs(command: RecallLot) -> Keys:
    """Name the article."""
    return frozenset({sku_key(command.sku)})


def decide(command: RecallLot, facts: Facts) -> Decided:
    """Hold back what lies on any shelf; orders that have pieces of it in hand are looked at again at once.

    Refuses: `unknown_sku`, `bad_lot`, `no_reason`, `unchanged`, `too_many`.
    """
    article = facts.sku(command.sku)
    if article is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    lot, reason = command.lot.strip(), command.reason.strip()
    if fault := lot_fault(lot):
        return refuse("bad_lot", fault)
    if any(one.lot == lot for one in article.recalls) is not command.is_over:
        return refuse("unchanged", N_("It is written like this already. Nothing to do."))
    others = tuple(one for one in article.recalls if one.lot != lot)
    if not command.is_over:
        if not reason or len(reason) > REASON_MOST:
            return refuse("no_reason", N_("Write why, so that the next person knows."))
        if len(others) >= RECALLS_MOST:
            return refuse("too_many", N_("{most} lots are recalled. End a recall first."), most=RECALLS_MOST)
        others = (*others, Recall(lot=lot, reason=reason, by=facts.by.user, at=facts.now))
    written = msgspec.structs.replace(article, recalls=others)
    return [ArticleSet(article=written, by=facts.by.user), *barred_anew(written, facts)]


def inverse(command: RecallLot, facts: Facts) -> Undo | None:
    """End the recall, or recall the lot again."""
    was, lot = facts.sku(command.sku), command.lot.strip()
    known = next((one.reason for one in (was.recalls if was is not None else ()) if one.lot == lot), "")
    back = {"sku": command.sku, "lot": lot}
    return Undo("recall_lot", back | ({"reason": known} if command.is_over else {"is_over": True}))


SPEC = Spec("recall_lot", RecallLot, needs, decide, Authority.HUB, inverse=inverse, touches=False)
