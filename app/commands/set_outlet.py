"""Set an outlet up that installs, or change where and how often it comes."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.values import Keys
from app.domain.visit import Outlet
from app.text import N_

AREAS_MOST, PER_PART_MOST, OUTLETS_MOST = 500, 200, 200


class SetOutlet(Command, frozen=True, kw_only=True):
    """`outlet.rev` is the revision the person started from, 0 for a new one."""

    outlet: Outlet


def needs(command: SetOutlet) -> Keys:
    """Name the outlet."""
    return frozenset({("outlet", command.outlet.code)})


def decide(command: SetOutlet, facts: Facts) -> Decided:
    """Publish the outlet under its next revision; orders with a visit there are looked at again.

    Refuses: `bad_code`, `bad_title`, `bad_area`, `bad_capacity`, `too_many`, `stale_content`, `unchanged`.
    """
    outlet = command.outlet
    wrong = _wrong(outlet, facts)
    return wrong if wrong is not None else publish("outlet", outlet.code, outlet, facts)


def _wrong(outlet: Outlet, facts: Facts) -> Refusal | None:
    known = facts.refs.outlets
    if outlet.code not in known and not is_code(outlet.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if outlet.code not in known and len(known) >= OUTLETS_MOST:
        return refuse("too_many", N_("There are 200 outlets already. Change one of those."))
    if not is_title(outlet.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    names = [name for area in outlet.areas for name in (area.province, area.city, area.district)]
    is_named = all(area.province for area in outlet.areas) and all(map(_is_name, names))
    if not is_named or len(outlet.areas) > AREAS_MOST:
        return refuse("bad_area", N_("An area is a province, a city or a district, up to 500 of them."))
    if not 0 <= outlet.per_part <= PER_PART_MOST:
        return refuse("bad_capacity", N_("A part of a day takes 0 to 200 visits. Change the number."))
    if not outlet.days or not set(outlet.days) <= set(range(7)):
        return refuse("bad_capacity", N_("Choose at least one day of the week."))
    return None


def _is_name(text: str) -> bool:
    return len(text) <= 40 and (not text or text.isprintable())


def inverse(command: SetOutlet, facts: Facts) -> Undo | None:
    """Publish the outlet as it was; a new one stays, visits may be planned already."""
    return go_back("set_outlet", "outlet", facts.refs.outlets.get(command.outlet.code))


SPEC = Spec("set_outlet", SetOutlet, needs, decide, Authority.HUB, inverse=inverse, touches=False)
