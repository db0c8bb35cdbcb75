"""One message of every verb and event about lessons and what they prove."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.ask_lessons import AskLessons
from app.commands.end_skill import EndSkill
from app.commands.give_skill import GiveSkill
from app.commands.note_attempt import NoteAttempt
from app.commands.note_focus import NoteFocus
from app.commands.note_help import NoteHelp
from app.commands.set_deck import SetDeck
from app.commands.set_licence import SetLicence
from app.domain import events as e
from app.domain.attempt import Attempt
from app.domain.deck import OwnDeck, Place, Shape
from app.domain.focus import Span
from app.domain.skill import Licence, Proof

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
TRIED = {"lesson": "address_wrong", "lesson_version": 2, "mode": "exam", "seconds": 214}
PROOF = Proof(code="address_wrong", title="A wrong address")

WRONG, RIGHT = Place("江苏省", "杭州市"), Place("浙江省", "杭州市")
DECK = OwnDeck(code="2026_06", shapes=(Shape(kind="address_invalid", wrong=WRONG, right=RIGHT),))
COMMANDS = (
    NoteAttempt(id="a1", user="lin", **TRIED, passed=False, faults=("stock_kept",), helps=1, language="en"),
    NoteHelp(order="o1", topic="orders"),
    SetLicence(licence=Licence(code="sign_off", lessons=(PROOF,), is_on=True)),
    SetDeck(deck=DECK),
    GiveSkill(user="lin", right="sign_off", reason="passed elsewhere", until=AT.date()),
    EndSkill(user="lin", right="sign_off", reason="errors", rev=1),
    AskLessons(user="lin", lessons=(PROOF,), due_on=AT.date(), rev=2),
    NoteFocus(spans=(Span(subject="o1", since=AT, until=AT, touch_s=42, kind="short_stock"),)),
)
EVENTS = (
    e.AttemptNoted(attempt=Attempt(id="a1", user="lin", **TRIED, passed=True, at=AT, faults=(), helps=0)),
)
