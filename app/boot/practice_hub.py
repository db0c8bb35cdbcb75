"""The hub of a practice round: a copy of a company that is made once, with the deck of one lesson on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec
from sqlalchemy import make_url

from app.boot.demo import open_demo
from app.boot.demo_company import OPENED_AT, PASSWORD, STARTS_AT, USERS, company
from app.boot.demo_papers import invoicing
from app.boot.demo_parcels import labelling
from app.boot.fence import raise_fence
from app.boot.lesson_floor import LessonFloor
from app.boot.opening import FEED_ID, Running, open_hub
from app.boot.outgoing import EFFECTS_PAUSE_S
from app.boot.places import data_dir
from app.boot.practice_files import Laid, laid_in, lessons_in
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import writing
from sync.hub.jobs import Every


def open_round(prepared: Path, place: Path, lesson: str, door: str = "") -> Running:
    """Open a fresh copy of the company at `place`, with a deck laid out where a lesson is named.

    The company at `prepared` is made when it is not there yet, and never changed. A round that is there
    already goes on as it was left.

    Raises:
        Trouble: the deck does not fit the company.
    """
    first = f"sqlite:///{prepared.as_posix()}"
    if not prepared.exists():
        _found(prepared, first) if lesson else open_demo(first).close()
    is_new = not place.exists()
    if is_new:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared, place)
    running = open_hub(f"sqlite:///{place.as_posix()}", first_at=STARTS_AT, door=door, key_of=first)
    if lesson and is_new:
        try:
            deck = LessonFloor(running).lay(lessons_in(prepared.parent)[lesson])
        except BaseException:
            running.close()
            raise
        laid = Laid(lesson=deck.lesson, tag=deck.tag, at=deck.at)
        laid_in(place.parent).write_bytes(msgspec.json.encode(laid))
    return running


def _found(prepared: Path, first: str) -> None:
    """Make the company as it stands before anybody buys: a lesson brings all the work there is."""
    draft = prepared.with_name(f"{prepared.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    running = open_hub(f"sqlite:///{draft.as_posix()}", clock=lambda: OPENED_AT, key_of=first)
    try:
        with writing(running.hub.engine) as db:
            install_company(db, FEED_ID, company(), OPENED_AT)
            set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
    finally:
        running.close()
    draft.replace(prepared)


def fenced_round(prepared: str, database: str, lesson: str, door: str) -> tuple[Running, list[Every]]:
    """Open a round behind a fence, nothing leaves this process any more; return it with who answers in it."""
    raise_fence(data_dir(), lambda: 0)
    running = open_round(Path(prepared), Path(str(make_url(database).database)), lesson, door)
    return running, [
        Every("invoices", EFFECTS_PAUSE_S, invoicing(running).carry_out),
        Every("labels", EFFECTS_PAUSE_S, labelling(running).carry_out),
    ]
