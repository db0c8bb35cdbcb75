"""Find shelves whose counters are not what their papers come to, and put each before the leads.

Looked at every few minutes, and at once after a count. Source: capabilities 3.5.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from app.command import Command
from app.commands.open_case import OpenCase
from app.domain.drift import Papers
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.finding import Finding
from sync.hub.trail import trail_of
from sync.hub.verify_goods import shelves_by_papers
from sync.tables import snag, stock_doc

DRIFTS = "worker:drifts"
ROUND = timedelta(minutes=10)
CASES_MOST = 50
"""More at once is no drift of single shelves: somebody looks at the first ones."""
STEPS = 3


class Drifts:
    """One worker; where several hubs look, a case is opened once: its name says which drift it is."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._looked_at: datetime | None = None
        self._counted = -1

    def step(self, now: datetime) -> bool:
        """Look where it is time to; say that nothing more is to be done."""
        counted = self._newest_count()
        is_due = self._looked_at is None or now >= self._looked_at + ROUND
        if not is_due and counted == self._counted:
            return False
        self._looked_at, self._counted = now, counted
        commands = self._found()
        if commands:
            self._worker.ask(commands, now, "drift")
        return False

    def _newest_count(self) -> int:
        d = stock_doc.c
        mine = select(func.max(d.seq)).where(d.feed_id == self._worker.feed_id, d.kind == "count")
        with reading(self._worker.engine) as db:
            return db.execute(mine).scalar() or 0

    def _found(self) -> list[Command]:
        feed_id = self._worker.feed_id
        with reading(self._worker.engine) as db:
            known = self._known(db)
            commands: list[Command] = []
            for shelf, (kept, papers) in shelves_by_papers(db, feed_id):
                if kept == papers or len(commands) >= CASES_MOST:
                    continue
                subject = "/".join(shelf)
                is_open, cases = known.get(subject, (False, 0))
                if not is_open:
                    case = f"drift/{subject}/{cases + 1}"
                    told = said(subject, kept, papers, trail_of(db, feed_id, Finding("I5", subject, "")))
                    commands.append(OpenCase(case=case, kind="stock_drift", subject_id=subject, text=told))
        return commands

    def _known(self, db: Connection) -> dict[str, tuple[bool, int]]:
        """Return for each shelf whether a case is open, and how many there ever were."""
        s = snag.c
        rows = db.execute(
            select(s.subject_id, s.state).where(s.feed_id == self._worker.feed_id, s.kind == "stock_drift")
        )
        known: dict[str, tuple[bool, int]] = {}
        for subject, state in rows:
            is_open, cases = known.get(subject, (False, 0))
            known[subject] = (is_open or state == "open", cases + 1)
        return known


def said(shelf: str, kept: Papers, papers: Papers, trail: tuple[str, ...]) -> Text:
    """Say what the counter holds, what the papers come to, and who touched the shelf last."""
    warehouse, _, sku = shelf.partition("/")
    if kept.on_hand != papers.on_hand:
        message = N_("{sku} in {warehouse}: {kept} on the counter, {papers} by its papers. Last: {trail}")
        figures = (kept.on_hand, papers.on_hand)
    else:
        message = N_("{sku} in {warehouse}: {kept} promised, {papers} held by orders. Last: {trail}")
        figures = (kept.reserved, papers.reserved)
    steps = "; ".join(re.sub(r"\s+", " ", step) for step in trail[:STEPS]) or "–"
    values: dict[str, str | int | Text] = {"sku": sku, "warehouse": warehouse, "trail": steps}
    return Text(message, values | {"kept": figures[0], "papers": figures[1]})
