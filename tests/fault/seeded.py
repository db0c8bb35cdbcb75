"""A mistake that review found and somebody mended, and that stands before a reviewer as a test."""

from __future__ import annotations

from past import Past
from sqlalchemy import select

from app.commands.amend import Amend
from app.commands.answer_drill import AnswerDrill
from app.commands.plant_drill import PlantDrill
from app.commands.reject_review import RejectReview
from app.domain.values import Role
from sync.hub.database import reading
from sync.tables import mistake
from tests.builders import line

DRILL = "d1"


def mended(past: Past) -> Past:
    """Two people sent an order back, and a clerk put its pieces right."""
    past.sold("o1", lines=(line(qty=4),))
    no = RejectReview(order="o1", content_hash=past.hub.order().content_hash, reason="pieces?")
    for role in (Role.REVIEWER, Role.LEAD):
        past.by(role, no)
    return past.by(Role.CLERK, Amend(order="o1", lines=(line(qty=1),)))


def kept(past: Past) -> str:
    """Return the mistake that was kept."""
    with reading(past.hub.engine) as db:
        return str(db.execute(select(mistake.c.id)).scalar_one())


def planted(past: Past) -> Past:
    """Put it before the reviewer."""
    mended(past).hub.worker.must(PlantDrill(person="reviewer", drill=DRILL, mistake=kept(past)))
    return past


def sent_back(past: Past) -> AnswerDrill:
    """See it, and send it back."""
    return AnswerDrill(person="reviewer", drill=DRILL, mistake=kept(past), is_pass=False)
