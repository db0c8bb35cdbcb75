"""Of `examples`: what somebody learnt, and the words they learn by."""

from __future__ import annotations

from examples import nothing, says
from past import Example

from app.commands.note_attempt import NoteAttempt
from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.commands.set_hint import SetHint
from app.domain.hint import HintText
from app.domain.step_use import StepUse
from app.domain.values import Role

TRIED = NoteAttempt(
    id="a1", user="clerk", lesson="hold", lesson_version=1, mode="exam", passed=True, seconds=9
)
TRAINING: dict[str, Example] = {
    "note_attempt": Example(Role.CLERK, nothing, says(TRIED)),
    "note_habit": Example(
        Role.CLERK, nothing, says(NoteHabit(user="clerk", right=("hold/reason",), tours=("inbox",)))
    ),
    "note_guide": Example(Role.CLERK, nothing, says(NoteGuide(form="hold", steps=(StepUse(step="reason"),)))),
    "set_hint": Example(
        Role.TRAINER, nothing, says(SetHint(hint=HintText(code="hold/reason", zh="为什么", en="Why")))
    ),
}
