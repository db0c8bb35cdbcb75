"""One exception laid out: sentence, diff, effects, evidence, whose it is, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from app.beside import Beside
from app.command import Command, Facts
from app.compare import SideRow
from app.desk import Act, Desk, Limit, limit, zone_of
from app.domain.address import read
from app.domain.clock import account
from app.domain.destination import read_foreign, reading_of, told_back
from app.domain.duty import LEADS
from app.domain.evidence import Place, weighed
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order, Snag
from app.domain.place_line import written
from app.domain.values import Keys
from app.duties import calendar_for
from app.guides import by_hand
from app.kinds import kind_of
from app.ports import HistoryRow, Login, SnagRow, Views
from app.preview import DiffRow, Effect, Preview
from app.snag import Kind
from app.text import N_, Text

ADDRESS = "address_invalid"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list; carries every id its keys need."""

    key: str
    snag: SnagRow
    title: str
    limit: Limit


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time went, and what was said to the lead. Units: seconds."""

    worked_s: int
    rested_s: int
    goal_s: int
    waited: tuple[tuple[str, int], ...] = ()
    """(whom for, how long)"""
    stops: int = 0
    sent_by: str = ""
    reason: str = ""
    wants_stock: bool = False
    may_stop: tuple[str, ...] = ()
    is_order: bool = False


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The selected exception, laid out: sentence, diff, effects, evidence, keys."""

    row: Row
    pieces: int = 0
    consequence: str = ""
    preview: Preview | None = None
    others: tuple[tuple[str, str], ...] = ()
    """(severity, title) of the order's other exceptions."""
    history: tuple[HistoryRow, ...] = ()
    original: str = ""
    offending: tuple[str, ...] = ()
    memo: str = ""
    """What colleagues wrote to the order."""
    evidence: tuple[tuple[str, Text], ...] = ()
    """(mark, sentence)"""
    why: tuple[tuple[str, str], ...] = ()
    """(what a repair is called, why it is safe)"""
    detail: Text | None = None
    acts: tuple[Act, ...] = ()
    commands: Mapping[str, Command] = {}
    """What the keys would give, as it was shown: nobody gives anything else unseen."""
    lines: tuple[tuple[str, int, int], ...] = ()
    """(article, pieces, price of one in minor units)"""
    form: str = ""
    """The guide that `Enter` opens; empty where there is none."""
    sides: tuple[SideRow, ...] = ()
    """A change somebody else was faster with, from all three sides."""
    beside: Beside | None = None
    """The order it may be once more."""
    order: str = ""
    """The order a case is about."""
    shelf: str = ""
    """The shelf a case is about: "SZ/LN-220"."""
    zone: str = "UTC"
    duty: Duty | None = None
    stands_on: Keys = frozenset()
    """Every row that was looked at; empty where that is not known."""

    @property
    def diff(self) -> tuple[DiffRow, ...]:
        """Fields before and after the first repair."""
        return self.preview.rows if self.preview else ()

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What else the first repair moves."""
        return self.preview.effects if self.preview else ()


def row_of(snag: SnagRow, now: datetime) -> Row:
    """Make one line of the list."""
    title = snag.title or kind_of(snag.kind).title
    return Row(key=f"{snag.id}:{snag.kind}", snag=snag, title=title, limit=limit_of(snag, now))


def limit_of(snag: SnagRow, now: datetime) -> Limit:
    """Return how much of its working time is used; its clock may stand still."""
    if not snag.goal_s:
        return limit(snag.opened_at, snag.due_at, now)
    used_pct = max(0, int(100 - 100 * snag.left_s / snag.goal_s))
    return Limit(left_s=snag.left_s, used_pct=used_pct, is_stopped=snag.is_stopped)


def taken_by(snag: SnagRow, login: Login) -> Text | None:
    """Say who else works on it; None where it may be worked on. A lead may step in where the lead looks."""
    if not snag.is_claimed or snag.owner == login.user.code:
        return None
    if snag.why and login.user.role in LEADS:
        return None
    return Text(N_("{who} has it"), {"who": snag.owner_title})


def duty_of(row: Row, snag: Snag | None, place: str, facts: Facts, *, is_order: bool) -> Duty | None:
    """Lay out where the time of an exception went; a delivery or a command waits for nobody."""
    if snag is None:
        return None
    used = account(calendar_for(place, facts), snag.opened_at, snag.stops, facts.now)
    second, sent = timedelta(seconds=1), snag.escalation
    rested_s = used.rested // second
    waited = tuple((wait, span // second) for wait, span in used.waited.items())
    return Duty(
        worked_s=used.whole // second - rested_s - sum(span_s for _, span_s in waited),
        rested_s=rested_s,
        goal_s=row.snag.goal_s,
        waited=waited,
        stops=len(snag.stops),
        sent_by=facts.refs.called("user", sent.by) if sent is not None and sent.by else "",
        reason=sent.reason if sent is not None else "",
        wants_stock=any(one.startswith("stock:") for one in snag.waits_for),
        may_stop=snag.may_stop,
        is_order=is_order,
    )


def card_of(
    row: Row,
    kind: Kind,
    order: Order,
    facts: Facts,
    previews: Sequence[Preview | None],
    offs: Sequence[Text | None],
    history: tuple[HistoryRow, ...],
    may: Callable[[str], bool],
    *,
    more: Sequence[Act] = (),
    past: Mapping[Place, int] | None = None,
) -> Card:
    """Lay out an exception of an order; `more` are keys that every card has.

    `past` tells where parcels to its street and door arrived before.
    """
    made = facts.refs.snag_rules
    acts: list[Act] = []
    first: Preview | None = None
    for i, (repair, shown, off) in enumerate(zip(kind.repairs, previews, offs, strict=True), 1):
        refusal = off or (shown.refusal.text if shown and shown.refusal else None)
        if shown is None and not repair.off:
            continue
        if shown is None:
            refusal = Text(repair.off)
        if first is None and shown is not None and shown.refusal is None:
            first = shown
        is_primary = refusal is None and not any(a.kind == "primary" for a in acts)
        acts.append(
            Act(
                code=repair.code,
                label=repair.label,
                key=str(i),
                kind="primary" if is_primary else "plain",
                is_ready=refusal is None,
                reason=refusal,
            )
        )
    guide = by_hand(kind.form, order, facts, may) if kind.form else ""
    if guide:
        acts.append(Act(code="guide", label=guide, key="Enter", form=kind.form))
    original, offending, evidence = (
        _reading(order, facts, past or {}) if kind.code == ADDRESS else ("", (), ())
    )
    if kind.form == "fix_address" and (told := told_back(order, facts.shop_of(order))) is not None:
        evidence = (*evidence, ("waits", told))
    return Card(
        row=row,
        pieces=sum(line.qty for line in order.lines),
        consequence=kind.hint,
        preview=first,
        others=tuple((s.severity, kind_of(s.kind, made).title) for s in order.snags if s.kind != kind.code),
        history=history,
        original=original or order.receiver.note,
        offending=offending,
        memo=order.receiver.memo,
        evidence=evidence,
        why=tuple((r.label, r.why) for r in kind.repairs if r.why and any(r.code == a.code for a in acts)),
        acts=(*acts, *more),
        form=kind.form if guide else "",
        lines=tuple((ln.title or ln.ext_sku, ln.qty, ln.unit_price_minor) for ln in order.lines),
        zone=zone_of(facts.refs, order.shop),
        duty=duty_of(row, order.snag(kind.code), order.shop, facts, is_order=True),
    )


async def past_of(desk: Desk, kind: Kind, order: Order, facts: Facts) -> Mapping[Place, int]:
    """Ask where parcels to the street and door of an unclear address arrived before."""
    reading = reading_of(order, facts.refs.gazetteer) if kind.code == ADDRESS else None
    return await desk.look(Views.delivered, reading.street) if reading and reading.street else {}


def _reading(
    order: Order, facts: Facts, past: Mapping[Place, int]
) -> tuple[str, tuple[str, ...], tuple[tuple[str, Text], ...]]:
    receiver, region = order.receiver, order.region
    named = (region.province, region.city, region.district, receiver.street)
    is_home = region.country == "CN"
    whole = receiver.raw or (" ".join(filter(None, named)) if is_home else written(region, receiver.street))
    shown = f"{whole} {mask_name(receiver.name)} {mask_phone(receiver.phone)}".strip()
    if not is_home:
        reading = read_foreign(receiver, region)
    elif facts.refs.gazetteer is None:
        return shown, (), ()
    else:
        reading = read(
            whole,
            facts.refs.gazetteer,
            province=region.province,
            city=region.city,
            district=region.district,
            postcode=region.postcode,
            phone=receiver.phone,
        )
        reading = weighed(reading, past, facts.refs.gazetteer)
    marks = {"kept": "met", "added": "waits", "replaced": "waits", "doubtful": "stops"}
    evidence = tuple((marks[p.verdict], p.reason) for p in reading.parts if p.reason.message)
    evidence += tuple(("waits", _chance(path, past)) for path in reading.candidates)
    replaced = tuple(p.before for p in reading.parts if p.verdict == "replaced")
    return shown, (*reading.offending, *replaced), evidence


def _chance(path: tuple[str, ...], past: Mapping[Place, int]) -> Text:
    """Name a place the address may mean, and how often a parcel arrived at this door there."""
    province, city, district = path
    place = " ".join(dict.fromkeys(filter(None, path)))
    count = past.get((province, city, district), 0)
    if not count:
        return Text(N_("Perhaps {place}: no parcel to this door yet."), {"place": place})
    told = N_("Perhaps {place}: parcels that arrived at this door: {count}.")
    return Text(told, {"place": place, "count": count})
