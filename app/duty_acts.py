"""Keys that every exception has: take it, give it back, put it off, send it to the lead."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.command import Command
from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.give_back import GiveBack
from app.commands.recall import Recall
from app.commands.snooze import Snooze
from app.commands.wake import Wake
from app.desk import Act, Desk
from app.domain.clock import Wait
from app.domain.duty import Why
from app.domain.working_time import Calendar, next_shift_at
from app.ports import Login, SnagRow
from app.snag_card import Duty, taken_by
from app.text import N_, Text

DONE = {
    "claim": N_("Claimed"),
    "give_back": N_("Given back"),
    "snooze": N_("Put off"),
    "wake": N_("Back in the list"),
    "escalate": N_("Sent to the lead"),
    "recall": N_("Taken back from the lead"),
}
"""What the undo bar says of each."""
LEAVES = frozenset({"give_back", "snooze", "escalate"})
"""After these the next card comes."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_MOST = {
    Wait.CUSTOMER: 3 * DAY,
    Wait.PLATFORM: DAY,
    Wait.STOCK: 14 * DAY,
    Wait.CARRIER: 14 * DAY,
    Wait.PROVIDER: DAY,
    Wait.COUNT: DAY,
}
"""When something comes back although whoever is waited for has done nothing."""
_WAITS = (
    (Wait.STOCK, N_("Stock arrives")),
    (Wait.CUSTOMER, N_("Buyer answers")),
    (Wait.PLATFORM, N_("Platform answers")),
    (Wait.CARRIER, N_("Parcel scanned")),
    (Wait.PROVIDER, N_("Service answers")),
    (Wait.COUNT, N_("Bin counted")),
)


COMMAND = "command"
"""What a case is about that begins with its author."""


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to "until when": `wait` is whom for, `stops` says that the clock stands still meanwhile."""

    code: str
    label: str
    until: datetime
    wait: str = ""
    stops: bool = False


def acts_of(snag: SnagRow, login: Login, desk: Desk) -> tuple[Act, ...]:
    """Return the quiet keys of a card; what cannot be given now says why."""
    if not desk.may("claim"):
        return ()
    taken = taken_by(snag, login)
    is_mine = snag.owner == login.user.code
    acts: list[Act] = []
    if snag.subject == COMMAND and is_mine:
        pass  # it is its author's from the beginning: nobody hands it out
    elif snag.is_claimed and is_mine:
        acts.append(Act(code="give_back", label=N_("Give back"), key="C", kind="quiet"))
    else:
        acts.append(_act("claim", N_("Claim"), "C", taken))
    if snag.is_asleep:
        acts.append(Act(code="wake", label=N_("Wake"), key="H", kind="quiet"))
    else:
        acts.append(_act("snooze", N_("Later"), "H", taken))
    if snag.why == Why.ASKED:
        acts.append(_act("recall", N_("Take back"), "E", taken))
    else:
        acts.append(_act("escalate", N_("To lead"), "E", taken))
    return tuple(acts)


def _act(code: str, label: str, key: str, off: Text | None) -> Act:
    return Act(code=code, label=label, key=key, kind="quiet", is_ready=off is None, reason=off)


def laters(duty: Duty | None, now: datetime, calendar: Calendar, zone: str) -> tuple[Later, ...]:
    """Return until when or until what an exception may be put off. Source: capabilities 5, snooze."""
    found = [
        Later(code="hour", label=N_("In 1 hour"), until=now + HOUR),
        Later(code="shift", label=N_("Tomorrow"), until=next_shift_at(calendar, now, zone)),
    ]
    may_stop = duty.may_stop if duty is not None else ()
    for wait, label in _WAITS:
        if wait is Wait.STOCK and not (duty is not None and duty.wants_stock):
            continue
        is_anybodys = duty is not None and duty.is_order and wait in {Wait.STOCK, Wait.CUSTOMER}
        if wait not in may_stop and not is_anybodys:
            continue  # nobody is waited for who could answer
        until = now + AT_MOST[wait]
        found.append(Later(code=wait, label=label, until=until, wait=wait, stops=wait in may_stop))
    return tuple(found)


def command_of(code: str, snag: SnagRow, *, later: Later | None = None, reason: str = "") -> Command | None:
    """Return what a key asks for; None where it belongs to something else."""
    names = {"order": snag.id} if snag.subject == "order" else {"case": snag.id}
    names["kind"] = snag.kind
    match code:
        case "claim":
            return Claim(**names)
        case "give_back":
            return GiveBack(**names, claimed_at=None, declines=True)
        case "wake":
            return Wake(**names)
        case "recall":
            return Recall(**names, claimed_at=None)
        case "escalate":
            return Escalate(**names, reason=reason)
        case "snooze" if later is not None:
            return Snooze(**names, until=later.until, wait=later.wait)
        case _:
            return None


def is_duty(code: str) -> bool:
    """Tell these keys from repairs."""
    return code in DONE


def named(command: Command) -> str:
    """Name what the exception of a command is of: the order, or the case."""
    return getattr(command, "case", "") or getattr(command, "order", "")
