"""Marks made of what exception types, guides and tours say themselves: a lesson has no words of its own."""

from __future__ import annotations

from typing import Any

from app.form import About, Form
from app.snag import Kind, repair_of
from app.training.tours import TOURS, Deed, Mark
from app.verb_names import VERBS


def at_kind(kind: Kind) -> Mark:
    """Point at the card of an exception in front, with what its type tells a newcomer."""
    return Mark("inbox/evidence", kind.title, kind.hint)


def at_repair(kind: Kind, code: str) -> Mark:
    """Point at the keys of an exception, with the name of one repair and why it is safe.

    Raises:
        LookupError: the type has no such repair.
    """
    repair = repair_of(kind, code)
    if repair is None:
        raise LookupError(f"{kind.code} has no repair {code}")
    return Mark("inbox/actions", repair.label, repair.why)


def at_offer(form: Form[Any]) -> Mark:
    """Point at the key that opens a guide, on the sheet of what it is about."""
    page = "order" if form.about is About.ORDER else "stock"
    keys = (form.key,) if form.key else ()
    return Mark(f"{page}/guide/{form.code}", form.label or form.title, form.steps[0].question, keys)


def at_step(form: Form[Any], name: str) -> Mark:
    """Point at the first field of a step, with the question of the step and why it is asked.

    Raises:
        LookupError: the guide has no such step.
    """
    step = next((one for one in form.steps if one.name == name), None)
    if step is None:
        raise LookupError(f"{form.code} has no step {name}")
    return Mark(f"guide/{step.fields[0].name}/field", step.question, step.reason, ("Ctrl+Enter",))


def at_field(form: Form[Any], name: str) -> Mark:
    """Point at a field of a guide, with its own hint.

    Raises:
        LookupError: the guide has no such field.
    """
    field = next((one for step in form.steps for one in step.fields if one.name == name), None)
    if field is None:
        raise LookupError(f"{form.code} has no field {name}")
    return Mark(f"guide/{name}/field", field.label, field.hint, ("Tab",), Deed.KEY)


def at_verb(code: str, control: str, reason: str, *keys: str) -> Mark:
    """Point at the key of a verb; `reason` is what the program says of it elsewhere."""
    return Mark(control, VERBS[code], reason, keys)


def at(tour: str, control: str) -> Mark:
    """Point where a tour points.

    Raises:
        LookupError: no such tour, or it does not point there.
    """
    mark = next((one for one in TOURS[tour].marks if one.control == control), None)
    if mark is None:
        raise LookupError(f"the tour {tour} does not point at {control}")
    return mark
