"""What must happen outside, in lanes: kinds that wait for each other stand in one, and for nobody else.

Shops and systems are connected while the hub is at work; what has nobody yet waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

from app.domain.company import HEARS
from sync.hub.api import Hub
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.invoices import Invoices
from sync.hub.jobs import open_worker
from sync.hub.label_requests import LabelRequests
from sync.hub.outgoing_messages import Addressed
from sync.hub.outward.booking import BOOKS, Booking
from sync.hub.outward.connected_services import Current
from sync.hub.outward.errand_rows import ErrandRows
from sync.hub.outward.errand_words import ErrandWords
from sync.hub.outward.service_file import ERRANDS, books
from sync.hub.polling.shipping import ShipConfirmations
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Words, WritingBack
from sync.hub.provider import Provider

Tellers = dict[str, Telling[ShipConfirmations] | Telling[WritingBack]]
LANES = (("deliver", "recall"), ("follow",), ("customer",))
"""A warehouse that hangs holds up no CRM."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one hub. `by_kind` and `invoices` write files, `tellers` tell the channels."""

    hub: Hub
    feed_id: int
    tools: Tools
    invoices: Mapping[str, Provider]
    by_kind: Mapping[str, Provider]
    tellers: Tellers
    tells: Callable[[], bool]
    """Whether any channel is told."""

    def all(self) -> dict[str, Callable[[], bool]]:
        """Return what each lane does, by its name."""
        made = {
            "effects": self._lane(WORKER, self._others),
            "effects invoice": self._lane(f"{WORKER}:invoice", self._invoices),
        }
        for kinds in LANES:
            among = partial(_among, frozenset(kinds))
            made[f"effects {kinds[0]}"] = self._lane(f"{WORKER}:{kinds[0]}", among)
        return made

    def _lane(self, name: str, among: Callable[[Current], AbstractSet[str]]) -> Callable[[], bool]:
        hub, feed_id = self.hub, self.feed_id
        worker = Worker(hub.engine, feed_id, hub.writer, open_worker(hub.engine, feed_id, name, hub.clock()))
        requests = LabelRequests(hub.engine, feed_id, hub.seal, hub.clock, WORKER)
        told = {
            "invoice": Invoices(hub.engine, feed_id, hub.seal).compose,
            "notify": Addressed(hub.engine, feed_id, hub.seal).compose,
        }
        asked = requests.by_kind() | Words(self.tools, WORKER).by_kind()

        def carry_out() -> bool:
            now = hub.services().current()
            kinds = tuple(sorted(among(now)))
            if not kinds:
                return False
            words = ErrandWords(requests, now.file)
            compose, prepare = told | words.compose(), asked | words.prepare()
            provider = partial(self._provider, now)
            effects = Effects(worker, provider, hub.clock, kinds=kinds, compose=compose, prepare=prepare)
            return effects.carry_out()

        return carry_out

    def _provider(self, now: Current, whose: str, kind: str) -> Provider | None:
        if kind == "invoice":
            return now.online.get((whose, kind)) or self.invoices.get(whose)
        if kind in ERRANDS:
            return now.online.get((whose, kind))
        teller = self.tellers.get(kind)
        by_itself = now.online.get((now.file.labels, kind)) or self.by_kind.get(kind)
        return (teller.of(whose) if teller is not None else None) or by_itself

    def _others(self, now: Current) -> AbstractSet[str]:
        own = (
            {kind for name, kind in now.online if name == now.file.labels} - ERRANDS - {"invoice", "voucher"}
        )
        return {*self.by_kind, *own, *(("confirm", *HEARS) if self.tells() else ())}

    def _invoices(self, now: Current) -> AbstractSet[str]:
        return frozenset({"invoice"}) if self.invoices else now.kinds & {"invoice"}


def look_at_orders(hub: Hub, feed_id: int) -> bool:
    """See what orders need of systems."""
    served = hub.services().current().file.served()
    is_any = bool(served.carriers or served.warehouses or served.shops)
    return is_any and ErrandRows(hub.engine, feed_id, served, hub.clock).step()


def book_days(hub: Hub, feed_id: int) -> bool:
    """Book what days that are over came to."""
    now = hub.services().current()
    kept = books(now.file, now.online)
    if not kept:
        return False
    info = open_worker(hub.engine, feed_id, BOOKS, hub.clock())
    worker = Worker(hub.engine, feed_id, hub.writer, info)
    return Booking(hub.engine, feed_id, kept, hub.clock, worker).step()


def _among(kinds: AbstractSet[str], now: Current) -> AbstractSet[str]:
    return kinds & now.kinds
