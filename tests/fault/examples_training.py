"""Of `examples`: what somebody learnt, and the words they learn by."""

from __future__ import annotations

from datetime import timedelta

from builders import NOW
from examples import nothing, says
from past import Example

from app.commands.ask_lessons import AskLessons
from app.commands.end_skill import EndSkill
from app.commands.give_skill import GiveSkill
from app.commands.note_attempt import NoteAttempt
from app.commands.note_focus import NoteFocus
from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.commands.note_help import NoteHelp
from app.commands.set_deck import SetDeck
from app.commands.set_hint import SetHint
from app.commands.set_licence import SetLicence
from app.domain.deck import OwnDeck, Shape
from app.domain.focus import Span
from app.domain.hint import HintText
from app.domain.skill import Licence, Proof
from app.domain.step_use import StepUse
from app.domain.values import Role

TRIED = NoteAttempt(
    id="a1", user="clerk", lesson="hold", lesson_version=1, mode="exam", passed=True, seconds=9
)
RECORDED = says(
    AskLessons(
        user="clerk", lessons=(Proof(code="hold", title="Hold"),), due_on=NOW.date() + timedelta(days=3)
    )
)
POLICY = Licence(code="sign_off", lessons=(Proof(code="hold", title="Hold"),), is_on=True)
AT_WORK = NoteFocus(
    spans=(Span(subject="o1", since=NOW - timedelta(minutes=2), until=NOW, touch_s=90, kind="short_stock"),)
)
NOTES = OwnDeck(code="2026_06", shapes=(Shape(kind="note_request"),))
TRAINING: dict[str, Example] = {
    "note_attempt": Example(Role.CLERK, nothing, says(TRIED)),
    "ask_lessons": Example(Role.TRAINER, nothing, RECORDED),
    "give_skill": Example(
        Role.TRAINER, nothing, says(GiveSkill(user="clerk", right="sign_off", reason="passed elsewhere"))
    ),
    "end_skill": Example(Role.LEAD, nothing, says(EndSkill(user="clerk", right="sign_off", reason="errors"))),
    "set_licence": Example(Role.LEAD, nothing, says(SetLicence(licence=POLICY))),
    "note_help": Example(Role.CLERK, nothing, says(NoteHelp(order="o1", topic="orders"))),
    "note_habit": Example(
        Role.CLERK, nothing, says(NoteHabit(user="clerk", right=("hold/reason",), tours=("inbox",)))
    ),
    "note_focus": Example(Role.CLERK, nothing, says(AT_WORK)),
    "note_guide": Example(Role.CLERK, nothing, says(NoteGuide(form="hold", steps=(StepUse(step="reason"),)))),
    "set_deck": Example(Role.TRAINER, nothing, says(SetDeck(deck=NOTES))),
    "set_hint": Example(
        Role.TRAINER, nothing, says(SetHint(hint=HintText(code="hold/reason", zh="为什么", en="Why")))
    ),
}
