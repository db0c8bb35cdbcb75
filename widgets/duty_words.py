"""How the screen says whose an exception is, how long it sleeps, where its time went."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from app.domain.clock import WAIT_TITLES
from app.domain.duty import WHY
from app.inbox_state import State
from app.snag_card import Card
from app.snag_card import Row as Item
from app.text import N_, Text
from widgets.evidence import EvidenceSection, Limit, MarkedLine, Paragraph
from widgets.evidence import Item as Shown
from widgets.phrases import MARKS, is_pressing, limit_mark, limit_words
from widgets.rows import Row
from widgets.words import count, day_there, moment, money, span, tr, trn

SPLIT_TITLES: Final = {
    "mine": N_("Mine"),
    "group": N_("My group"),
    "soon": N_("Due soon"),
    "waiting": N_("Waiting"),
}
_PARTS: Final = (N_("Whose it is"), N_("Time limit"))


Said = tuple[Any, ...]


class Spoken(NamedTuple):
    """A line and what it was made of."""

    item: Item
    at: Said
    """The time and the split it was said in, and why nothing was done to it."""
    said: Said
    line: Row


def lines_of(state: State, known: dict[str, Spoken]) -> list[Row]:
    """The lines of the list. `known` keeps what was said of each: between two looks mostly time went by.

    Where nobody looked anew, as when the hand takes one out, the others are the same to the last word.
    """
    reasons, kept, lines = dict(state.reasons), dict(known), []
    known.clear()
    for item in state.rows:
        row, before = item.snag, kept.get(item.key)
        at: Said = (state.now, state.zone, state.split, reasons.get(item.key))
        if before is not None and before.item is item and before.at == at:
            known[item.key] = before
            lines.append(before.line)
            continue
        text = reasons.get(item.key, row.text)
        whose = row.owner_title if state.split != "mine" else ""
        said: Said = (
            text,
            item.title,
            row.severity,
            row.number,
            row.channel,
            row.shop_title,
            row.buyer,
            whose,
        )
        said = (*said, row.payable_minor, row.currency)
        same = before.line if before is not None and before.said == said else None
        line = Row(
            item.key,
            MARKS[row.severity],
            same.title if same else tr(item.title),
            row.number,
            "" if row.is_asleep else limit_mark(item.limit),
            time_words(item, state.now, state.zone),
            is_pressing(item.limit) and not row.is_asleep,
            same.sentence if same else trn(text),
            row.channel,
            same.source if same else " · ".join(part for part in (row.shop_title, row.buyer, whose) if part),
            same.amount if same else _amount(row.payable_minor, row.currency),
            row.pending,
        )
        known[item.key] = Spoken(item, at, said, line)
        lines.append(line)
    return lines


def _amount(minor: int, currency: str) -> str:
    return money(minor, currency) if minor else ""


def time_words(item: Item, now: datetime | None, zone: str = "") -> str:
    """What is left of the time, or until when it sleeps."""
    row = item.snag
    if row.is_asleep and row.wait:
        return tr("waits for {wait}", wait=tr(WAIT_TITLES[row.wait]))
    if row.is_asleep and row.until is not None and now is not None:
        place = zone or "UTC"
        return tr("until {time}", time=moment(row.until, place, day_there(now, place)))
    return limit_words(item.limit)


def duty_sections(card: Card, now: datetime | None) -> list[EvidenceSection]:
    """Whose it is and what the lead was told; how the time was used."""
    row, duty = card.row.snag, card.duty
    whose: list[Shown] = []
    if row.owner:
        note = tr("claimed") if row.is_claimed else tr("handed out, not claimed yet")
        whose.append(MarkedLine("accepted" if row.is_claimed else "not_yet", row.owner_title, note))
    if row.why:
        whose.append(MarkedLine("waits", tr(WHY[row.why]), tr("the lead sees it")))
    if duty is not None and duty.reason:
        whose.append(Paragraph(f"{duty.sent_by}: {trn(Text(duty.reason))}"))
    if row.is_asleep:
        whose.append(MarkedLine("waits", time_words(card.row, now, card.zone), tr("H puts it back")))
    sections = [EvidenceSection(tr(_PARTS[0]), tuple(whose))] if whose else []
    return [*sections, EvidenceSection(tr(_PARTS[1]), tuple(_time(card)))]


def _time(card: Card) -> list[Shown]:
    limit, duty = card.row.limit, card.duty
    words = tr("Clock stopped") if limit.is_stopped else limit_words(limit)
    used = tr("{percent} % of the time used", percent=limit.used_pct)
    if duty is not None and duty.goal_s:
        used = _used(duty.worked_s, duty.goal_s)
    items: list[Shown] = [Limit(limit_mark(limit), words, used)]
    if duty is not None:
        for wait, seconds in duty.waited:
            said = tr("Waited {time} for {wait}", time=span(seconds), wait=tr(WAIT_TITLES[wait]))
            items.append(Paragraph(said))
        if duty.rested_s:
            items.append(Paragraph(tr("{time} outside of shifts", time=span(duty.rested_s))))
    return items


def _used(worked_s: int, goal_s: int) -> str:
    """How much of a limit is used; hours where nobody counts in minutes."""
    if goal_s < 2 * 3600:
        return tr("{used} of {goal} min", used=count(worked_s // 60), goal=count(goal_s // 60))
    return tr("{used} of {goal}", used=span(worked_s), goal=span(goal_s))
