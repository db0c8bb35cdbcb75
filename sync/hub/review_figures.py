"""How well reviewers see, read off their verdicts and the tests put before them."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.domain.drill import Drill
from app.domain.rules import Rules
from app.domain.values import RULES_KEY
from app.insight.reviewers import review_report
from app.review_figures import ReviewReport
from sync.hub.database import reading
from sync.hub.verdicts import VOTE_COLUMNS, vote_of
from sync.tables import micros, ref, signature, verdict


def review_figures(
    engine: Engine, feed_id: int, since: datetime, until: datetime, zone: str, now: datetime
) -> ReviewReport:
    """Return the figures of everybody who reviewed from `since` on and before `until`."""
    v = verdict.c
    with reading(engine) as db:
        rows = db.execute(
            select(*(v[name] for name in VOTE_COLUMNS)).where(
                v.feed_id == feed_id, v.given_at >= since, v.given_at < until
            )
        ).all()
        votes = [vote_of((*row[:-1], micros(row[-1]))) for row in rows]
        seals = frozenset(
            db.execute(select(signature.c.content_hash).where(signature.c.feed_id == feed_id)).scalars()
        )
        docs = db.execute(select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "drill")).scalars()
        drills = [msgspec.json.decode(doc, type=Drill) for doc in docs]
        tbl, pk = RULES_KEY
        named = select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == tbl, ref.c.pk == pk)
        doc = db.execute(named).scalar_one_or_none()
    rules = msgspec.json.decode(doc, type=Rules) if doc is not None else Rules()
    answered = [one for one in drills if one.told is not None and since <= one.told.at < until]
    approved = frozenset((one.content_hash, one.revision) for one in votes if one.content_hash in seals)
    return review_report(answered, votes, approved, rules.review_signatures, (since, until, zone, now))
