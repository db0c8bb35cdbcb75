"""Close a lane, or open it again: whatever goes over it and has not left is planned anew."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, publish, refuse
from app.domain.carrier import Carrier
from app.domain.values import Keys
from app.text import N_


class CloseLane(Command, frozen=True, kw_only=True, omit_defaults=True):
    """`lane` is one of the carrier's. `opens`: it runs again."""

    carrier: str
    lane: str
    opens: bool = False


def needs(command: CloseLane) -> Keys:
    """Name the carrier."""
    return frozenset({("carrier", command.carrier)})


def decide(command: CloseLane, facts: Facts) -> Decided:
    """Publish the carrier with that lane closed or open; the orders on it are planned anew.

    Refuses: `no_lane`, `unchanged`.
    Source: capabilities 6.7, closing a lane re-plans all unshipped orders.
    """
    carrier = facts.row(("carrier", command.carrier))
    lanes = {lane.code: lane for lane in carrier.lanes} if isinstance(carrier, Carrier) else {}
    if command.lane not in lanes:
        return refuse("no_lane", N_("There is no such lane. Choose one from the list."))
    lanes[command.lane] = msgspec.structs.replace(lanes[command.lane], is_open=command.opens)
    after = msgspec.structs.replace(carrier, lanes=tuple(lanes.values()))
    return publish("carrier", command.carrier, after, facts)


def inverse(command: CloseLane, _facts: Facts) -> Undo | None:
    """Let it be as it was."""
    args = {"carrier": command.carrier, "lane": command.lane, "opens": not command.opens}
    return Undo("close_lane", args)


SPEC = Spec("close_lane", CloseLane, needs, decide, Authority.HUB, inverse=inverse, touches=False)
