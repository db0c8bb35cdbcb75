"""How the desk stands to its hub, and who sits at it. Source: sync.md sections 6, 7, 12, 14."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from app.domain.values import Receiver
from app.ports import Changes, Login
from app.ports import Link as LinkState
from app.text import N_, Text
from app.trouble import Trouble
from sync.instants import instant
from sync.replica.store import Store
from sync.transport import Stopped, Transport
from sync.wire import GiveFirstPassword, SignedIn, SignIn

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEASE = timedelta(hours=72)
"""How long a person may sign in without the hub. Units: hub time. Source: sync.md section 12."""
CLOCK_SLACK = timedelta(minutes=5)
WEAK_FROM_S = 2.0
WEAK_AFTER_S = 2.0
OFFLINE_AFTER_S = 5.0
"""A hub that restarts is back before this: nobody is told of it."""

T = TypeVar("T")


class OnStore(Protocol):
    """Runs work on the store lane and waits for its answer."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


class Link:
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
        tell: Callable[[Changes], None],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._device, self._tick = url, device, tick
        self._store, self._on_store, self._tell = store, on_store, tell
        self.on_sign_in: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._token = ""
        self._who: tuple[str, str] | None = None
        self._note: Text | None = None
        self._state = "starting"
        self._since = store.clock.now()
        self._failing_from_s: float | None = None
        self._pulled_s = tick()

    # --- who ----------------------------------------------------------------------------------------

    def sign_in(self, user: str, password: str, new_password: str = "") -> Login:
        """Confirm a person at the hub, or without it against the last confirmation on this desk.

        Raises:
            Trouble: wrong_password | never_here | lease_over | clock_back, or what the hub says.
        """
        try:
            signed = self._ask_hub(user, password, new_password)
        except Stopped as stopped:
            if stopped.stop.code in {"sign_in", "wrong_password"}:
                self._on_store(lambda: self._store.outbox.forget_login(user))
                raise _wrong(stopped.stop.text) from stopped
            raise Trouble(stopped.stop.code, stopped.stop.text or _cannot()) from stopped
        except Trouble as trouble:
            if not trouble.retry or new_password:
                raise  # a password changes at the hub or not at all
            login = self._offline(user, password, trouble)
            self._token = ""
        else:
            login = Login(login_id=signed.login, user=signed.user, grants=signed.grants)
            password = new_password or password
            self._remember(password, login)
        self._who = (user, password)
        self.say(None)
        self.on_sign_in()
        return login

    def first_password(self, user: str) -> str:
        """Get a new first password for a colleague, to hand over.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        transport = self.connect()
        try:
            return transport.first_password(GiveFirstPassword(user=user)).password
        except Stopped as stopped:
            raise Trouble(stopped.stop.code, stopped.stop.text or _cannot()) from stopped
        finally:
            transport.close()

    def sign_out(self) -> None:
        """Stop speaking for this person; the outbox waits for the next."""
        with self._lock:
            self._token, self._who = "", None

    def try_now(self) -> None:
        """Ask the hub at once, whatever the lanes are resting for."""
        self.on_sign_in()

    def receiver(self, order: str) -> Receiver:
        """Ask the hub for one receiver in full.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        transport = self.connect()
        try:
            return transport.receiver(order)
        except Stopped as stopped:
            raise Trouble(stopped.stop.code, stopped.stop.text or _cannot()) from stopped
        finally:
            transport.close()

    @property
    def is_signed_in(self) -> bool:
        """Somebody sits here for whom the desk may speak to the hub."""
        return self._who is not None

    def renew(self, used: str) -> bool:
        """Sign in again by itself after the hub no longer took token `used`; False when a person must.

        Raises:
            Trouble: the hub cannot be reached.
        """
        with self._lock:
            if self._who is None:
                return False
            if self._token and self._token != used:
                return True
            user, password = self._who
        try:
            self._ask_hub(user, password)
        except Stopped as stopped:
            if stopped.stop.code == "busy":
                raise Trouble("hub_busy", _cannot(), retry=True) from stopped
            self.sign_out()
            self.say(Text(N_("The hub does not know you any more. Sign in again; your work is kept.")))
            return False
        return True

    def token(self) -> str:
        """Return what the hub knows this person by; empty before the first sign-in."""
        return self._token

    def is_current(self, transport: Transport) -> bool:
        """Tell whether a session speaks to where the hub is now; the one of this PC moves at a restart."""
        return transport.url == self._url().rstrip("/")

    def connect(self) -> Transport:
        """Open a session of its own to the hub.

        Raises:
            Trouble: the hub of this PC still starts.
        """
        url = self._url()
        if not url:
            raise Trouble("hub_starting", Text(N_("The hub is starting. Try again in a moment.")), retry=True)
        return Transport(url, self.token)

    def _ask_hub(self, user: str, password: str, new_password: str = "") -> SignedIn:
        replica = self._on_store(lambda: self._store.outbox.meta("replica"))
        transport = self.connect()
        try:
            signed = transport.sign_in(
                SignIn(
                    user=user,
                    password=password,
                    device=self._device,
                    replica=replica,
                    new_password=new_password,
                )
            )
        finally:
            transport.close()
        with self._lock:
            self._token = signed.token
        self._store.clock.hear(signed.hub_time)
        return signed

    def _remember(self, password: str, login: Login) -> None:
        verifier, doc = _hasher().hash(password), msgspec.json.encode(login)
        at = self._store.clock.now()
        self._on_store(lambda: self._store.outbox.remember_login(login.user.code, verifier, doc, at))

    def _offline(self, user: str, password: str, trouble: Trouble) -> Login:
        outbox = self._store.outbox
        found, wall_at = self._on_store(lambda: (outbox.login(user), outbox.meta("wall_at")))
        if found is None and trouble.code == "hub_starting":
            raise trouble
        if found is None:
            raise Trouble(
                "never_here",
                Text(N_("The hub does not answer, and you have never signed in here. Try again later.")),
            )
        verifier, doc, confirmed_at = found
        if wall_at and datetime.now(UTC) < instant(int(wall_at)) - CLOCK_SLACK:
            raise Trouble(
                "clock_back", Text(N_("The clock of this PC was set back. Set it right, or reach the hub."))
            )
        if self._store.clock.now() - confirmed_at > LEASE:
            raise Trouble(
                "lease_over", Text(N_("You worked here without the hub for three days. Reach the hub first."))
            )
        if not _fits(verifier, password):
            raise _wrong(None)
        return msgspec.json.decode(doc, type=Login)

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
            is_protected=waiting.is_protected,
            updated_s=int(self._tick() - self._pulled_s),
            note=self._note,
        )

    @property
    def is_online(self) -> bool:
        """The last exchange went well."""
        return self._state == "online"

    @property
    def failing_s(self) -> float:
        """For how long no exchange has gone well; 0 while one does."""
        since_s = self._failing_from_s
        return self._tick() - since_s if since_s is not None else 0.0

    def heard(self, took_s: float, *, pulled: bool = False) -> None:
        """The hub answered."""
        self._failing_from_s = None
        if pulled:
            self._pulled_s = self._tick()
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

    def _turn(self, state: str) -> None:
        if state != self._state:
            was, self._state = self._state, state
            self._since = self._store.clock.now()
            self._tell(Changes(sync=True, line="offline" in {was, state}))


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _fits(verifier: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        _hasher().verify(verifier, password)
    except VerifyMismatchError:
        return False
    return True


def _wrong(text: Text | None) -> Trouble:
    return Trouble("wrong_password", text or Text(N_("Name or password is wrong. Try again.")))


def _cannot() -> Text:
    return Text(N_("The hub cannot do this now. Try again later."))
