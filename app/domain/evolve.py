"""How each event changes each row: the only way state changes, on the desk and on the hub alike."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain import events as e
from app.domain.account import Account
from app.domain.bell import Bell, read, told
from app.domain.catalogue import SkuMap
from app.domain.duplicate import Block, watched, with_entry, without
from app.domain.evolve_duty import evolve_snag
from app.domain.evolve_order import evolve_order
from app.domain.evolve_stock import evolve_reservation, evolve_stock
from app.domain.habit import Habit, practised
from app.domain.load import Load, moved
from app.domain.order import Snag
from app.domain.revision import setting_of
from app.domain.values import Key
from app.domain.visit import Bookings, booked
from app.domain.vouching import Ballot

__all__ = ["Case", "evolve", "evolve_order"]

_with = msgspec.structs.replace


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A snag of a delivery or of a command; orders carry their own snags."""

    id: str
    subject: str
    subject_id: str
    snag: Snag
    owner: str = ""
    is_open: bool = True


def evolve(key: Key, row: Any, event: e.Event) -> Any:  # noqa: C901, PLR0912 - one arm per table
    """Return the row named `key` after `event`.

    Raises:
        LookupError: the event changes a row that does not exist.
    """
    table = key[0]
    if table == "order":
        return evolve_order(row, event)
    if table == "stock":
        return evolve_stock(key, row, event)
    if table == "reservation":
        return evolve_reservation(key, event)
    if isinstance(event, e.TwinsNoted):
        return with_entry(row or Block(), event.entry, event.window_h)
    if table == "stock_doc" and isinstance(event, e.GoodsEvent):
        return event.doc
    if isinstance(event, e.VisitPlanned | e.VisitCancelled):
        visit = event.visit if isinstance(event, e.VisitPlanned) else None
        on = event.visit.planned_at.date() if isinstance(event, e.VisitPlanned) else event.on
        return booked(row or Bookings(outlet=key[1]), event.order, visit, on)
    if isinstance(event, e.LoadMoved):
        return moved(row or Load(carrier=key[1]), event.was, event.now, event.on)
    if isinstance(event, e.MistakeKept):
        return event.mistake
    if isinstance(event, e.DrillPlanted):
        return event.drill
    if isinstance(event, e.DrillAnswered):
        return _with(row, answered_at=event.at, told=event.told)
    if isinstance(event, e.VerdictGiven) and event.vote is not None:
        return Ballot(votes=(*(row.votes if row else ()), event.vote))
    if isinstance(event, e.CreditMoved):
        account = row or Account(customer=key[1])
        return _with(account, used_minor=account.used_minor + event.delta_minor)
    if isinstance(event, e.TwinsDropped):
        return without(row, event.order)
    if isinstance(event, e.BuyerWatched):
        return watched(row, event.watch)
    if isinstance(event, e.SkuMapped):
        return SkuMap(shop=event.shop, ext_sku=event.ext_sku, sku=event.sku, by=event.by, at=event.at)
    if isinstance(event, e.ArticleSet):
        return event.article
    if isinstance(event, e.SettingSet):
        return event.revision if table == "revision" else setting_of(event.revision)
    if isinstance(event, e.HabitNoted):
        return practised(row or Habit(user=event.user), event.right, event.wrong, event.tours)
    if isinstance(event, e.AttemptNoted):
        return event.attempt
    if isinstance(event, e.ShiftLeft):
        return event.handover
    if isinstance(event, e.ShiftTaken):
        return _with(row, taken_by=event.by, taken_at=event.at)
    if isinstance(event, e.PersonTold):
        return told(row or Bell(person=event.person), event.notices, event.over, event.at)
    if isinstance(event, e.NoticesRead):
        return read(row or Bell(person=event.person), event.notices, event.at)
    if isinstance(event, e.CaseOpened):
        return Case(
            id=event.id,
            subject=event.subject,
            subject_id=event.subject_id,
            snag=event.snag,
            owner=event.owner,
        )
    if isinstance(row, Case):
        return _evolve_case(row, event)
    raise LookupError(f"{type(event).__name__} does not change {table}")


def _evolve_case(case: Case, event: e.Event) -> Case:
    if isinstance(event, e.DutyEvent):
        return _with(case, snag=evolve_snag(case.snag, event))
    if isinstance(event, e.CaseClosed):
        return _with(case, is_open=False)
    raise LookupError(f"{type(event).__name__} does not change a case")
