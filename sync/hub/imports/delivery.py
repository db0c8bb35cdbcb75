"""Which of the reports we know a file is: by its columns, or by name."""

from __future__ import annotations

from collections.abc import Mapping

import sync.channels
from app.registry import collect
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Channel

CHANNELS: Mapping[str, Channel] = collect(sync.channels, "CHANNEL", Channel)


def channel_for(header: tuple[str, ...], name: str = "") -> Channel:
    """Return the channel named, or the one whose headers are all there.

    Raises:
        Trouble: unknown name, missing headers, or nothing fits; the hint says which.
    """
    if name:
        if name not in CHANNELS:
            known = ", ".join(sorted(CHANNELS))
            raise Trouble(
                "mapping", Text(N_("No mapping {name}. There are: {known}"), {"name": name, "known": known})
            )
        lacking = sorted(CHANNELS[name].headers - set(header))
        if lacking:
            raise Trouble(
                "headers", Text(N_("The file lacks the columns {names}."), {"names": ", ".join(lacking)})
            )
        return CHANNELS[name]
    fitting = known_channel(header)
    if fitting is None:
        raise Trouble(
            "mapping",
            Text(N_("No known shop exports these columns: {names}."), {"names": ", ".join(header)[:300]}),
        )
    return fitting


def known_channel(header: tuple[str, ...]) -> Channel | None:
    """Return the report whose headers are all there, if there is one."""
    fitting = [c for c in CHANNELS.values() if c.headers <= set(header)]
    return max(fitting, key=lambda c: len(c.headers), default=None)
