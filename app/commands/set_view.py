"""Share a view of the orders with everybody, change it, or take it away."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, publish, refuse
from app.domain.order_view import COLUMNS, SORTS, VIEWS_MAX, SharedView, is_view_name
from app.domain.values import Keys
from app.text import N_


class SetView(Command, frozen=True, kw_only=True):
    """`view.rev` is the revision the person started from, 0 for a new one."""

    view: SharedView


def needs(command: SetView) -> Keys:
    """Name the view."""
    return frozenset({("view", command.view.code)})


def decide(command: SetView, facts: Facts) -> Decided:
    """Publish the view under its next revision.

    Refuses: `bad_title`, `has_words`, `bad_view`, `name_taken`, `too_many`, `stale_content`, `unchanged`.
    """
    shared = command.view
    wrong = _wrong(shared, facts) if shared.active else None
    return wrong if wrong is not None else publish("view", shared.code, shared, facts)


def _wrong(shared: SharedView, facts: Facts) -> Refusal | None:
    view = shared.view
    if not is_view_name(shared.title) or not shared.code or len(shared.code) > 64:
        return refuse("bad_title", N_("Give the view a name of up to 40 characters."))
    if view.question.text:
        return refuse(
            "has_words",
            N_("Words of a search may be somebody's name. Clear the search, then share the view."),
        )
    if not view.columns or {each.code for each in view.columns} - COLUMNS.keys() or view.sort not in SORTS:
        return refuse("bad_view", N_("This view has columns nobody knows. Save it anew, then share it."))
    others = [one for one in facts.refs.views.values() if one.active and one.code != shared.code]
    if any(one.title == shared.title for one in others):
        return refuse("name_taken", N_("A shared view is called so already. Choose another name."))
    if len(others) >= VIEWS_MAX:
        return refuse("too_many", N_("There are 50 shared views. Take one away first."))
    return None


def inverse(command: SetView, facts: Facts) -> Undo | None:
    """Share the view as it was; one that is new is taken away again."""
    before = facts.refs.views.get(command.view.code)
    if before is None:
        gone = msgspec.structs.replace(command.view, rev=command.view.rev + 1, active=False)
        return Undo("set_view", {"view": gone})
    return Undo("set_view", {"view": msgspec.structs.replace(before, rev=before.rev + 1)})


SPEC = Spec("set_view", SetView, needs, decide, Authority.HUB, inverse=inverse, touches=False)
