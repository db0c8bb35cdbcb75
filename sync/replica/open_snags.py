"""Lists of open exceptions, straight from indexed columns, and how many stand in each split."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from app.domain.duty import LEADS
from app.kinds import kind_of
from app.ports import Login, SnagRow
from app.text import Text
from sync.grams import plain, terms
from sync.instants import instant
from sync.replica.clocks import Clocks
from sync.replica.lists import READABLE, Frame

_SNAG = (
    "s.subject_id, s.subject, s.kind, s.severity, s.text, s.opened_at, s.due_at, o.number, o.shop, o.buyer, "
    "o.currency, o.payable_minor, s.goal_s, s.stopped_at, s.warn_at, s.owner, s.claimed, s.asleep, s.wait, "
    "s.until, s.why"
)
_MINE = "(NOT s.asleep AND (s.owner = :me OR (:leads AND s.why <> '')))"
_SPLITS = {
    "mine": _MINE,
    "group": "NOT s.asleep",
    "soon": "(NOT s.asleep AND s.stopped_at IS NULL AND s.warn_at <= :now)",
    "waiting": "s.asleep",
}
_FROM = "FROM snag s LEFT JOIN orders o ON o.id = s.subject_id"
_decode_text = msgspec.json.Decoder(Text).decode


class Looking(NamedTuple):
    """Who looks for what: words, a type, a split; `login` is needed for what is somebody's own."""

    kind: str = ""
    text: str = ""
    split: str = ""
    login: Login | None = None
    is_masked: bool = False


def snags(
    db: sqlite3.Connection, frame: Frame, clocks: Clocks, looking: Looking, limit: int
) -> list[SnagRow]:
    """Return open exceptions, the one that is due first on top."""
    where, values = _conditions(frame, looking)
    if looking.split:
        where.append(_SPLITS[looking.split])
    rows = db.execute(
        f"SELECT {_SNAG} {_FROM} {_where(where)} ORDER BY s.due_at, s.severity, s.subject_id, s.kind "
        "LIMIT :limit",
        values | _who(clocks, looking.login) | {"limit": limit},
    )
    return [_snag_row(row, frame, clocks) for row in rows]


def counts(db: sqlite3.Connection, frame: Frame, clocks: Clocks, looking: Looking) -> dict[str, int]:
    """Count what stands in each split."""
    where, values = _conditions(frame, looking)
    sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in _SPLITS.values())
    source = _FROM if where else "FROM snag s"
    found = db.execute(
        f"SELECT {sums} {source} {_where(where)}", values | _who(clocks, looking.login)
    ).fetchone()
    return dict(zip(_SPLITS, found, strict=True))


def _who(clocks: Clocks, login: Login | None) -> dict[str, object]:
    user = login.user if login is not None else None
    is_lead = user is not None and user.role in LEADS
    return {"now": clocks.now, "me": user.code if user is not None else None, "leads": is_lead}


def _conditions(frame: Frame, looking: Looking) -> tuple[list[str], dict[str, object]]:
    where, values = [], dict[str, object]()
    words = READABLE if looking.is_masked else "o.words"
    if looking.kind:
        where.append("s.kind = :kind")
        values["kind"] = looking.kind
    for i, term in enumerate(terms(looking.text)):
        shops = [
            code
            for code, shop in frame.refs.shops.items()
            if term in plain(f"{code}\n{shop.title}\n{shop.channel}")
        ]
        names = [f"shop{i}_{j}" for j in range(len(shops))]
        marks = ", ".join(f":{name}" for name in names)
        where.append(
            f"(instr(coalesce({words}, ''), :term{i}) OR instr(s.kind, :term{i}) OR o.shop IN ({marks}))"
        )
        values |= {f"term{i}": term, **dict(zip(names, shops, strict=True))}
    return where, values


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def snag_of_case(db: sqlite3.Connection, frame: Frame, clocks: Clocks, id: str) -> SnagRow | None:
    """Return the exception of a delivery or a command."""
    row = db.execute(
        f"SELECT {_SNAG} {_FROM} WHERE s.subject_id = ? AND s.subject <> 'order'", (id,)
    ).fetchone()
    return _snag_row(row, frame, clocks) if row else None


def _snag_row(row: Sequence[Any], frame: Frame, clocks: Clocks) -> SnagRow:
    shop = frame.refs.shops.get(row[8] or "")
    owner = frame.refs.users.get(row[15])
    return SnagRow(
        id=row[0],
        subject=row[1],
        kind=row[2],
        severity=row[3],
        text=_decode_text(row[4]),
        title=kind_of(row[2], frame.refs.snag_rules).title,
        opened_at=instant(row[5]),
        due_at=instant(row[6]),
        number=row[7] or "",
        shop=row[8] or "",
        channel=shop.channel if shop else "",
        shop_title=shop.title if shop else row[8] or "",
        buyer=row[9] or "",
        currency=row[10] or "CNY",
        payable_minor=row[11] or 0,
        pending=row[0] in frame.pending,
        goal_s=row[12],
        left_s=clocks.left_s(row[8] or "", row[6], row[13]),
        is_stopped=row[13] is not None,
        is_urgent=row[13] is None and row[14] <= clocks.now,
        owner=row[15],
        owner_title=owner.title if owner is not None else row[15],
        is_claimed=bool(row[16]),
        is_asleep=bool(row[17]),
        wait=row[18],
        until=instant(row[19]) if row[19] is not None else None,
        why=row[20],
    )
