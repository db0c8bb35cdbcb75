"""Read a command as this Docket or an earlier one wrote it: what was asked for months ago is still decided.

A change of signature is a new `rev` of the verb, with the step from the one before in its `upcasts`; a change
of meaning is a new name. Source: sync.md section 12, the hub upcasts N-2 … N.
"""

from __future__ import annotations

import msgspec

from app.command import Command, Refusal, refuse
from app.engine import SPECS
from app.text import N_

UNREADABLE = refuse("unreadable", N_("The hub does not know this command. Update this desk."))
TOO_NEW = refuse("too_new", N_("This desk is newer than the hub. Have the hub updated, then do it again."))
TOO_OLD = refuse("too_old", N_("An older Docket asked for this in words nobody knows now. Do it again."))


def read(name: str, rev: int, args: bytes) -> Command | Refusal:
    """Return the command in its present form.

    Refuses: `unreadable`, `too_new`, `too_old`.
    """
    spec = SPECS.get(name)
    if spec is None:
        return UNREADABLE
    if rev > spec.rev:
        return TOO_NEW
    try:
        if rev == spec.rev:
            return msgspec.json.decode(args, type=spec.type)
        written = msgspec.json.decode(args, type=dict)
        for step in range(rev, spec.rev):
            if step not in spec.upcasts:
                return TOO_OLD
            written = spec.upcasts[step](written)
        return msgspec.convert(written, spec.type)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, LookupError, TypeError, ValueError):
        return UNREADABLE
