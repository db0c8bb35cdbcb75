"""Note which steps of a guide somebody did right or wrong, and which tours they have seen."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.events import HabitNoted
from app.domain.habit import NAMED_MOST, STEPS_MOST, TOURS_MOST, Habit, is_habit_code, practised
from app.domain.values import Keys, habit_key
from app.text import N_


class NoteHabit(Command, frozen=True, kw_only=True):
    """`user` is whoever asks. Two PCs may count at once: it says what was done, not what it comes to."""

    user: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    tours: tuple[str, ...] = ()


def needs(command: NoteHabit) -> Keys:
    """Name what is known of the person."""
    return frozenset({habit_key(command.user)})


def decide(command: NoteHabit, facts: Facts) -> Decided:
    """Count it; what changes nothing is not written down.

    Refuses: `not_yours`, `bad_step`, `too_many`, `unchanged`.
    """
    if command.user != facts.by.user:
        return refuse("not_yours", N_("Everybody learns for themselves. Sign in as this person."))
    named = (*command.right, *command.wrong, *command.tours)
    if len(named) > NAMED_MOST or not all(is_habit_code(code) for code in named):
        return refuse("bad_step", N_("There is no such step or tour. Update Docket on this PC."))
    before = facts.habit(command.user) or Habit(user=command.user)
    after = practised(before, command.right, command.wrong, command.tours)
    if len(after.steps) > STEPS_MOST or len(after.tours) > TOURS_MOST:
        return refuse("too_many", N_("No more steps are counted. Hints stay; nothing to do."))
    if after == before:
        return refuse("unchanged", N_("This is known already. Nothing to do."))
    noted = HabitNoted(user=command.user, right=command.right, wrong=command.wrong, tours=command.tours)
    return [noted]


SPEC = Spec("note_habit", NoteHabit, needs, decide, Authority.DESK, touches=False)
