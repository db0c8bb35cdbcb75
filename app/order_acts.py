"""The keys that help on an order sheet, and the commands behind them."""

from __future__ import annotations

from app.command import Command, Facts
from app.desk import Act, Desk
from app.domain.order import Order
from app.engine import spec_of
from app.gating import KINDS_OF
from app.guides import by_hand, offered
from app.kinds import kind_of
from app.standing import standing


def acts_of(
    order: Order, facts: Facts, desk: Desk, gate: str
) -> tuple[dict[str, Command], tuple[Act, ...], str]:
    """Return the commands behind the keys, the keys, and the guide: those of the gate one stands on first."""
    commands: dict[str, Command] = {}
    acts: list[Act] = []
    form = ""
    mine = KINDS_OF.get(gate, ())
    for snag in sorted(order.snags, key=lambda snag: snag.kind not in mine):
        kind = kind_of(snag.kind, facts.refs.snag_rules)
        form = form or kind.form
        for repair in kind.repairs:
            command = repair.build(order, facts)
            if command is not None and len(acts) < 2:
                code = f"{snag.kind}/{repair.code}"
                commands[code] = command
                shown = "plain" if acts else "primary"
                key = str(len(acts) + 1)
                acts.append(
                    _act(desk, spec_of(command).code, code=code, label=repair.label, key=key, kind=shown)
                )
    guides = offered(order, facts, desk.may)
    label = by_hand(form, order, facts, desk.may) if form else ""
    if label and form not in {guide.code for guide in guides}:
        acts.append(Act(code="guide", label=label, key="Enter", form=form))
    for guide in guides:
        about = {"label": guide.label, "key": guide.key, "kind": "quiet", "form": guide.code}
        acts.append(_act(desk, guide.grant, code=f"guide/{guide.code}", **about))
    shown_labels = {act.label for act in acts}
    for code, label, key, command, is_ready in standing(order, facts):
        if desk.may(code) and is_ready and label not in shown_labels:
            commands[code] = command
            acts.append(_act(desk, code, code=code, label=label, key=key, kind="quiet"))
    return commands, tuple(acts), form


def _act(desk: Desk, command: str, **about: str) -> Act:
    """One key; off, with the reason, while its command needs a hub that is out of reach."""
    off = desk.off(command)
    return Act(**about, is_ready=off is None, reason=off)
