"""This desk's own commands as a screen shows them: how safe each is, what became of it, how to do it again.

Source: sync.md sections 7 and 12; capabilities 14.2 (what the hub changed), 14.3, 14.4.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from app import upcast
from app.command import OVERTAKEN, Authority, Refusal
from app.domain.order import Order
from app.domain.values import order_key
from app.engine import SPECS
from app.ports import Again, OutboxRow
from app.text import Text
from sync.replica.asked import asked_for
from sync.replica.entries import (
    ACCEPTED,
    CONFLICT,
    PROTECTED,
    REFUSED,
    SAVED,
    Entry,
    case_id,
    entries,
    number_of,
)
from sync.replica.rows import load, mark_of
from sync.replica.sides import both

ROWS_MAX = 500
"""What a person can look through; what waits is always among them."""
_texts = msgspec.json.Decoder(tuple[Text, ...]).decode


class Mine:
    """Reads both files of one desk on the `read` lane."""

    def __init__(self, work: sqlite3.Connection, replica: sqlite3.Connection) -> None:
        self._work, self._replica = work, replica
        (self._name,) = work.execute("SELECT value FROM meta WHERE key = 'replica'").fetchone()

    def outbox(self, doubts: Mapping[int, Text]) -> Sequence[OutboxRow]:
        """Return the newest commands of this desk, and before them all that wait however old."""
        waiting = list(entries(self._work, "state = 'saved' ORDER BY n DESC LIMIT ?", (ROWS_MAX,)))
        rest = entries(
            self._work,
            "state <> 'saved' ORDER BY abs(n) DESC LIMIT ?",
            (max(ROWS_MAX - len(waiting), ROWS_MAX // 2),),
        )
        open_cases = self._open_cases()
        return [self._row(entry, doubts, open_cases) for entry in (*waiting, *rest)]

    def _row(self, entry: Entry, doubts: Mapping[int, Text], open_cases: frozenset[str]) -> OutboxRow:
        case, state, error = case_id(self._name, entry.n), entry.state, None
        if state in {REFUSED, CONFLICT}:
            error = entry.refusal.text if entry.refusal is not None else None
            if not self._is_open(entry, case, open_cases):
                case, state = "", "closed" if entry.seq else state  # without the hub there is no case
        elif state == SAVED and entry.n in doubts:
            state, error = "doubtful", doubts[entry.n]
        is_known = self._replica.execute("SELECT 1 FROM orders WHERE id = ?", (entry.subject,)).fetchone()
        return OutboxRow(
            n=entry.n,
            name=entry.name,
            subject=entry.label,
            who=entry.actor.user,
            saved_at=entry.saved_at,
            state=state,
            said=entry.texts[0] if entry.texts else asked_for(entry),
            order=entry.subject if is_known else "",
            case=case if state in {REFUSED, CONFLICT} else "",
            error=error,
            changed=self._changed(entry) if state in {ACCEPTED, PROTECTED} else (),
        )

    def _changed(self, entry: Entry) -> tuple[Text, ...]:
        """Compare what this desk had shown with what the hub wrote into the record of the order."""
        spec = SPECS.get(entry.name)
        if spec is None or spec.authority is Authority.HUB or not entry.texts:
            return ()
        found = self._replica.execute(
            "SELECT texts FROM history WHERE order_id = ? AND seq = ? AND command = ? AND by = ?",
            (entry.subject, entry.seq, entry.name, entry.actor.user),
        ).fetchone()
        return tuple(text for text in _texts(found[0]) if text not in entry.texts) if found else ()

    # --- refused ------------------------------------------------------------------------------------

    def refused(self) -> Iterator[tuple[str, Entry]]:
        """Return the refused commands that ask a person, with the case of each.

        The hub opens one for what it has refused; what could not be sent to it has its case here alone.
        """
        found = entries(self._work, "state IN ('refused', 'conflict') ORDER BY n", ())
        for entry in found:
            if (entry.n > 0 or entry.is_aside) and not _asks_nobody(entry):
                yield case_id(self._name, entry.n), entry

    def entry(self, case: str) -> Entry | None:
        """Return the command behind a case, where it is one of this desk."""
        n = number_of(case, self._name)
        return None if n is None else next(entries(self._work, "n = ?", (n,)), None)

    def is_news(self, case: str) -> bool:
        """Tell whether the hub's own case of this refusal has not arrived yet, or never will."""
        entry = self.entry(case)
        return entry is not None and (entry.is_aside or entry.seq > mark_of(self._replica).cursor)

    def again(self, case: str) -> Again | None:
        """Return what was asked, and the order as it was, as it is, and as the person wanted it."""
        entry = self.entry(case)
        command = upcast.read(entry.name, entry.rev, entry.args) if entry is not None else None
        if entry is None or command is None or isinstance(command, Refusal):
            return None
        order = load(self._replica, [order_key(entry.subject)])[order_key(entry.subject)]
        if not isinstance(order, Order):
            return Again(command=command)
        sides = both(self._work, entry.n, order)
        if sides is None:
            return Again(command=command, order=order)
        return Again(command=command, order=order, before=sides[0], mine=sides[1], parts=entry.fields)

    def _open_cases(self) -> frozenset[str]:
        found = self._replica.execute("SELECT subject_id FROM snag WHERE subject = 'command'")
        return frozenset(case for (case,) in found)

    def _is_open(self, entry: Entry, case: str, open_cases: frozenset[str]) -> bool:
        if _asks_nobody(entry):
            return False
        return entry.is_aside or case in open_cases or entry.seq > mark_of(self._replica).cursor


def _asks_nobody(entry: Entry) -> bool:
    """The world is as they wanted it, or another sees to it."""
    return entry.refusal is not None and entry.refusal.code in OVERTAKEN
