"""How often suggestions of guides are used and overridden, step by step. Source: capabilities 11.7."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.commands.note_guide import NoteGuide
from app.domain.step_use import Advised, Hinted
from app.figures import StepFigures


def by_step(noted: Iterable[NoteGuide]) -> tuple[StepFigures, ...]:
    """Return the figures of each step in the order of its guide, the guide that is used most first."""
    ends, order = Counter[str](), dict[tuple[str, str], None]()
    advised, hinted = Counter[tuple[str, str, Advised]](), Counter[tuple[str, str, Hinted]]()
    for guide in noted:
        ends[guide.form] += 1
        for use in guide.steps:
            order.setdefault((guide.form, use.step))
            advised[guide.form, use.step, use.advised] += 1
            hinted[guide.form, use.step, use.hinted] += 1
    found = [
        StepFigures(
            form=form,
            step=step,
            n=sum(hinted[form, step, how] for how in Hinted),
            used=advised[form, step, Advised.USED],
            overridden=advised[form, step, Advised.OVERRIDDEN],
            shown=hinted[form, step, Hinted.SHOWN],
            faded=hinted[form, step, Hinted.FADED],
            unfolded=hinted[form, step, Hinted.UNFOLDED],
        )
        for form, step in order
    ]
    return tuple(sorted(found, key=lambda one: (-ends[one.form], one.form)))
