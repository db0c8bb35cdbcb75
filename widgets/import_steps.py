"""What each step of the import wizard asks, offers and shows as done on the rail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.imports import ImportRow
from app.presenters.import_file import STEPS, State
from app.text import N_
from widgets import import_words, words
from widgets.action_bar import PLAIN, PRIMARY, QUIET, Action
from widgets.import_preview import doubtful
from widgets.import_words import files_words, orders_words, rows_words
from widgets.step_rail import Place, RailStep
from widgets.words import count, tr, trn

Calls = Mapping[str, Callable[[], object]]
"""What the page does for an action, by the action's code."""

_NEXT: Final = "Ctrl+Enter"
_BACK: Final = "Alt+Left"
_AHEAD: Final = {
    "files": N_("Next: how to read"),
    "reading": N_("Next: columns"),
    "columns": N_("Next: first rows"),
    "preview": N_("Try every row"),
    "trial": N_("Take the rows"),
}
_QUESTIONS: Final = {
    "files": (
        N_("Which file?"),
        N_("Orders from a shop, a marketplace or a customer. Nothing is written before the last step."),
    ),
    "reading": (
        N_("Is it read rightly?"),
        N_("Look at the first lines: words readable, columns apart, the headings in the marked row."),
    ),
    "columns": (
        N_("Which column is what?"),
        N_("Go through what is marked. Enter changes a column; what you choose stays as you chose it."),
    ),
    "preview": (
        N_("Are these orders right?"),
        N_("Money, times and units as Docket understands them. Look at the marked cells."),
    ),
    "trial": (
        N_("This would happen"),
        N_("Every row was tried against what the hub knows. Nothing is written yet."),
    ),
}


def rail(state: State) -> list[RailStep]:
    """The steps, with what was chosen in those that are done."""
    here, chosen = STEPS.index(state.at), _chosen(state)
    return [
        RailStep(
            code, tr(import_words.STEPS[code]), chosen.get(code, "") if at < here else "", _place(at, here)
        )
        for at, code in enumerate(STEPS)
    ]


def _place(at: int, here: int) -> Place:
    return "done" if at < here else "now" if at == here else "ahead"


def _chosen(state: State) -> dict[str, str]:
    names = [each.name for each in state.files] or list(state.run.files if state.run is not None else ())
    chosen = {"files": files_words(names)}
    if (look := state.look) is not None:
        chosen["reading"] = import_words.reading_words(look.reading)
    if columns := state.matching.columns:
        used = sum(1 for each in columns if each.field)
        chosen["columns"] = tr("{count} of {all} used", count=used, all=len(columns))
        if state.matching.title:
            chosen["columns"] = tr(state.matching.title)
    if state.sample.rows:
        doubts = doubtful(state.sample)
        chosen["preview"] = tr("{count} to look at", count=doubts) if doubts else tr("All understood")
    if state.trial is not None:
        chosen["trial"] = orders_words(state.trial.account.orders)
    return chosen


def question(state: State) -> tuple[str, str]:
    """What is asked, and why."""
    if state.run is not None and state.at == "run":
        return _run_question(state.run, state)
    if state.at == "trial" and state.trial is not None and state.trial.is_moving:
        return _how_far(state.trial, N_("Trying {name}: {done} of {all}"), tr(_QUESTIONS["trial"][1]))
    title, reason = _QUESTIONS.get(state.at, ("", ""))
    if state.case and state.at == "columns":
        reason = N_("These rows could not be read. What you change here counts for the next file, too.")
    return tr(title), tr(reason)


def _run_question(run: ImportRow, state: State) -> tuple[str, str]:
    name, account = files_words(run.files), run.account
    who = tr("{shop}, begun by {who}", shop=run.shop_title, who=run.by)
    if state.plan is not None:
        told = tr("Its orders are cancelled, their stock is free again, and the rows may come again.")
        return tr("Take {name} back?", name=name), told
    if run.state == "undone":
        return tr("{name} was taken back", name=name), who
    if run.state == "undoing":
        return tr("Taking {name} back", name=name), who
    if not run.is_moving:
        return tr("{orders} from {name}", orders=orders_words(account.orders), name=name), who
    return _how_far(run, N_("Taking {name}: {done} of {all}"), who)


def _how_far(run: ImportRow, message: str, otherwise: str) -> tuple[str, str]:
    """Rows of rows, how fast and how long; before there is a speed, something else."""
    done, rows = count(run.account.read), rows_words(run.rows) if run.rows else "…"
    title = tr(message, name=files_words(run.files), done=done, all=rows)
    if not run.rate:
        return title, otherwise
    return title, tr("{rate} rows a second, {time} left", rate=count(run.rate), time=words.span(run.left_s))


def actions(state: State, calls: Calls) -> list[Action]:
    """What can be done in the step in front; what is off says why."""
    off = trn(state.off) if state.off is not None else ""
    if state.at == "run":
        return _run_actions(state, calls, off)
    if state.at == "trial" and state.trial is not None and state.trial.is_moving:
        return [
            Action("stop", tr("Stop here"), "C", PLAIN, calls["stop"], off),
            Action("back", tr("Step back"), _BACK, PLAIN, calls["back"]),
        ]
    stop = state.stop()
    reason = trn(stop) if stop is not None else ""
    if state.at == "files" and not state.files:
        return [Action("choose", tr("Choose files"), "Ctrl+O", PRIMARY, calls["choose"], off)]
    ahead = tr(_AHEAD[state.at])
    shown = [Action("next", ahead, _NEXT, PRIMARY, calls["next"], reason, hint=tr("Next step"))]
    if state.at == "files":
        shown.append(Action("choose", tr("Add files"), "Ctrl+O", PLAIN, calls["choose"]))
        shown.append(Action("leave_out", tr("Leave out"), "X", QUIET, calls["leave_out"]))
    else:
        shown.append(Action("back", tr("Step back"), _BACK, PLAIN, calls["back"]))
    if state.at == "columns" and not state.matching.title:
        shown.append(Action("leave_out", tr("Leave out"), "X", QUIET, calls["no_field"]))
        if state.match is not None and state.match.trust == "manual":
            shown.append(Action("guess", tr("Guess again"), "R", QUIET, calls["guess"]))
    return shown


def _run_actions(state: State, calls: Calls, off: str) -> list[Action]:
    run = state.run
    if run is None:
        return []
    if state.plan is not None:
        return [
            Action("undo", tr("Take it back"), _NEXT, PRIMARY, calls["undo"], off),
            Action("back", tr("Keep it"), _BACK, PLAIN, calls["back"]),
        ]
    is_undone = run.state == "undone"
    another = Action(
        "another", tr("Import another"), "N", PRIMARY if is_undone else QUIET, calls["another"]
    )  # fmt: skip
    if run.is_moving:
        stop = Action("stop", tr("Stop here"), "C", PLAIN, calls["stop"], off)
        return [stop, another] if run.state in ("running", "waiting") else [another]
    if is_undone:
        return [another, Action("orders", tr("See the orders"), "O", PLAIN, calls["orders"])]
    shown = [Action("orders", tr("See the orders"), "O", PRIMARY, calls["orders"])]
    if run.account.rejected:
        shown.append(Action("save", tr("Save rejected rows"), "S", PLAIN, calls["save"], off))
    if run.account.orders:
        shown.append(Action("plan", tr("Undo this file"), "U", PLAIN, calls["plan"], off))
    return [*shown, another]
