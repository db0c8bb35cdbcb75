"""The file that names the services of a company: their manifests and settings, which hold secrets.

Only the hub's account may read it, as the file of addresses for notices.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.domain.voucher import Account
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.asking import Worker
from sync.hub.outward.booking import KIND, Book
from sync.hub.outward.connector import Connector
from sync.hub.outward.errand_rows import Served
from sync.hub.outward.heard import Ear
from sync.hub.provider import Provider
from sync.manifest.errands import Service, service_of, settled
from sync.manifest.reading import BadManifest
from sync.private import OTHERS

BYTES_MOST = 100_000
ERRANDS = frozenset({"follow", "deliver", "recall", "customer"})
"""Kinds of effects of which an order names no service: who serves its carrier, warehouse or shop does it."""
Said = Annotated[str, Meta(max_length=2_000)]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service: which manifest, and what its form asks for.

    What it calls ours, by our codes: `carriers` whose parcels it follows or sends with, `warehouses` it sends
    from, `shops` whose buyers it hears of or whose books it keeps, `accounts` that are not the usual ones.
    `reads`: whether it may have buyers in full.
    """

    manifest: str
    settings: dict[str, Said] = {}
    carriers: dict[str, Said] = {}
    warehouses: dict[str, Said] = {}
    shops: dict[str, Said] = {}
    reads: Literal["masked", "full"] = "masked"
    accounts: dict[Account, Said] = {}


class ServiceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The services by name; `labels` is the one that gives labels. Shops name invoice services themselves."""

    services: dict[str, Named]
    labels: str = ""

    def doing(self, kind: str) -> frozenset[str]:
        """Return the names of the services that do a kind of effect."""
        return frozenset(name for name, one in self.services.items() if kind in service_of(one.manifest).does)

    def served(self) -> Served:
        """Return the carriers, warehouses and shops for which somebody does something."""
        follows, delivers, hears = self.doing("follow"), self.doing("deliver"), self.doing("customer")
        return Served(
            carriers=frozenset(code for name in follows for code in self.services[name].carriers),
            warehouses=frozenset(code for name in delivers for code in self.services[name].warehouses),
            shops=frozenset(code for name in hears for code in self.services[name].shops),
        )


def read_services(path: Path) -> ServiceFile:
    """Read the file.

    Raises:
        Trouble: `services`: it is not there, open to others, or says something else.
    """
    try:
        with path.open("rb") as file:
            mode, said = os.fstat(file.fileno()).st_mode, file.read(BYTES_MOST + 1)
    except OSError as fault:
        raise _unfit(N_("There is no file of services at {path}."), path) from fault
    if os.name == "posix" and mode & OTHERS:
        raise _unfit(N_("{path} holds passwords and is open to others. Close it: chmod 600."), path)
    try:
        found = msgspec.toml.decode(said[:BYTES_MOST], type=ServiceFile)
    except (msgspec.MsgspecError, ValueError) as fault:
        # Not the fault itself: it may quote a secret.
        raise _unfit(N_("{path} is no file of services. See Operations in the help."), path) from fault
    if found.labels and found.labels not in found.services:
        raise _unfit(N_("{path} names a service for labels that it does not describe."), path)
    return found


def connectors(file: ServiceFile, clock: Callable[[], datetime]) -> dict[tuple[str, str], Provider]:
    """Return who serves what, by the name of the service and the kind of effect.

    Raises:
        Trouble: `services`: a manifest or a setting of one cannot be used.
    """
    made: dict[tuple[str, str], Provider] = {}
    for name, one in file.services.items():
        service, settings = ready(name, one)
        for kind in service.does:
            made[name, kind] = Connector(service, kind, settings, clock)
    return made


def ears(file: ServiceFile, worker: Worker, clock: Callable[[], datetime]) -> dict[str, Ear]:
    """Return the services that send by themselves, by name.

    Raises:
        Trouble: `services`: a manifest or a setting of one cannot be used.
    """
    made: dict[str, Ear] = {}
    for name, one in file.services.items():
        made |= ears_of(name, one, worker, clock)
    return made


def ears_of(name: str, one: Named, worker: Worker, clock: Callable[[], datetime]) -> dict[str, Ear]:
    """Return who listens to a service, where it sends by itself.

    Raises:
        Trouble: `services`: its manifest or a setting cannot be used.
    """
    service, settings = ready(name, one)
    theirs = {their: ours for ours, their in one.carriers.items()}
    return (
        {name: Ear(name, service.hears, settings, theirs, worker, clock)} if service.hears is not None else {}
    )


def books(file: ServiceFile, online: Mapping[tuple[str, str], Provider]) -> dict[str, Book]:
    """Return where each shop is booked, by its code."""
    return {
        shop: Book(online[name, KIND], number, file.services[name].accounts)
        for name in file.doing(KIND)
        if (name, KIND) in online
        for shop, number in file.services[name].shops.items()
    }


def ready(name: str, one: Named) -> tuple[Service, Mapping[str, str]]:
    """Return the manifest and the settings of a service.

    Raises:
        Trouble: `services`: the manifest or a setting cannot be used.
    """
    try:
        service = service_of(one.manifest)
        return service, settled(service, one.settings)
    except BadManifest as wrong:
        about: dict[str, str | int | Text] = {"name": name[:40], "reason": wrong.texts[0]}
        raise Trouble("services", Text(N_("Service {name}: {reason}"), about)) from wrong


def _unfit(message: str, path: Path) -> Trouble:
    return Trouble("services", Text(message, {"path": str(path)}))
