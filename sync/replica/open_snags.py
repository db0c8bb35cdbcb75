"""Lists of open exceptions, straight from indexed columns, and how many stand in each split."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from app.domain.drift import KIND as DRIFT
from app.domain.drift import shelf_of_case
from app.domain.duty import LEADS
from app.domain.snag_rule import PREFIX
from app.kinds import kind_of
from app.ports import NO_TITLES, Login, OrderRow, SnagRow
from app.text import Text
from sync.grams import plain, terms
from sync.instants import instant
from sync.replica.clocks import Clocks
from sync.replica.entries import Entry
from sync.replica.lists import READABLE, Frame

_SNAG = (
    "s.subject_id, s.subject, s.kind, s.severity, s.text, s.opened_at, s.due_at, o.number, o.shop, o.buyer, "
    "o.currency, o.payable_minor, s.goal_s, s.stopped_at, s.warn_at, s.owner, s.claimed, s.asleep, s.wait, "
    "s.until, s.why"
)
_SPLITS = {
    "mine": "s.asleep = 0 AND (s.owner = :me OR (:leads AND s.why <> ''))",
    "group": "s.asleep = 0",
    "soon": "s.asleep = 0 AND s.stopped_at IS NULL AND s.warn_at <= :now",
    "waiting": "s.asleep = 1",
}
"""As the index reads them: who sleeps, then what is due first."""
_FROM = "FROM snag s LEFT JOIN orders o ON o.id = s.subject_id"
_HOUR = 3_600_000_000
"""Units: microseconds."""
_SLEEP = ("is_asleep", "wait", "until", "why")
_OWNER = ("owner", "owner_title", "is_claimed")
_decode_text = msgspec.json.Decoder(Text).decode


class Looking(NamedTuple):
    """Who looks for what: words, a type, a split; `login` is needed for what is somebody's own."""

    kind: str = ""
    text: str = ""
    split: str = ""
    login: Login | None = None
    is_masked: bool = False
    titles: Mapping[str, str] = NO_TITLES


def snags(
    db: sqlite3.Connection, frame: Frame, clocks: Clocks, looking: Looking, start: int, limit: int
) -> list[SnagRow]:
    """Return open exceptions from a place on, the one that is due first on top."""
    where, values = _conditions(frame, looking)
    if looking.split:
        where.append(_SPLITS[looking.split])
    rows = db.execute(
        f"SELECT {_SNAG} {_FROM} {_where(where)} ORDER BY s.due_at, s.severity, s.subject_id, s.kind "
        "LIMIT :limit OFFSET :start",
        values | _who(clocks, looking.login) | {"limit": limit, "start": start},
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
    made = {f"{PREFIX}{code}": rule.title for code, rule in frame.refs.snag_rules.items()}
    titles = {**looking.titles, **made}
    if looking.kind:
        where.append("s.kind = :kind")
        values["kind"] = looking.kind
    for i, term in enumerate(terms(looking.text)):
        shops = [
            code
            for code, shop in frame.refs.shops.items()
            if term in plain(f"{code}\n{shop.title}\n{shop.channel}")
        ]
        kinds = [kind for kind, title in titles.items() if term in plain(title)]
        people = [code for code, user in frame.refs.users.items() if term in plain(f"{code}\n{user.title}")]
        any_of = {"o.shop": shops, "s.kind": kinds, "s.owner": people}
        found = [f"instr(s.kind, :term{i})"]  # what needs no order is asked first
        values[f"term{i}"] = term
        for column, codes in any_of.items():
            names = {f"{column[2:]}{i}_{j}": code for j, code in enumerate(codes)}
            found.append(f"{column} IN ({', '.join(f':{name}' for name in names)})")
            values |= names
        found.append(f"instr(coalesce({words}, ''), :term{i})")
        where.append(f"({' OR '.join(found)})")
    return where, values


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def snag_of(db: sqlite3.Connection, frame: Frame, clocks: Clocks, id: str, kind: str = "") -> SnagRow | None:
    """Return one type of exception of an order; without a type, that of a delivery or a command."""
    which = "s.kind = :kind" if kind else "s.subject <> 'order'"
    values = {"id": id, "kind": kind}
    row = db.execute(f"SELECT {_SNAG} {_FROM} WHERE s.subject_id = :id AND {which}", values).fetchone()
    return _snag_row(row, frame, clocks) if row else None


def refused_row(id: str, entry: Entry, of: OrderRow | None, goal: timedelta, now: datetime) -> SnagRow:
    """Return work of this desk that was refused, as far as the desk knows by itself."""
    due_at = entry.saved_at + goal
    return SnagRow(
        id=id,
        subject="command",
        kind="refused_command",
        severity="warn",
        text=entry.refusal.text if entry.refusal else Text(entry.name),
        opened_at=entry.saved_at,
        due_at=due_at,
        goal_s=goal // timedelta(seconds=1),
        left_s=(due_at - now) // timedelta(seconds=1),
        owner=entry.actor.user,
        is_claimed=True,
        number=entry.label,
        shop=of.shop if of else "",
        channel=of.channel if of else "",
        shop_title=of.shop_title if of else "",
        buyer=of.buyer if of else "",
        currency=of.currency if of else "CNY",
        payable_minor=of.payable_minor if of else 0,
    )


def told(own: SnagRow, row: SnagRow) -> SnagRow:
    """Return what this desk knows of work of its own that was refused, with what was done to it since."""
    names = (*_SLEEP, *_OWNER) if row.is_claimed else _SLEEP
    return msgspec.structs.replace(own, **{name: getattr(row, name) for name in names})


def _snag_row(row: Sequence[Any], frame: Frame, clocks: Clocks) -> SnagRow:
    shop = frame.refs.shops.get(row[8] or "")
    owner = frame.refs.users.get(row[15])
    snag = SnagRow(
        id=row[0],
        subject=row[1],
        kind=row[2],
        severity=row[3],
        text=frame.refs.named(_decode_text(row[4])),
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
        is_claimed=row[16] > clocks.now - frame.refs.rules.claim_h * _HOUR,
        is_asleep=bool(row[17]),
        wait=row[18],
        until=instant(row[19]) if row[19] is not None else None,
        why=row[20],
    )
    return _of_shelf(snag, frame) if snag.kind == DRIFT else snag


def _of_shelf(snag: SnagRow, frame: Frame) -> SnagRow:
    """Call an exception of a shelf what people call it: its article and its warehouse."""
    warehouse, sku = shelf_of_case(snag.id)
    article = frame.refs.articles.get(sku)
    return msgspec.structs.replace(
        snag,
        number=sku,
        shop_title=frame.refs.called("warehouse", warehouse),
        buyer=article.title if article is not None else "",
    )
