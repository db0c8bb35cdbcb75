"""What of an order is worked out before its batch, because it touches no shared row: its address is read.

A long queue is prepared in a process of its own, beside the one that decides: Python computes on one core.
Source: architecture section 4, prepare.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

import msgspec

from app.commands.receive import Receive
from app.domain.address import read
from app.domain.destination import read_foreign
from app.domain.gazetteer import Gazetteer

LoadGazetteer = Callable[[], Gazetteer]
"""A function of a module, so that another process finds it too."""

log = logging.getLogger(__name__)
_receives = msgspec.json.Decoder(Receive)


class Unread(NamedTuple):
    """One order as its channel delivered it; `receive` is a `Receive` in JSON, `number` if it brings none."""

    order: str
    number: str
    receive: bytes


def prepared(page: Sequence[Unread], gazetteer: Gazetteer | None) -> list[bytes]:
    """Return each order as a `Receive` in JSON, with its id, its number and its address read.

    One that cannot be prepared is empty: it must not hold up those behind it.
    """
    return [_prepared(one, gazetteer) for one in page]


def _prepared(one: Unread, gazetteer: Gazetteer | None) -> bytes:
    try:
        asked = _receives.decode(one.receive)
        named = msgspec.structs.replace(asked, order=one.order, number=asked.number or one.number)
        return msgspec.json.encode(judged(named, gazetteer))
    except Exception:
        log.exception("order %s cannot be prepared", one.order)
        return b""


def judged(receive: Receive, gazetteer: Gazetteer | None) -> Receive:
    """Read the address: complete what is certain, mark the rest for a person."""
    region, receiver = receive.region, receive.receiver
    if region.country != "CN":
        return _judged_abroad(receive)
    if gazetteer is None:
        return receive
    found = read(
        receiver.raw or receiver.street,
        gazetteer,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        phone=receiver.phone,
    )
    if not found.can_go:
        return msgspec.structs.replace(receive, region=msgspec.structs.replace(region, verdict=found.verdict))
    street = receiver.street or found.street
    return msgspec.structs.replace(
        receive,
        receiver=msgspec.structs.replace(receiver, street=street),
        region=found.region(region.country),
    )


def _judged_abroad(receive: Receive) -> Receive:
    """Read an address of another country by its rules; what its channel wrote stays beside another form."""
    receiver, region = receive.receiver, receive.region
    found = read_foreign(receiver, region)
    if not found.can_go:
        return msgspec.structs.replace(receive, region=msgspec.structs.replace(region, verdict=found.verdict))
    better = found.region(region.country)
    is_same = better == msgspec.structs.replace(region, verdict=better.verdict)
    return msgspec.structs.replace(
        receive,
        receiver=msgspec.structs.replace(receiver, street=receiver.street or found.street),
        region=better,
        written=None if is_same else region,
    )


class Preparer:
    """Prepares pages: here, or for a long queue in a process beside this one, started when first needed."""

    def __init__(self, gazetteer: Gazetteer | None, load: LoadGazetteer | None = None) -> None:
        self._gazetteer, self._load = gazetteer, load
        self._beside: ProcessPoolExecutor | None = None

    def begin(self, page: Sequence[Unread], *, is_long: bool) -> Callable[[], list[bytes]]:
        """Begin with a page; call what is returned to have it."""
        if not (is_long and self._load):
            return lambda: prepared(page, self._gazetteer)
        if self._beside is None:
            context = multiprocessing.get_context("spawn")
            self._beside = ProcessPoolExecutor(1, context, _begin_beside, (self._load,))
        try:
            begun = self._beside.submit(_prepared_beside, list(page))
        except BrokenProcessPool:
            return self._alone(page)
        return lambda: self._taken(begun, page)

    def close(self) -> None:
        """End the process beside this one."""
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)
            self._beside = None

    def _taken(self, begun: Future[list[bytes]], page: Sequence[Unread]) -> list[bytes]:
        try:
            return begun.result()
        except CancelledError:  # the hub goes down with this page in line
            return prepared(page, self._gazetteer)
        except BrokenProcessPool:
            return self._alone(page)()

    def _alone(self, page: Sequence[Unread]) -> Callable[[], list[bytes]]:
        """Go on without a process that was killed; the next long queue starts another."""
        self.close()
        return lambda: prepared(page, self._gazetteer)


_gazetteer: Gazetteer | None = None


def _begin_beside(load: LoadGazetteer) -> None:
    global _gazetteer  # noqa: PLW0603 - one process, one gazetteer
    threading.Thread(target=_follow_parent, daemon=True).start()
    _gazetteer = load()


def _follow_parent() -> None:
    """End with the process that began this one, however it went: a queue alone would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _prepared_beside(page: Sequence[Unread]) -> list[bytes]:
    return prepared(page, _gazetteer)
