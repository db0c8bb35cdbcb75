"""Edits, verdicts, undos and changes of role on three desks, one of them often without its hub.

Every round is one order's life; a wave of them is in play at once, so that batches mix them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import msgspec
from builders import NIGHT, line
from hub_world import HubWorld, bought
from review_desk import ReviewDesk
from review_watch import Watch
from sqlalchemy import select

import sync.hub.batch
import sync.hub.writer
from app import reviewing
from app.command import Command, Refusal
from app.commands.amend import Amend
from app.commands.answer_drill import AnswerDrill
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.plant_drill import PlantDrill
from app.commands.reject_review import RejectReview
from app.commands.set_user import SetUser
from app.commands.ship import Ship
from app.commands.sign_off import SignOff
from app.domain.company import User
from app.domain.order import EDITABLE, Order
from app.domain.presence import PREFIX, digest_of
from app.domain.rules import Rules
from app.domain.stock import Stock
from app.domain.values import Role
from sync import tables
from sync.hub.database import reading
from sync.hub.presences import Presences
from sync.wire import Wish

PEOPLE = tuple(
    User(code=code, title=code, role=role)
    for code, role in (
        ("anna", Role.REVIEWER), ("bert", Role.REVIEWER), ("carl", Role.REVIEWER), ("lea", Role.LEAD),
        ("max", Role.LEAD), ("adam", Role.ADMIN), ("cleo", Role.CLERK),
        ("admin", Role.ADMIN),
    )
)  # fmt: skip
WAVE = 20
STEPS = 10
SIGNS = ("anna", "anna", "bert", "carl", "carl", "lea", "max", "adam", "cleo")
EDITS = ("lea", "max", "adam", "cleo")
BUGS = ("digest_not_checked", "maker_not_checked", "second_signature_for_anything")


class Rounds:
    """Everything of one run, repeatable by its seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - dice
        self.beside = random.Random(-seed)  # noqa: S311 - dice of their own
        self.watch = Watch()
        self.commands = self.refused = 0
        self.seeded: set[str] = set()
        self.shipped = self.forged = self.beside_used = 0
        stock = (Stock(warehouse="SZ", sku="LN-220", on_hand=10_000_000),)
        rules = Rules(review_above_minor=1)
        self.hub = HubWorld(f"sqlite:///{folder / 'hub.db'}", users=PEOPLE, opening=stock, rules=rules)
        self.hub.clock.now = NIGHT
        self.behind = self.hub.desk(Role.ADMIN, "behind")
        self.desks = [ReviewDesk(self.hub, folder, f"desk-{n}", PEOPLE, self.watch) for n in range(3)]

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
        self.hub.close()

    def wave(self, ids: list[str]) -> None:
        """Let some orders come in and live; at the end every desk has said what it noted."""
        self.hub.channel.must(*(bought(one, lines=(line(qty=2),)) for one in ids))
        for desk in self.desks:
            desk.level()
        self._mend(ids[0])
        planted = self._plant(ids[0])
        for _ in range(STEPS):
            desk = self.dice.choice(self.desks)
            for one in self.dice.sample(ids, max(1, len(ids) * 2 // 3)):
                self._act(desk, one)
            for person, drill, mistake in planted:
                self._test(desk, person, drill, mistake)
            if self.dice.random() < 0.1:
                self._change_role(desk)
            if self.dice.random() < 0.6:
                desk.level()
        for desk in (*self.desks, *self.desks):
            desk.level()

    def _mend(self, id: str) -> None:
        """Let two people who may send one order back, and a third mend it: what was wrong is kept."""
        desk = self.desks[0]
        order = desk.order(id)
        if order is not None:
            for who in ("carl", "lea"):
                self._give(desk, who, self._no(order))
            desk.level()
            changed = tuple(msgspec.structs.replace(one, qty=one.qty + 3) for one in order.lines)
            self._give(desk, "adam", Amend(order=id, lines=changed))
            desk.level()

    def _plant(self, name: str) -> list[tuple[str, str, str]]:
        """Put what was wrong before two people, as the hub does."""
        kept = [row.id for row in self.hub.rows(tables.mistake)][-2:]
        planted = [(who, f"d-{name}-{who}", one) for who in ("anna", "max") for one in kept[:1]]
        for who, drill, one in planted:
            self.hub.worker.must(PlantDrill(person=who, drill=drill, mistake=one))
            self.seeded |= {drill, one}
        for desk in self.desks:
            desk.level()
        return planted

    def _test(self, desk: ReviewDesk, person: str, drill: str, mistake: str) -> None:
        """Answer it, or do with it whatever would send an order off; the hub is asked behind the desk too."""
        throw = self.dice.randrange(6)
        if throw == 0:
            is_pass = self.dice.random() < 0.5
            self._give(
                desk, person, AnswerDrill(person=person, drill=drill, mistake=mistake, is_pass=is_pass)
            )
            return
        one = self.dice.choice((drill, f"{person}/{drill}", mistake))
        tries = (
            SignOff(order=one, content_hash="x"),
            Pick(order=one, line="1"),
            Pack(order=one),
            Ship(order=one, carrier="SF", tracking_no=f"T-{one}"),
            Amend(order=one, lines=(line(),)),
        )
        self._give(desk, "adam", tries[throw - 1])
        self.behind.ask(tries[throw - 1])

    @property
    def seeded_shipped(self) -> int:
        """Count what the house holds of tests anywhere but where they belong."""
        t = tables
        places = (t.orders.c.id, t.shipment.c.order_id, t.effect.c.order_id, t.reservation.c.owner)
        with reading(self.hub.engine) as db:
            found = [db.execute(select(place)).scalars().all() for place in places]
        return sum(one in self.seeded or one.split("/")[-1] in self.seeded for ids in found for one in ids)

    def _act(self, desk: ReviewDesk, id: str) -> None:
        order = desk.order(id)
        if order is None or order.status not in EDITABLE:
            return
        throw = self.dice.random()
        if throw < 0.80:
            self._sign(desk, self.dice.choice(SIGNS), self._yes(order), order)
        elif throw < 0.86:
            self._give(desk, self.dice.choice(SIGNS), self._no(order))
        elif throw < 0.94 or id not in desk.undo:
            qty = self.dice.randint(1, 3)
            changed = tuple(msgspec.structs.replace(one, qty=qty) for one in order.lines)
            self._give(desk, self.dice.choice(EDITS), Amend(order=id, lines=changed))
        else:
            who, back = desk.undo.pop(id)
            self._give(desk, who, back)

    def _sign(self, desk: ReviewDesk, who: str, yes: Command, order: Order) -> None:
        """Say yes at a desk, or on the screen of another; now and then that is used for another verdict."""
        throw = self.beside.random()
        if throw < 0.75:
            self._give(desk, who, yes)
            return
        given = self._no(order) if throw < 0.82 else yes
        self.commands += 1
        self.refused += desk.give_beside(who, given, yes).refusal is not None

    def _beside(self) -> list[str]:
        """Return the second signatures with which anything was done."""
        c = tables.command.c
        done = select(c.login_id).where(c.status == "applied", c.login_id.startswith(PREFIX))
        with reading(self.hub.engine) as db:
            return list(db.execute(done).scalars())

    @property
    def forged_used(self) -> int:
        """Count what was done with second signatures that were for something else, or more than once."""
        found = self._beside()
        self.beside_used = len(found)
        forged = set[str]().union(*(desk.forged for desk in self.desks))
        return sum(one in forged for one in found) + len(found) - len(set(found))

    def _yes(self, order: Order) -> Command:
        reviewed = order.reviewed.revision
        read_ms = self.dice.choice((0, 900, 2_500, 4_000, 8_000))
        return SignOff(order=order.id, content_hash=order.content_hash, revision=reviewed, read_ms=read_ms)

    def _no(self, order: Order) -> Command:
        seal, revision = order.content_hash, order.reviewed.revision
        return RejectReview(order=order.id, content_hash=seal, reason="price", revision=revision)

    def _change_role(self, desk: ReviewDesk) -> None:
        known = desk.views.refs().users
        user = known.get(self.dice.choice(("anna", "bert", "max", "cleo")))
        if user is not None:
            role = self.dice.choice((Role.REVIEWER, Role.LEAD, Role.LEAD, Role.CLERK))
            self._give(desk, "adam", SetUser(user=msgspec.structs.replace(user, role=role)))

    def _give(self, desk: ReviewDesk, who: str, command: Command) -> None:
        self.commands += 1
        self.refused += desk.give(who, command).refusal is not None


def play(folder: Path, rounds: int, seed: int, tell: Callable[[int], None] = lambda _done: None) -> Rounds:
    """Play so many rounds in waves."""
    with patch.object(sync.hub.writer, "WINDOW_S", 0.0):
        run = Rounds(folder, seed)
        try:
            with patch.object(sync.hub.batch, "apply", run.watch.around(sync.hub.batch.apply)):
                for start in range(0, rounds, WAVE):
                    run.wave([f"r{n}" for n in range(start, min(start + WAVE, rounds))])
                    tell(min(start + WAVE, rounds))
            run.shipped, run.forged = run.seeded_shipped, run.forged_used
        finally:
            run.close()
    return run


@contextmanager
def with_bug(name: str) -> Iterator[None]:
    """Break the hub and its desks as somebody might one day."""
    if not name:
        yield
        return
    if name == "second_signature_for_anything":
        taken = Presences.taken

        def lax_taken(self: Presences, wish: Wish, device: str, args: bytes, now: datetime) -> str | Refusal:
            row = self._rows[wish.login]
            self._rows[wish.login] = (*row[:2], wish.name, digest_of(wish.name, args), *row[4:])
            return taken(self, wish, device, args, now)

        with patch.object(Presences, "taken", lax_taken):
            yield
        return
    code = {"digest_not_checked": "stale_content", "maker_not_checked": "own_work"}[name]
    may_not = reviewing._may_not

    def lax(order: Order, seal: str, revision: int | None, facts: object) -> object:
        stop = may_not(order, seal, revision, facts)
        return None if stop is not None and stop.code == code else stop

    def judged(id: str, seal: str, revision: int | None, facts: object, **more: object) -> object:
        order = facts.order(id)
        now = order.content_hash if order is not None and code == "stale_content" else seal
        return strict(id, now, revision, facts, **more)

    strict = reviewing.judged
    with patch.object(reviewing, "_may_not", lax):
        if code != "stale_content":
            yield
            return
        from app.commands import reject_review, sign_off

        with patch.object(sign_off, "judged", judged), patch.object(reject_review, "judged", judged):
            yield
