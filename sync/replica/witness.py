"""This desk as a witness: it remembers the last head the hub signed, and holds the next one against it.

Reasons: `unsigned` (another name under it, or none), `rolled_back` (the hub forgot and did not say so),
`rewritten` (what was seen does not lead to what is told), `other_history` (a life that never went on from the
one seen), `beyond` (a restore cut off what was seen: kept as evidence, no alarm).
Source: sync.md section 13.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.chain import EVIDENCE_LIMIT, ChainReply, Evidence, Head, Seen, followed, is_signed, shared_until
from sync.replica.outbox import Outbox
from sync.transport import Stopped
from sync.wire import PullReply

KEEP_S = 10.0
"""How seldom a head that changes nothing is written down: two heads of one history prove the same."""
TELL_S = 300.0
BEYOND = "beyond"
Ask = Callable[[int, int], ChainReply]
"""(since, to) → what lies between."""
log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in `work.db`. `key` is the hub's, as first seen; `told` counts evidence the hub has."""

    key: str = ""
    head: Head | None = None
    at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    told: int = 0


class Witness:
    """Looks at every reply of the pull lane; `note` is what people are told until the desk is closed."""

    def __init__(self, outbox: Outbox, on_store: Callable[[Callable[[], None]], None]) -> None:
        self._outbox, self._on_store = outbox, on_store
        stored = outbox.meta("witness")
        self.kept = msgspec.json.decode(stored, type=Kept) if stored else Kept()
        self.note: Text | None = None
        self._kept_s = self._told_s = float("-inf")
        self._told_seq = -1
        self.diverged = 0
        """How often the rows here were thrown away since the hub was told: their sums were not its own."""

    def look(self, reply: PullReply, ask: Ask, now: datetime) -> str:
        """Hold a reply against what was seen before; return what is wrong with it, empty if nothing.

        Raises:
            Trouble: the line broke while the roots between were asked for; look again at the next reply.
        """
        kept = self.kept
        if not kept.key and not reply.hub_key:
            return ""  # an older hub signs nothing
        told = Head(reply.epoch, reply.head, reply.head_hash, reply.head_sig)
        if kept.head == told:
            return ""
        why = self._why(kept, told, reply, ask)
        is_new = (
            bool(why)
            and kept.head is not None
            and (why, kept.head) not in {(one.why, one.held) for one in kept.evidence}
        )
        if is_new and kept.head is not None:
            kept = _with_evidence(kept, Evidence(why=why, held=kept.head, told=told, at=now))
        if why not in ("", BEYOND) and (is_new or self.note is None):
            log.error("the hub's history denies what was seen here: %s", why)
            self.note = _note(kept)
        if why != "unsigned":
            kept = msgspec.structs.replace(kept, key=reply.hub_key, head=told, at=now)
        self.kept = kept
        self._keep(at_once=is_new)
        return why

    def report(self, tell: Callable[[Seen], object], cursor: int, last_n: int, waiting: int) -> None:
        """Tell the hub what was witnessed, now and then; evidence at once, and again until it was heard."""
        kept, now_s = self.kept, time.monotonic()
        fresh, diverged = kept.evidence[kept.told :], self.diverged
        is_due = now_s - self._told_s >= TELL_S and kept.head is not None and kept.head.seq != self._told_seq
        if kept.head is None or not (is_due or ((fresh or diverged) and now_s - self._told_s >= KEEP_S)):
            return
        self._told_s = now_s
        accepted_n, pruned_seq = self._figures()
        seen = Seen(
            head=kept.head, cursor=cursor, last_n=last_n, accepted_n=accepted_n,
            pruned_seq=pruned_seq, waiting=waiting, diverged=diverged, evidence=fresh,
        )  # fmt: skip
        try:
            tell(seen)
        except (Trouble, Stopped):
            return
        self._told_seq = kept.head.seq
        self.diverged -= diverged
        if fresh:
            self.kept = msgspec.structs.replace(kept, told=len(kept.evidence))
            self._keep(at_once=True)

    def close(self) -> None:
        """Write the last head down."""
        self._outbox.set_meta(witness=msgspec.json.encode(self.kept).decode())

    def _figures(self) -> tuple[int, int]:
        found: list[tuple[int, int]] = []
        self._on_store(lambda: found.append(self._outbox.promised()))
        return found[0]

    def _keep(self, *, at_once: bool) -> None:
        if not at_once and time.monotonic() - self._kept_s < KEEP_S:
            return
        self._kept_s = time.monotonic()
        doc = msgspec.json.encode(self.kept).decode()
        self._on_store(lambda: self._outbox.set_meta(witness=doc))

    # --- one head after another ---------------------------------------------------------------------

    def _why(self, kept: Kept, told: Head, reply: PullReply, ask: Ask) -> str:
        if reply.hub_key != (kept.key or reply.hub_key) or not is_signed(reply.hub_key, told):
            return "unsigned"
        held = kept.head
        if held is None:
            return ""
        if held.epoch != told.epoch:
            return _after_restore(held, told, ask)
        if told.seq < held.seq:
            return "rolled_back"
        brought = held.seq - reply.since
        if 0 <= brought <= len(reply.roots) == told.seq - reply.since:
            roots = reply.roots[brought:]
        else:
            roots = _between(held.seq, told.seq, ask)
        return "" if followed(held.hash, roots) == told.hash else "rewritten"


def shared_with(epoch: str, reply: PullReply, ask: Ask) -> int:
    """Return the last number that a life has in common with that of a reply; 0 where there is none.

    Raises:
        Trouble: the line broke while the lives were asked for.
    """
    if not epoch:
        return 0  # a desk that has met no hub before
    here = Head(reply.epoch, reply.head, reply.head_hash)
    return shared_until(ask(here.seq, here.seq).lives, here, epoch) or 0


def _after_restore(held: Head, told: Head, ask: Ask) -> str:
    """Follow the lives back to the one that was seen; up to there the history must be the same."""
    lives = ask(told.seq, told.seq).lives
    shared = shared_until(lives, told, held.epoch)
    if shared is None:
        return "other_history"
    is_beyond = held.seq > shared
    cut = next((life.hash for life in lives if life.seq == shared), told.hash)
    seq, hash_ = (shared, cut) if is_beyond else (held.seq, held.hash)
    if followed(hash_, _between(seq, told.seq, ask)) != told.hash:
        return "rewritten"
    return BEYOND if is_beyond else ""


def _between(since: int, to: int, ask: Ask) -> tuple[str, ...]:
    """Fetch the roots after `since` up to `to`, part by part; fewer when the hub has none."""
    roots: list[str] = []
    while since + len(roots) < to:
        part = ask(since + len(roots), to).roots
        if not part:
            break
        roots += part
    return tuple(roots)


def _with_evidence(kept: Kept, found: Evidence) -> Kept:
    """Keep what was found; the oldest goes when there is too much."""
    evidence = (*kept.evidence, found)
    lost = max(0, len(evidence) - EVIDENCE_LIMIT)
    return msgspec.structs.replace(kept, evidence=evidence[lost:], told=max(0, kept.told - lost))


def _note(kept: Kept) -> Text:
    seq = kept.evidence[-1].held.seq if kept.evidence else 0
    return Text(
        N_("The hub's history is not the one this PC saw ({seq}). Tell your administrator; work is kept."),
        {"seq": seq},
    )
