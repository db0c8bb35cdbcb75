"""Carry out what must happen in the world outside: once, or a person is asked. Never twice by itself.

Whoever dies here leaves a lease that runs out; what it held is then looked up before it is sent again.
Source: sync.md section 10.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select

from app.commands.record_effect import RecordEffect
from app.domain.effect import KINDS, EffectState
from app.text import N_, Text
from sync.hub.asking import Worker
from sync.hub.crash import crash_point
from sync.hub.database import reading
from sync.hub.effect_rows import Leased, at_work, doubt_expired, lease, put_back
from sync.hub.provider import Done, Pending, Provider, Rejected, Unclear, Unsent
from sync.tables import orders

WORKER = "worker:effects"
FIRST_WAIT_S, LAST_WAIT_S = 2.0, 900.0
LOOKS_MOST = 8
"""After so many look-ups whose answer says nothing a person is asked."""
PENDING_MOST = 200
"""The same where they say that they have it and are not done, or nobody is there: some two days."""
NO_PROVIDER_S = 3_600.0
RECORDS_MOST = 20
"""Tries to write an outcome down while other hubs take the numbers."""
log = logging.getLogger(__name__)
Providers = Callable[[str, str], Provider | None]
"""Who serves a shop, or bears a name, for a kind of effect; nobody yet: it waits."""
Compose = Callable[[str, str], tuple[str, bytes]]
"""Whose it is and what is sent, for an order and a key: written when it leaves, it holds what is sealed."""
Prepare = Callable[[Leased, bytes], bytes | Done | Rejected]
"""What is sent after all, or the outcome where nothing needs to be; `Unsent`: not yet."""


@dataclass(frozen=True, slots=True)
class Effects:
    """One worker; several, in one process or many, never have the same effect in hand."""

    worker: Worker
    providers: Providers
    clock: Callable[[], datetime]
    kinds: tuple[str, ...] = ("confirm", "label", "void", "redeliver", "call_back", "invoice", "notify")
    compose: Mapping[str, Compose] = field(default_factory=dict)
    """How what is sent is written, where the effect's own words do not say it."""
    prepare: Mapping[str, Prepare] = field(default_factory=dict)
    """What is asked of the hub right before something is sent: whether it is needed, where it goes."""

    def carry_out(self) -> bool:
        """Do what is due for longest; tell whether there was anything."""
        engine, feed_id = self.worker.engine, self.worker.feed_id
        doubt_expired(engine, feed_id, self.clock())
        leased = lease(engine, feed_id, list(self.kinds), self.clock())
        if leased is None:
            return False
        crash_point("effect_leased")
        compose = self.compose.get(leased.kind)
        whose, payload = compose(leased.order, leased.key) if compose is not None else self._payload(leased)
        provider = self.providers(whose, leased.kind)
        if provider is None:
            state = EffectState.UNKNOWN if leased.is_doubtful else EffectState.TODO
            self._put_back(leased, state, NO_PROVIDER_S)
            return True
        with at_work(engine, feed_id, leased, self.clock):
            self._attend(leased, provider, payload)
        return True

    def _attend(self, leased: Leased, provider: Provider, payload: bytes) -> None:
        """Ask first where it may have happened already; send where it has not."""
        if leased.is_doubtful:
            if provider.can_look_up:
                try:
                    known = self._looked_up(leased, provider)
                except (Unsent, Unclear) as trouble:
                    self._still_unknown(leased, trouble)
                    return
                crash_point("effect_looked_up")
                if known is not None:
                    self._record(leased, known)
                    return
            elif not provider.takes_keys:
                self._ask_a_person(leased)
                return
        try:
            prepare = self.prepare.get(leased.kind)
            asked = prepare(leased, payload) if prepare is not None else payload
            outcome = provider.send(leased.key, asked) if isinstance(asked, bytes) else asked
        except Unsent as trouble:
            log.info("effect %s waits: %s", leased.key, trouble)
            self._put_back(leased, EffectState.TODO, max(trouble.retry_after_s, wait_s(leased.tries)))
        except Unclear as trouble:
            log.info("effect %s is unclear: %s", leased.key, trouble)
            later_s = wait_s(leased.tries) if leased.tries else 0.0
            self._put_back(leased, EffectState.UNKNOWN, max(provider.settle_s, later_s))
        except Exception:
            self._put_back(leased, EffectState.UNKNOWN, provider.settle_s)
            log.exception("the provider of %s failed", leased.key)
        else:
            crash_point("effect_called")
            self._record(leased, outcome)

    def _looked_up(self, leased: Leased, provider: Provider) -> Done | Rejected | Pending | None:
        """Ask what became of it; a mistake of ours tells nothing, and counts as a try.

        Raises:
            Unsent, Unclear: nobody says.
        """
        try:
            return provider.look_up(leased.key)
        except (Unsent, Unclear):
            raise
        except Exception as fault:
            log.exception("the provider of %s failed", leased.key)
            raise Unclear("the look-up failed") from fault

    def _still_unknown(self, leased: Leased, trouble: Unsent | Unclear | Pending) -> None:
        most = LOOKS_MOST if isinstance(trouble, Unclear) else PENDING_MOST
        if leased.tries + 1 >= most:
            self._ask_a_person(leased)
            return
        retry_after_s = 0.0 if isinstance(trouble, Unclear) else trouble.retry_after_s
        self._put_back(leased, EffectState.UNKNOWN, max(retry_after_s, wait_s(leased.tries)))

    def _ask_a_person(self, leased: Leased) -> None:
        text = Text(N_("{what}: nobody can tell whether it arrived"), {"what": Text(KINDS[leased.kind])})
        self._tell(leased, EffectState.UNKNOWN, text)

    def _record(self, leased: Leased, outcome: Done | Rejected | Pending) -> None:
        if isinstance(outcome, Done):
            self._tell(leased, EffectState.DONE, outcome.text, ref=outcome.ref)
        elif isinstance(outcome, Rejected):
            self._tell(leased, EffectState.REJECTED, outcome.text, field=outcome.field)
        else:
            self._still_unknown(leased, outcome)

    def _tell(
        self, leased: Leased, state: EffectState, text: Text, *, ref: str = "", field: str = ""
    ) -> None:
        """Enter the outcome as a command; if even that fails, the lease runs out and it is looked up."""
        about = {"key": leased.key, "order": leased.order, "ref": ref, "field": field}
        command = RecordEffect(fence=leased.fence, state=state, text=text, **about)
        for _ in range(RECORDS_MOST):
            if self.worker.ask([command], self.clock(), "effect"):
                crash_point("effect_recorded")
                return
        log.warning("the outcome of %s could not be written down; it will be looked up", leased.key)

    def _put_back(self, leased: Leased, state: EffectState, later_s: float) -> None:
        not_before = self.clock() + timedelta(seconds=later_s)
        put_back(self.worker.engine, self.worker.feed_id, leased, state, not_before)

    def _payload(self, leased: Leased) -> tuple[str, bytes]:
        """Return the shop, and what is sent: the effect's own words and what the channel calls the order."""
        o = orders.c
        found = select(o.shop, o.number, o.ext_id).where(
            o.feed_id == self.worker.feed_id, o.id == leased.order
        )
        with reading(self.worker.engine) as db:
            row = db.execute(found).one()
        own = msgspec.json.decode(leased.payload, type=dict[str, str])
        about = {"kind": leased.kind, "shop": row.shop, "number": row.number, "ext_id": row.ext_id}
        return row.shop, msgspec.json.encode(about | own)


def wait_s(tries: int) -> float:
    """Return how long to wait after so many failures: twice as long each time. Units: seconds."""
    return min(FIRST_WAIT_S * 2.0 ** min(tries, 16), LAST_WAIT_S)
