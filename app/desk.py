"""What a presenter may ask of its workstation: do this, take it back, show me that, tell me when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Concatenate, Generic, ParamSpec, TypeVar

import msgspec

from app import engine
from app.command import Command, Facts, Refs, Refusal
from app.domain.company import READS_ALL, User
from app.domain.order import Order
from app.domain.skill import lock_of
from app.domain.values import Receiver
from app.engine import SPECS, spec_of
from app.figures import Backlog, GateReport, GuideReport, ReplanReport, Report, VoucherReport
from app.lanes import Lane
from app.ports import Changes, Given, HubPort, Link, Login, Pc, Replica, Submitted, Views, Wanted
from app.text import N_, Text

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Desk:
    """One workstation: the person at it, its lanes, its replica and its link."""

    def __init__(
        self,
        *,
        views: Views,
        replica: Replica,
        hub: HubPort,
        read: Lane,
        store: Lane,
        push: Lane,
        tell: Callable[[Changes], None],
    ) -> None:
        self._views, self._replica, self._hub = views, replica, hub
        self._read, self._store, self._push = read, store, push
        self._tell = tell
        self._login: Login | None = None
        self._small: Refs | None = None
        self.refused: Callable[[Refusal], None] = lambda _refusal: None
        """Hears what this desk would not do."""

    # --- who ---------------------------------------------------------------------------------------

    @property
    def login(self) -> Login:
        """The person at the desk.

        Raises:
            LookupError: nobody is signed in.
        """
        if self._login is None:
            raise LookupError("nobody is signed in")
        return self._login

    @property
    def is_signed_in(self) -> bool:
        """Somebody sits at the desk."""
        return self._login is not None

    async def sign_in(self, user: str, password: str, new_password: str = "") -> Login:
        """Confirm the person at the hub, or offline against the last confirmation on this desk.

        Raises:
            Trouble: wrong password, unknown person, no hub and never signed in here before, or new_password:
                this one was given by an administrator and opens only with one of the person's own.
        """
        self._login = await self._push.run(self._hub.sign_in, user, password, new_password)
        self._tell(Changes(sync=True))
        return self._login

    async def first_password(self, user: str) -> str:
        """Get a new first password for a colleague: told once, kept nowhere.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.first_password, user)

    async def enrolment(self) -> str:
        """Ask whether this PC has been let in: unknown | waits | approved | revoked.

        Raises:
            Trouble: the hub does not answer.
        """
        return await self._push.run(self._hub.enrolment)

    async def pcs(self) -> Sequence[Pc]:
        """Return the PCs that asked to work with the hub.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.pcs)

    async def ask_hub(self, question: Callable[[HubPort], T]) -> T:
        """Ask the hub itself, about what no desk holds.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(question, self._hub)

    async def approve_pc(self, id: str) -> None:
        """Let a PC in.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        await self._push.run(self._hub.approve_pc, id)

    async def revoke_pc(self, id: str) -> None:
        """Put a PC out.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        await self._push.run(self._hub.revoke_pc, id)

    async def handling(self, days: int) -> Report:
        """Return how long exceptions took in the last days: everybody's, or without that right one's own.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.handling, days)

    async def gates(self, days: int) -> GateReport:
        """Return how many orders of the last days were released with every gate met, and which were not.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.gates, days)

    async def replans(self, days: int) -> ReplanReport:
        """Return which orders were planned anew in the last days, and what that changed.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.replans, days)

    async def vouchers(self, days: int) -> VoucherReport:
        """Return what shops sold and gave back in the last days.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.vouchers, days)

    async def backlog(self) -> Backlog:
        """Return how many deliveries of shops have come and are not decided yet.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.backlog)

    async def guide_use(self, days: int) -> GuideReport:
        """Return what became of the suggestions of guides in the last days.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return await self._push.run(self._hub.guide_use, days)

    def sign_out(self) -> None:
        """Leave the desk to the next person; the outbox stays and keeps its authors."""
        self._login = None

    def may(self, command: str) -> bool:
        """Tell whether the person may give this command."""
        return self._login is not None and command in self._login.grants

    def off(self, command: str, user: User | None = None) -> Text | None:
        """Say why a command cannot be given now: its hub is out of reach, or a pass is lacking."""
        spec = SPECS.get(command)
        if spec is None or spec.works_offline or self._hub.link().state != "offline":
            return self.locked(command, user)
        return Text(N_("Needs the hub, offline now"))

    def locked(self, command: str, user: User | None = None) -> Text | None:
        """Say which lesson somebody must pass before they may give a command, as of the last look."""
        if self._login is None or self._small is None:
            return None
        user = user or self._login.user
        skills, licences = self._small.skills.get(user.code), self._small.licences
        lock = lock_of(command, user.role, skills, licences, self._views.now()) if licences else None
        return lock.says() if lock is not None else None

    def reads_people(self) -> bool:
        """Tell whether this person reads names, phones and streets, or masks of them."""
        return self._login is not None and self._login.user.role in READS_ALL

    # --- do ----------------------------------------------------------------------------------------

    async def submit(
        self, command: Command, because: str = "", seen_ver: int | None = None, login: Login | None = None
    ) -> Submitted:
        """Do `command` now and keep it for the hub; tell every screen what changed.

        `login`: of whoever does it, where that is not the person at the desk.
        """
        if self._login is None:
            return Submitted(refusal=Refusal("signed_out", Text(N_("Sign in first."))))
        code, who = spec_of(command).code, login or self._login
        if (off := self.off(code, who.user)) is not None:
            is_locked = self.locked(code, who.user) == off
            return Submitted(refusal=Refusal("not_proved" if is_locked else "offline", off))
        done = await self._store.run(self._replica.submit, command, who, because, seen_ver)
        if done.refusal is None:
            self._tell(done.changes)
        else:
            self.refused(done.refusal)
        return done

    async def submit_each(self, wanted: Sequence[Wanted]) -> list[Submitted | Text]:
        """Do many things in order, each as it stands by then; they reach the disk together, or none does.

        Raises:
            Trouble: `disk_full`; nothing of it was kept.
        """
        done = await self._store.run(
            self._replica.submit_each, [self._if_it_may(each) for each in wanted], self.login
        )
        changes = Changes()
        for each in done:
            if isinstance(each, Submitted) and each.refusal is None:
                changes |= each.changes
        self._tell(changes)
        return done

    def _if_it_may(self, wanted: Wanted) -> Wanted:
        """Give nothing that only the hub decides while it is out of reach."""

        def make(found: tuple[Order, Facts] | None) -> Given | Text:
            given = wanted.make(found)
            off = self.off(spec_of(given.command).code) if isinstance(given, Given) else None
            return off or given

        return Wanted(wanted.order, make)

    async def objection(self, command: Command) -> Refusal | None:
        """Say what the hub would refuse of `command` as far as this desk knows; nothing is given or kept."""
        facts = await self._read.run(self._views.facts, command, self.login)
        trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
        decided = engine.apply(command, trial)
        return decided if isinstance(decided, Refusal) else None

    # --- look --------------------------------------------------------------------------------------

    async def look(
        self, question: Callable[Concatenate[Views, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Ask the replica on the read lane: `await desk.look(Views.counts, login)`."""
        name: str = question.__name__
        bound: Callable[P, R] = getattr(self._views, name)
        found = await self._read.run(bound, *args, **kwargs)
        self._small = _small_of(found) or self._small
        return found

    def overtake(self) -> None:
        """Break off the list of orders that is being read: a newer question is coming."""
        self._views.interrupt()

    async def keep(
        self, action: Callable[Concatenate[Replica, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Use the desk's own store on the store lane: `await desk.keep(Replica.draft, key)`."""
        name: str = action.__name__
        bound: Callable[P, R] = getattr(self._replica, name)
        return await self._store.run(bound, *args, **kwargs)

    async def now(self) -> datetime:
        """Return the hub's time as this desk estimates it; known without a look at any file."""
        return self._views.now()

    async def receiver(self, order: str) -> Receiver:
        """Ask the hub for a receiver this desk holds only masked; the hub writes down who asked.

        Raises:
            Trouble: the hub does not answer, or this person may not know.
        """
        return await self._push.run(self._hub.receiver, order)

    def try_now(self) -> None:
        """Send and fetch now, instead of when the next try is due."""
        self._hub.try_now()

    async def clear(self) -> None:
        """Take everything off this PC that the hub has; whoever sits here signs in anew.

        Raises:
            Trouble: unsent: something is only saved here.
        """
        self._tell(await self._store.run(self._replica.clear))

    def link(self) -> Link:
        """Return how the desk stands to its hub; cheap, from any lane."""
        return self._hub.link()


def _small_of(found: object) -> Refs | None:
    """Return the small tables that came with an answer of the replica."""
    if isinstance(found, tuple) and found and isinstance(found[-1], Facts):
        found = found[-1]
    if isinstance(found, Facts):
        return found.refs
    return found if isinstance(found, Refs) else None


S = TypeVar("S")


class Screen(Generic[S]):
    """Keeps one State and hands each new one to `render`, which the page sets."""

    def __init__(self, desk: Desk, state: S) -> None:
        self.desk = desk
        self.state = state
        self.render: Callable[[S], None] = lambda _state: None

    def show(self, state: S) -> None:
        """Make `state` current and draw it."""
        self.state = state
        self.render(state)

    def put(self, **changes: object) -> None:
        """Draw the state with some of its fields changed."""
        self.show(msgspec.structs.replace(self.state, **changes))  # type: ignore[type-var]  # all are structs


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What was just done, said in a sentence, and the command that takes it back."""

    text: Text
    number: str
    command: Command
    kind: str = ""
    more: tuple[Command, ...] = ()
    """What takes the rest back, where several things were done at once."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One key of an action bar. `kind`: primary | plain | quiet; when off, `reason` says why in words.

    `form` names the guide it opens, `screen` the screen, where it opens one instead of giving a command.
    """

    code: str
    label: str
    key: str
    kind: str = "plain"
    is_ready: bool = True
    reason: Text | None = None
    form: str = ""
    screen: str = ""


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A time limit on screen. Units: `left_s` seconds, negative when past; `used_pct` whole percent."""

    left_s: int
    used_pct: int
    is_stopped: bool = False
    """Its clock stands still: somebody else is waited for."""


def limit(opened_at: datetime, due_at: datetime, now: datetime) -> Limit:
    """Return how much of the time is used."""
    whole = max(1.0, (due_at - opened_at).total_seconds())
    left_s = int((due_at - now).total_seconds())
    return Limit(left_s=left_s, used_pct=max(0, int(100 - 100 * left_s / whole)))


def ver_of(command: Command, order: Order) -> int | None:
    """Return the version of `order` that was looked at, where the command is about this order."""
    return order.ver if getattr(command, "order", "") == order.id else None


def zone_of(refs: Refs, shop: str = "") -> str:
    """Return the time zone in which a shop, or the desk as a whole, reads its clocks."""
    known = refs.shops.get(shop) or next(iter(refs.shops.values()), None)
    return known.zone if known is not None else "UTC"


def only_copy(link: Link) -> Text | None:
    """Say what this desk is the second copy of, where its hub makes none."""
    if not link.unprotected or link.makes_copies:
        return None
    said = N_("This hub makes no backups: {count} would be lost with its disk. Only this desk could resend.")
    return Text(said, {"count": link.unprotected})
