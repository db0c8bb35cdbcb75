"""How the desk stands to its hub, and who sits at it. Source: sync.md sections 6, 7, 12, 14."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar
from uuid import uuid4

import msgspec
from typing_extensions import override

from app.domain.scopes import Reach, covers, reach_of
from app.ports import Changes, Login
from app.ports import Link as LinkState
from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.questions import Questions, cannot, told
from sync.replica.renewal import Chain, Keeper, digest, fits, fresh_token, verifier_of
from sync.replica.shelf import lost
from sync.replica.store import Store
from sync.signing import Signer
from sync.transport import Stopped, Transport
from sync.trust import PUBLIC, Trust
from sync.wire import Refresh, SignedIn, SignIn, Wish

LEASE = timedelta(hours=72)
"""How long a person may sign in without the hub. Units: hub time. Source: sync.md section 12."""
FREE_GUESSES = 4
GUESS_PAUSE_MOST = timedelta(minutes=15)
"""The hub's own lock lasts as long."""
CLOCK_SLACK = timedelta(minutes=5)
DENIED = frozenset({"sign_in", "wrong_password"})
"""The hub does not know this name with this password: a typo, or what was right before."""
BARRED = frozenset({"inactive", "revoked"})
"""The hub no longer lets this person, or this PC, in."""
WEAK_FROM_S = 2.0
WEAK_AFTER_S = 2.0
OFFLINE_AFTER_S = 5.0
"""A hub that restarts is back before this: nobody is told of it."""

T = TypeVar("T")


class OnStore(Protocol):
    """Runs work on the store lane and waits for its answer."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


class Link(Questions):
    """The state of the line and the person behind it; implements `app.ports.HubPort`.

    `url` answers the hub's address, or nothing while the hub of this PC still starts.
    """

    def __init__(
        self,
        *,
        url: Callable[[], str],
        store: Store,
        on_store: OnStore,
        device: str,
        signer: Signer,
        tell: Callable[[Changes], None],
        tick: Callable[[], float] = time.monotonic,
        title: str = "",
        trust: Trust = PUBLIC,
    ) -> None:
        self._url, self._device, self._signer, self._title = url, device, signer, title
        self._tick, self._trust = tick, trust
        self._store, self._on_store, self._tell = store, on_store, tell
        self.on_sign_in: Callable[[], None] = lambda: None
        self._lock, self._renewing = threading.Lock(), threading.Lock()
        self._token = ""
        self._keeper: Keeper | None = None
        self._chain: Chain | None = None
        self._note: Text | None = None
        self._reach_note: Text | None = None
        self._user = ""
        self._state = "starting"
        self._since = store.clock.now()
        self._failing_from_s: float | None = None
        self._pulled_s = tick()
        self._is_greeted = False

    # --- who ----------------------------------------------------------------------------------------

    def sign_in(self, user: str, password: str, new_password: str = "") -> Login:
        """Confirm a person at the hub, or without it against the last confirmation on this desk.

        Raises:
            Trouble: wrong_password | never_here | lease_over | clock_back, or what the hub says.
        """
        try:
            signed, chain = self._ask_hub(user, password, new_password)
        except Stopped as stopped:
            code = stopped.stop.code
            if code in BARRED or (code in DENIED and self._fitted(user, password)):
                self._on_store(lambda: self._store.outbox.forget_login(user))
            raise (_wrong(stopped.stop.text) if code in DENIED else told(stopped)) from stopped
        except Trouble as trouble:
            if not trouble.retry or new_password:
                raise  # a password changes at the hub or not at all
            login = self._offline(user, password, trouble)
            self._token = ""
        else:
            login = Login(login_id=signed.login, user=signed.user, grants=signed.grants)
            self._remember(new_password or password, login, chain)
        self._user = ""  # while the replica changes hands, nobody is told what it may hold
        self._tell(self._on_store(partial(self._store.seat, reach_of(login.user, login.grants))))
        self._user, self._reach_note = user, None
        self.say(None)
        self._is_greeted = False
        self.on_sign_in()
        return login

    def sign_out(self) -> None:
        """Stop speaking for this person; the outbox waits for the next."""
        with self._lock:
            self._user, self._token, self._keeper, self._chain = "", "", None, None

    def try_now(self) -> None:
        """Ask the hub at once, whatever the lanes are resting for."""
        self.on_sign_in()

    # --- tokens -------------------------------------------------------------------------------------

    @property
    def is_signed_in(self) -> bool:
        """Somebody sits here for whom the desk may speak to the hub."""
        return self._chain is not None

    @property
    def user(self) -> str:
        """Who sits here; nobody: empty."""
        return self._user

    @override
    def renew(self, used: str) -> bool:
        """Come with the next token after the hub no longer took `used`; False when a person must sign in.

        Raises:
            Trouble: the hub cannot be reached.
        """
        with self._renewing:
            keeper, chain = self._keeper, self._chain
            if keeper is None or chain is None:
                return False
            if self._token and self._token != used:
                return True
            try:
                signed = self._change(chain)
            except Stopped as stopped:
                if stopped.stop.code in {"busy", "limited"}:
                    raise Trouble("hub_busy", cannot(), retry=True) from stopped
                self.sign_out()
                is_plain = stopped.stop.code == "sign_in" or stopped.stop.text is None
                gone = Text(N_("The hub does not know you any more. Sign in again; your work is kept."))
                self.say(gone if is_plain else stopped.stop.text)
                return False
            moved = chain.moved()
            self._keep(keeper, moved)
            with self._lock:
                if self._chain is chain:  # nobody left meanwhile
                    self._token, self._chain = signed.token, moved
        return True

    def _change(self, chain: Chain) -> SignedIn:
        replica = self._on_store(lambda: self._store.outbox.meta("replica"))
        asked = Refresh(refresh=chain.current, next=digest(chain.next), replica=replica)
        signed = self.once(lambda hub: hub.refresh(self._signer.refresh(asked)))
        self._store.clock.hear(signed.hub_time)
        return signed

    def _keep(self, keeper: Keeper, chain: Chain) -> None:
        sealed = keeper.seal(chain)
        self._on_store(lambda: self._store.outbox.keep_chain(keeper.user, keeper.salt, sealed))

    @override
    def this_pc(self) -> tuple[str, bytes]:
        """Return the name and the public key under which the hub knows this PC."""
        return self._device, self._signer.public

    def signed(self, replica: str, wishes: Sequence[Wish]) -> list[Wish]:
        """Return commands with the signature of this PC under each."""
        return self._signer.signed(replica, wishes)

    @override
    def token(self) -> str:
        """Return what the hub knows this person by; empty before the first sign-in."""
        return self._token

    def is_current(self, transport: Transport) -> bool:
        """Tell whether a session speaks to where the hub is now; the one of this PC moves at a restart."""
        return transport.url == self._url().rstrip("/")

    @override
    def connect(self) -> Transport:
        """Open a session of its own to the hub.

        Raises:
            Trouble: the hub of this PC still starts.
        """
        url = self._url()
        if not url:
            raise Trouble("hub_starting", Text(N_("The hub is starting. Try again in a moment.")), retry=True)
        return Transport(url, self.token, trust=self._trust)

    def _ask_hub(self, user: str, password: str, new_password: str = "") -> tuple[SignedIn, Chain]:
        chain = Chain(current=fresh_token(), next=fresh_token())
        try:
            return self._enter(user, password, new_password, chain), chain
        except Stopped as stopped:
            if stopped.stop.code != "other_key":
                raise
        self._become_another()
        return self._enter(user, password, new_password, chain), chain

    def _enter(self, user: str, password: str, new_password: str, chain: Chain) -> SignedIn:
        replica = self._on_store(lambda: self._store.outbox.meta("replica"))
        transport = self.connect()
        try:
            asked = SignIn(
                user=user,
                password=password,
                device=self._device,
                replica=replica,
                new_password=new_password,
                title=self._title,
                told_at=transport.health().hub_time,
                next=digest(chain.current),
            )
            signed = transport.sign_in(self._signer.sign_in(asked))
        finally:
            transport.close()
        with self._lock:
            self._token = signed.token
        self._store.clock.hear(signed.hub_time)
        return signed

    def _become_another(self) -> None:
        """Ask to be let in as a new PC: these files came from one with another key."""
        self._device = uuid4().hex
        self._on_store(lambda: self._store.set_setting("device", self._device))
        self._tell(self._on_store(self._store.become_new))

    def _remember(self, password: str, login: Login, chain: Chain) -> None:
        verifier, doc = verifier_of(password), msgspec.json.encode(login)
        keeper = Keeper(login.user.code, password)
        at = self._store.clock.now()
        outbox, wall_at = self._store.outbox, self._store.clock.wall()
        self._on_store(lambda: outbox.remember_login(login.user.code, verifier, doc, at))
        self._on_store(lambda: outbox.keep_time(at, wall_at))
        self._keep(keeper, chain)
        with self._lock:
            self._keeper, self._chain = keeper, chain

    def _fitted(self, user: str, password: str) -> bool:
        """Tell whether this was the password here: denied by the hub now, it must not open this desk."""
        found = self._on_store(lambda: self._store.outbox.login(user))
        return found is not None and fits(found[0], password)

    def _offline(self, user: str, password: str, trouble: Trouble) -> Login:
        outbox = self._store.outbox
        found, (_, wall_at), kept = self._on_store(
            lambda: (outbox.login(user), outbox.last_time(), outbox.chain(user))
        )
        if found is None and trouble.code == "hub_starting":
            raise trouble
        if found is None:
            raise Trouble(
                "never_here",
                Text(N_("The hub does not answer, and you have never signed in here. Try again later.")),
            )
        verifier, doc, confirmed_at = found
        if wall_at is not None and self._store.clock.wall() < wall_at - CLOCK_SLACK:
            raise Trouble(
                "clock_back", Text(N_("The clock of this PC was set back. Set it right, or reach the hub."))
            )
        if self._store.clock.now() - confirmed_at > LEASE:
            raise Trouble(
                "lease_over", Text(N_("You worked here without the hub for three days. Reach the hub first."))
            )
        self._guess(user, verifier, password)
        keeper = Keeper(user, password, kept[0] if kept else b"")
        chain = keeper.open(kept[1]) if kept else None
        with self._lock:
            self._keeper, self._chain = keeper, chain
        return msgspec.json.decode(doc, type=Login)

    def _guess(self, user: str, verifier: str, password: str) -> None:
        """Hold a password against the one kept here; each wrong one is on disk before it is looked at.

        Raises:
            Trouble: too_many_wrong | wrong_password.
        """
        outbox, now = self._store.outbox, self._store.clock.now()
        wrong, until = self._on_store(lambda: outbox.guesses(user))
        if until is not None and now < until:
            left_s = int((until - now).total_seconds()) + 1
            hint = N_("Too many wrong passwords. Try again in {count} seconds, or when the hub is there.")
            raise Trouble("too_many_wrong", Text(hint, {"count": left_s}))
        self._on_store(lambda: outbox.note_guess(user, wrong + 1, now + pause_after(wrong + 1)))
        if not fits(verifier, password):
            raise _wrong(None)
        self._on_store(lambda: outbox.note_guess(user, 0, now))

    # --- how the line is ----------------------------------------------------------------------------

    def link(self) -> LinkState:
        """Return the state of the line; cheap, from any lane."""
        self._look_how_long()
        waiting, now = self._store.waiting, self._store.clock.now()
        oldest_s = int((now - waiting.oldest_at).total_seconds()) if waiting.oldest_at else 0
        return LinkState(
            state=self._state,
            since=self._since,
            waiting=waiting.count,
            oldest_s=max(0, oldest_s),
            unprotected=waiting.unprotected,
            makes_copies=self._store.makes_copies,
            updated_s=int(self._tick() - self._pulled_s),
            is_filling=self._store.mark.is_filling,
            note=self._note or self._reach_note,
        )

    @property
    def is_online(self) -> bool:
        """The last exchange went well."""
        return self._state == "online"

    @property
    def may_wait(self) -> bool:
        """A page may wait for news: who has just sat down is told first where they stand."""
        return self.is_online and self._is_greeted

    @property
    def failing_s(self) -> float:
        """For how long no exchange has gone well; 0 while one does."""
        since_s = self._failing_from_s
        return self._tick() - since_s if since_s is not None else 0.0

    def heard(self, took_s: float, *, pulled: bool = False) -> None:
        """The hub answered."""
        self._failing_from_s = None
        if pulled:
            self._pulled_s, self._is_greeted = self._tick(), True
        self._turn("weak" if took_s > WEAK_FROM_S else "online")

    def failed(self) -> None:
        """The hub did not answer."""
        if self._failing_from_s is None:
            self._failing_from_s = self._tick()
        self._look_how_long()

    def _look_how_long(self) -> None:
        """Say weak, then offline, once the line has failed for long enough: time tells, not the tries."""
        failing_s = self.failing_s
        if failing_s > OFFLINE_AFTER_S:
            self._turn("offline")
        elif failing_s > WEAK_AFTER_S and self._state == "online":
            self._turn("weak")

    def say(self, note: Text | None) -> None:
        """Put a sentence beside the state of the line."""
        if note != self._note:
            self._note = note
            self._tell(Changes(sync=True))

    def say_reach(self, was: Reach | None, now: Reach) -> None:
        """Say that this desk holds less than before, until the next person signs in."""
        if was is not None and not covers(now, was):
            self._reach_note = lost(was, now)
            self._tell(Changes(sync=True))

    def _turn(self, state: str) -> None:
        if state != self._state:
            was, self._state = self._state, state
            self._since = self._store.clock.now()
            self._tell(Changes(sync=True, line="offline" in {was, state}))


def pause_after(wrong: int) -> timedelta:
    """Return how long nobody may guess on after so many wrong passwords without the hub."""
    pause = timedelta(seconds=2 ** min(wrong, 16)) if wrong > FREE_GUESSES else timedelta()
    return min(pause, GUESS_PAUSE_MOST)


def _wrong(text: Text | None) -> Trouble:
    return Trouble("wrong_password", text or Text(N_("Name or password is wrong. Try again.")))
