"""Whom the hub tells of holds outside the program: one file of addresses, which hold passwords."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta
from typing_extensions import override

from app.text import N_, Text
from app.trouble import Trouble
from sync.private import OTHERS

Address = Annotated[str, Meta(min_length=1, max_length=500)]
BYTES_MOST = 100_000


class Directory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses by person as Apprise writes them; `deputies` are told what a person has not looked at.

    `mail`: the server through which e-mail goes to addresses that people keep themselves; `hosts` are those
    their web hooks may lead to.
    Units: `unread_min` minutes.
    """

    people: dict[str, Annotated[tuple[Address, ...], Meta(max_length=10)]] = {}
    deputies: dict[str, str] = {}
    unread_min: Annotated[int, Meta(ge=1, le=10_080)] = 15
    mail: Annotated[str, Meta(max_length=500)] = ""
    hosts: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...], Meta(max_length=50)] = ()


def read_directory(path: Path) -> Directory:
    """Read the file.

    Raises:
        Trouble: `notices`: it is not there, open to others, or says something else.
    """
    try:
        with path.open("rb") as file:
            mode, said = os.fstat(file.fileno()).st_mode, file.read(BYTES_MOST + 1)
    except OSError as fault:
        raise _unfit(N_("There is no file of addresses at {path}."), path) from fault
    if os.name == "posix" and mode & OTHERS:
        raise _unfit(N_("{path} holds passwords and is open to others. Close it: chmod 600."), path)
    if len(said) > BYTES_MOST:
        raise _unfit(N_("{path} is too large for a file of addresses."), path)
    try:
        return msgspec.toml.decode(said, type=Directory)
    except (msgspec.MsgspecError, ValueError) as fault:
        # Not the fault itself: it may quote an address.
        raise _unfit(N_("{path} is no file of addresses. See Operations in the help."), path) from fault


def _unfit(message: str, path: Path) -> Trouble:
    return Trouble("notices", Text(message, {"path": str(path)}))


class Teller(Protocol):
    """Tells somebody something at their addresses."""

    def tell(self, addresses: Sequence[str], title: str, body: str) -> bool:
        """Say whether every address took it."""


class Apprise(Teller):
    """E-mail, DingTalk, WeCom, Feishu, web hooks and whatever else Apprise speaks."""

    @override
    def tell(self, addresses: Sequence[str], title: str, body: str) -> bool:
        import apprise  # a hub that tells nobody starts without it

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log addresses
        told = apprise.Apprise()
        known = [told.add(address) for address in addresses]
        return all(known) and bool(told.notify(title=title, body=body))
