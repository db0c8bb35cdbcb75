"""After-sales cases (售后): returns, exchanges, refunds, re-shipments; each kept in its order."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.text import N_, Text


class ReturnKind(StrEnum):
    """What the buyer is promised. Source: capabilities 5, return_case."""

    REFUND = "refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    RESHIP = "reship"


COMES_BACK = frozenset({ReturnKind.RETURN, ReturnKind.EXCHANGE})
"""Goods are expected and graded before anything is settled."""

IS_REPLACED = frozenset({ReturnKind.EXCHANGE, ReturnKind.RESHIP})
"""Settled by a replacement; money instead of it is allowed."""

KIND_TITLES: dict[ReturnKind, str] = {
    ReturnKind.REFUND: N_("Refund only"),
    ReturnKind.RETURN: N_("Return"),
    ReturnKind.EXCHANGE: N_("Exchange"),
    ReturnKind.RESHIP: N_("Re-ship"),
}


class ReturnState(StrEnum):
    """Where a case stands."""

    REQUESTED = "requested"
    AWAITED = "awaited"
    """Accepted, the goods are on their way to us."""
    ACCEPTED = "accepted"
    """Accepted, and no goods come back: only money or a replacement is missing."""
    GRADED = "graded"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.WITHDRAWN})
VOID = frozenset({ReturnState.REJECTED, ReturnState.WITHDRAWN})
"""As if nobody had asked."""

TO_SETTLE = frozenset({ReturnState.ACCEPTED, ReturnState.GRADED})
"""Only money or a replacement is missing."""

STATE_TITLES: dict[ReturnState, str] = {
    ReturnState.REQUESTED: N_("To accept"),
    ReturnState.AWAITED: N_("Goods on their way"),
    ReturnState.ACCEPTED: N_("To settle"),
    ReturnState.GRADED: N_("Graded"),
    ReturnState.CLOSED: N_("Settled"),
    ReturnState.REJECTED: N_("Rejected"),
    ReturnState.WITHDRAWN: N_("Withdrawn"),
}


AT_STAGE: dict[str, frozenset[ReturnState]] = {
    "open": frozenset(ReturnState) - ENDED,
    "requested": frozenset({ReturnState.REQUESTED}),
    "awaited": frozenset({ReturnState.AWAITED}),
    "to_settle": TO_SETTLE,
}
"""Stages by which orders are listed."""

STAGES: dict[str, str] = {
    "open": N_("Any open case"),
    "requested": N_("To accept"),
    "awaited": N_("Goods on their way"),
    "to_settle": N_("To settle"),
}


class Grade(StrEnum):
    """What the floor sees of a piece that came back, or did not."""

    SELLABLE = "sellable"
    REPACK = "repack"
    DEFECT = "defect"
    WRONG = "wrong"
    SHORT = "short"


GRADE_TITLES: dict[Grade, str] = {
    Grade.SELLABLE: N_("Sellable"),
    Grade.REPACK: N_("To repack"),
    Grade.DEFECT: N_("Defective"),
    Grade.WRONG: N_("Wrong article"),
    Grade.SHORT: N_("Did not arrive"),
}

REASONS: dict[str, str] = {
    "changed_mind": N_("Changed their mind"),
    "wrong_size": N_("Size or colour does not suit"),
    "not_as_described": N_("Not as described"),
    "damaged": N_("Arrived damaged"),
    "defective": N_("Does not work"),
    "wrong_item": N_("Another article was sent"),
    "missing": N_("Pieces were missing"),
    "lost": N_("Lost on the way"),
    "undelivered": N_("Could not be delivered"),
    "called_off": N_("Called off on the way"),
}
"""Why a buyer asks. A fixed list, so that nothing personal is written here and reasons can be counted."""


ON_CHANNEL = "on_channel"
"""The channel told of it: why the buyer asks stands there. Nobody chooses this here."""


def reason_title(code: str) -> str:
    """Return the words for a reason."""
    return N_("Asked for on the channel") if code == ON_CHANNEL else REASONS.get(code, code)


class Asked(msgspec.Struct, frozen=True):
    """Pieces of one line a case is about. Units: pieces."""

    line: str
    qty: int


class Graded(msgspec.Struct, frozen=True):
    """How many pieces of a line got which grade. Units: pieces."""

    line: str
    grade: Grade
    qty: int


class Restocked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Pieces that went back on a shelf. Units: pieces."""

    warehouse: str
    sku: str
    qty: int
    lot: str = ""
    best_before: date | None = None


class Refunded(msgspec.Struct, frozen=True):
    """Money given back for one line. Units: minor units of the order's currency."""

    line: str
    amount_minor: int
    paid_minor: int = 0
    """What had been paid for the line by then; the hub writes it down."""


class ReturnCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request of a buyer and what became of it. `since` is when it came into its present state."""

    id: str
    kind: ReturnKind
    state: ReturnState = ReturnState.REQUESTED
    lines: tuple[Asked, ...]
    reason: str
    opened_by: str
    opened_at: datetime
    since: datetime
    accepted_by: str = ""
    answer: str = ""
    """Why it was rejected."""
    warehouse: str = ""
    """The building that took the goods in."""
    graded_by: str = ""
    grades: tuple[Graded, ...] = ()
    restocked: tuple[Restocked, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    replacement: str = ""
    """The order that replaces the goods."""
    attempts: int = 0
    """Replacements made so far, withdrawn ones too: each has an id of its own."""

    @property
    def owner(self) -> str:
        """Who must see it through: whoever accepted it, until then whoever opened it."""
        return self.accepted_by or self.opened_by

    @property
    def next_replacement(self) -> str:
        """The id of the replacement that would be made now."""
        return f"{self.id}-r{self.attempts + 1}"

    @property
    def pieces(self) -> int:
        """All pieces it is about. Units: pieces."""
        return sum(one.qty for one in self.lines)

    @property
    def is_open(self) -> bool:
        """Somebody still has something to do."""
        return self.state not in ENDED

    @property
    def refunded_minor(self) -> int:
        """Money this case gave back. Units: minor units of the order's currency."""
        return sum(refund.amount_minor for refund in self.refunds)

    def asked(self, line: str) -> int:
        """Return how many pieces of a line it is about. Units: pieces."""
        return sum(one.qty for one in self.lines if one.line == line)

    def graded(self, grade: Grade, line: str = "") -> int:
        """Return how many pieces, of one line or of all, got a grade. Units: pieces."""
        return sum(one.qty for one in self.grades if one.grade is grade and line in ("", one.line))


def case_said(case: ReturnCase) -> Text:
    """Name a case in a list."""
    return Text(N_("{kind}, {pieces} pieces"), {"kind": Text(KIND_TITLES[case.kind]), "pieces": case.pieces})


class Origin(msgspec.Struct, frozen=True):
    """The order and the case a replacement was made for."""

    order: str
    case: str
    number: str
