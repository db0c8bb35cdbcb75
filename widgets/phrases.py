"""Phrases that several pages share: time limits, severities, the record, the keys of an action bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, cast

from app.desk import Act, Limit
from app.domain.order import TITLES, Status
from app.ports import HistoryRow
from app.preview import DiffRow as Field
from app.text import N_
from widgets import marks
from widgets.action_bar import Action
from widgets.controls import TagKind
from widgets.history import Deed
from widgets.prose import Rich, Span
from widgets.words import count, day_there, left, moment, tr, trn

MARKS: Final = {"bad": "stops", "warn": "waits"}
"""Severity of an exception: its mark."""
TAGS: Final[dict[str, TagKind]] = {"bad": "bad", "warn": "warn"}
_DELIVERED: Final = {"saved": N_("Saved here"), "accepted": N_("Accepted"), "protected": N_("Protected")}
OUTBOX_STATES: Final = {
    "saved": ("saved", N_("Saved here")),
    "doubtful": ("waits", N_("Doubtful")),
    "accepted": ("accepted", N_("Accepted")),
    "protected": ("protected", N_("Protected")),
    "refused": ("stops", N_("Refused")),
    "conflict": ("stops", N_("Conflict")),
    "closed": ("not_yet", N_("Settled")),
}
"""How safe a command of this desk is: mark and word."""
_OFF: Final = N_("Not possible just now")


def limit_words(limit: Limit) -> str:
    """What is left of a time limit."""
    return left(limit.left_s)


def limit_mark(limit: Limit) -> str:
    """The pie of a time limit; past its end the mark that stops."""
    return marks.for_limit(limit.used_pct)


def is_pressing(limit: Limit) -> bool:
    """Whether a time limit stands in bold."""
    return limit.used_pct >= marks.LATE_PERCENT


def status_words(status: str) -> str:
    """What the screen calls a work state."""
    return tr(TITLES[Status(status)])


def pieces_words(number: int) -> str:
    """How many pieces."""
    return tr("1 piece") if number == 1 else tr("{count} pieces", count=count(number))


def deeds(rows: Sequence[HistoryRow], now: datetime | None, zone: str) -> list[Deed]:
    """What happened, as lines of the record."""
    today_on = day_there(now or datetime.now(UTC), zone)
    return [
        Deed(
            moment(row.at, zone, today_on),
            trn(row.text),
            row.who or tr("Rules"),
            row.delivery,
            tr(_DELIVERED.get(row.delivery, "")),
        )
        for row in rows
    ]


def sides(row: Field) -> tuple[str, str]:
    """Before and after of one field, in the language on screen where they are words."""
    if not row.is_words:
        return row.before, row.after
    return tr(row.before) if row.before else "", tr(row.after) if row.after else ""


def flagged(words: str, offending: Sequence[str]) -> Rich:
    """Somebody's own words with the offending ones marked; each is marked where it first stands."""
    found = sorted((at, at + len(part)) for part in set(offending) if part and (at := words.find(part)) >= 0)
    spans: list[str | Span] = []
    here = 0
    for start, end in found:
        if start >= here:
            spans += [words[here:start], Span(words[start:end], flagged=True)]
            here = end
    return tuple(part for part in (*spans, words[here:]) if part)


def actions(acts: Sequence[Act], call: Callable[[str], object], hint: str = "") -> list[Action]:
    """The keys of a card for the action bar; `hint` names the first one on the line at the bottom."""
    shown = []
    for act in acts:
        reason = "" if act.is_ready else trn(act.reason) if act.reason is not None else tr(_OFF)
        kind = cast("Literal['primary', 'plain', 'quiet']", act.kind)
        is_first = act.kind == "primary"
        shown.append(
            Action(
                act.code,
                tr(act.label),
                act.key,
                kind,
                lambda code=act.code: call(code),  # type: ignore[misc]
                reason,
                hint if is_first else "",
            )
        )
    return shown
