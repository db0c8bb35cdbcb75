"""A PC with its files on which several people take turns; it reaches the hub when the dice say so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
from hub_world import ALL, FEED, SEAL, HubWorld
from review_watch import Watch, name_of, on_screen
from sqlalchemy import insert

from app.command import Command
from app.commands.sign_off import SignOff
from app.domain.company import User, grants_of
from app.domain.order import Order
from app.domain.presence import PREFIX, digest_of
from app.engine import spec_of
from app.ports import Login, Submitted
from sync import tables
from sync.hub.database import writing
from sync.hub.pages import Pages
from sync.hub.writer import Job, ReplicaInfo
from sync.replica.slices import slices
from sync.replica.store import Store
from sync.replica.views import Views


class ReviewDesk:
    """Real outbox, overlay and replica; the wire between is a call."""

    def __init__(
        self, hub: HubWorld, folder: Path, name: str, people: tuple[User, ...], watch: Watch
    ) -> None:
        self.hub, self.name, self.watch = hub, name, watch
        self.logins = {
            user.code: Login(login_id=f"{name}-{user.code}", user=user, grants=grants_of(user, None))
            for user in people
        }
        self.signed, self.forged = 0, set[str]()
        """How many signed beside another, and which of that was for something else."""
        self._let_in()
        self.store = Store(folder / name)
        self.store.outbox.set_meta(replica=name)
        for code in self.logins:
            self.store.outbox.remember_login(code, "", b"{}", hub.clock())
        self.store._renew_overlay()
        self.views = Views(self.store)
        self.pages = Pages(hub.engine, FEED, SEAL)
        self.undo: dict[str, tuple[str, Command]] = {}
        """The last change of each order here that can be taken back, and whose it was."""

    def _let_in(self) -> None:
        now = self.hub.clock()
        common = {"feed_id": FEED, "device_id": self.name}
        with writing(self.hub.engine) as db:
            db.execute(insert(tables.device).values(**common, enrolled_at=now))
            db.execute(
                insert(tables.replica).values(
                    feed_id=FEED, replica_id=self.name, kind="desk", owner=self.name, made_at=now
                )
            )
            for code, login in self.logins.items():
                db.execute(
                    insert(tables.login).values(
                        **common, login_id=login.login_id, token_sha256=login.login_id.encode(),
                        user_code=code, replica_id=self.name, made_at=now, expires_at=now + timedelta(days=9),
                    )
                )  # fmt: skip

    def close(self) -> None:
        self.views.close()
        self.store.close()

    def give_beside(self, who: str, command: Command, signed: Command) -> Submitted:
        """Let one of them sign `signed` on the screen of another, and give `command` with that."""
        code, login = spec_of(signed).code, self.logins[who]
        self.signed += 1
        name = f"{PREFIX}{self.name}-{self.signed}"
        with writing(self.hub.engine) as db:
            db.execute(
                insert(tables.presence).values(
                    feed_id=FEED, login_id=name, user_code=who, device_id=self.name, beside="lea",
                    command=code, digest=digest_of(code, msgspec.json.encode(signed)),
                    made_at=self.hub.clock(), until=self.hub.clock() + timedelta(days=9),
                )
            )  # fmt: skip
        if command is not signed:
            self.forged.add(name)
        return self.give(who, command, msgspec.structs.replace(login, login_id=name))

    def give(self, who: str, command: Command, login: Login | None = None) -> Submitted:
        """Let one of them ask for something, with the order as this desk shows it."""
        order = getattr(command, "order", "")
        before = self.order(order) if order else None
        done = self.store.submit(command, login or self.logins[who], "", None)
        if done.refusal is None and before is not None:
            if isinstance(command, SignOff):
                self.watch.seen[name_of(command, who)] = on_screen(before)
            elif done.inverse is not None:
                self.undo[order] = (who, done.inverse)
        return done

    def order(self, id: str) -> Order | None:
        """Return an order as a screen here shows it."""
        found = self.views.order(id, next(iter(self.logins.values())))
        return found[0] if found is not None else None

    def level(self) -> None:
        """Send what waits, write the answers down, fetch what there is."""
        while wishes := self.store.outbox.unsent()[:100]:
            answers = self.hub.writer.submit(Job(ReplicaInfo(self.name, "desk"), wishes)).result(60)
            self.store.answered(answers)
        while True:
            page, _ = self.pages.read(self.name, self.store.mark.cursor, 500, ALL)
            reply = self.pages.opened(page, 500, ALL, self.hub.clock())
            for part in slices(reply):
                self.store.apply(part)
            if not reply.more:
                return
