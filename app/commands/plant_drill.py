"""Put a seeded mistake before one reviewer; the hub does, at the share the rules say."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.drill import Drill, drill_key, mistake_key
from app.domain.events import DrillPlanted
from app.domain.values import Keys
from app.text import N_


class PlantDrill(Command, frozen=True, kw_only=True):
    """`drill` is its new id."""

    person: str
    drill: str
    mistake: str


def needs(command: PlantDrill) -> Keys:
    """Name the drill and what was once wrong."""
    return frozenset({drill_key(command.person, command.drill), mistake_key(command.mistake)})


def decide(command: PlantDrill, facts: Facts) -> Decided:
    """Let it stand in the list of that person.

    Refuses: `no_user`, `no_mistake`, `unchanged`.
    """
    if command.person not in facts.refs.users:
        return refuse("no_user", N_("There is no such person."))
    mistake = facts.row(mistake_key(command.mistake))
    if mistake is None:
        return refuse("no_mistake", N_("There is no such mistake any more."))
    if facts.row(drill_key(command.person, command.drill)) is not None:
        return refuse("unchanged", N_("They were told before. Nothing to do."))
    drill = Drill(
        id=command.drill,
        person=command.person,
        mistake=mistake.id,
        asked=mistake.asked,
        shown=mistake.shown,
        checks=mistake.checks,
        planted_at=facts.now,
    )
    return [DrillPlanted(drill=drill)]


SPEC = Spec("plant_drill", PlantDrill, needs, decide, Authority.HUB, touches=False)
