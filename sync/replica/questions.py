"""Questions to the hub itself, each on a session of its own: once more where the token had run out.

Source: sync.md section 14.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from msgspec.json import encode

from app.domain.attempt import Beat
from app.domain.bell import Told
from app.domain.channels import Channels
from app.domain.connecting import Begun, Platforms, ShopKeys, Tried
from app.domain.deck import OwnDeck
from app.domain.mending import AskMending, Mending
from app.domain.outbound import AskService, OutServices, SaidService
from app.domain.own_address import NewAddress, OwnAddress, OwnAddresses
from app.domain.presence import AskPresence, KeepSigner, Present, SignerState
from app.domain.systems import Again, Delivery, Hook, MadeHook, MadeKey, NewHook, NewKey, SystemKey
from app.domain.values import Receiver
from app.figures import (
    Backlog,
    GateReport,
    GuideReport,
    ReplanReport,
    Report,
    TrainingReport,
    VoucherReport,
)
from app.people_figures import PeopleReport, RosterReport
from app.ports import Pc
from app.review_figures import ReviewReport
from app.text import N_, Text
from app.trouble import Trouble
from sync.transport import Stopped, Transport
from sync.wire import AskEnrolment, AskRaw, GiveFirstPassword, RawText

T = TypeVar("T")
named = partial(quote, safe="")


class Questions(ABC):
    """What a desk asks that is no command; whoever has a line, a token and a key can ask it."""

    @abstractmethod
    def token(self) -> str:
        """Return what the hub knows this person by."""

    @abstractmethod
    def renew(self, used: str) -> bool:
        """Come with the next token after the hub no longer took `used`; False when a person must sign in."""

    @abstractmethod
    def connect(self) -> Transport:
        """Open a session of its own to the hub."""

    @abstractmethod
    def this_pc(self) -> tuple[str, bytes]:
        """Return the name and the public key under which the hub knows this PC."""

    def first_password(self, user: str) -> str:
        """Get a new first password for a colleague, to hand over.

        Raises:
            Trouble: what the hub says, or that it cannot be reached.
        """
        return self._asked(lambda hub: hub.first_password(GiveFirstPassword(user=user)).password)

    def receiver(self, order: str) -> Receiver:
        """Ask the hub for one receiver in full.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.receiver(order))

    def raw(self, case: str) -> str:
        """Ask the hub for a delivery nobody could read.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        body = encode(AskRaw(case=case))
        return self._asked(lambda hub: hub.ask("POST", "/v1/raw", RawText, body=body).text)

    def switch_model(self, *, is_on: bool) -> None:
        """Switch the learned check on or off."""
        where = f"/v1/screening/{'on' if is_on else 'off'}"
        self._asked(lambda hub: hub.ask("POST", where, type(None)))

    def signer(self) -> SignerState:
        """Return whether whoever sits here has a PIN or a badge."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/signer", SignerState))

    def keep_signer(self, asked: KeepSigner) -> None:
        """Give whoever sits here a new PIN or badge."""
        self._asked(lambda hub: hub.ask("POST", "/v1/signer", type(None), body=encode(asked)))

    def present(self, asked: AskPresence) -> Present:
        """Have a colleague sign one command on this PC."""
        return self._asked(lambda hub: hub.ask("POST", "/v1/presence", Present, body=encode(asked)))

    def pcs(self) -> Sequence[Pc]:
        """Return the PCs that asked to work with the hub.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(Transport.pcs)

    def approve_pc(self, id: str) -> None:
        """Let a PC in.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        self._asked(lambda hub: hub.decide_pc(id, "approve"))

    def revoke_pc(self, id: str) -> None:
        """Put a PC out.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        self._asked(lambda hub: hub.decide_pc(id, "revoke"))

    def addresses(self) -> OwnAddresses:
        """Return where one hears of holds outside the program, masked."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/addresses", OwnAddresses))

    def keep_address(self, asked: NewAddress) -> OwnAddress:
        """Have oneself told there too."""
        return self._asked(lambda hub: hub.ask("POST", "/v1/addresses", OwnAddress, body=encode(asked)))

    def try_address(self, id: str) -> None:
        """Have a word sent there."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/addresses/{named(id)}/test", type(None)))

    def end_address(self, id: str) -> None:
        """Have nothing sent there any more."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/addresses/{named(id)}/end", type(None)))

    def keys(self) -> Sequence[SystemKey]:
        """Return the keys of other systems."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/keys", list[SystemKey]))

    def make_key(self, asked: NewKey) -> MadeKey:
        """Get a new key for another system; it is never told again."""
        return self._asked(lambda hub: hub.ask("POST", "/v1/keys", MadeKey, body=encode(asked)))

    def revoke_key(self, code: str) -> None:
        """Take a key back."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/keys/{named(code)}/revoke", type(None)))

    def hooks(self) -> Sequence[Hook]:
        """Return where news is sent by itself."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/hooks", list[Hook]))

    def make_hook(self, asked: NewHook) -> MadeHook:
        """Have news sent to an address; what they are signed with is never told again."""
        return self._asked(lambda hub: hub.ask("POST", "/v1/hooks", MadeHook, body=encode(asked)))

    def end_hook(self, code: str) -> None:
        """Have nothing sent there any more."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/hooks/{named(code)}/end", type(None)))

    def hook_news(self, hook: str) -> Sequence[Delivery]:
        """Return what became of the news at one address."""
        return self._asked(lambda hub: hub.ask("GET", f"/v1/hooks/{named(hook)}/deliveries", list[Delivery]))

    def send_again(self, hook: str, news: str) -> None:
        """Have one piece of news sent once more."""
        body = encode(Again(id=news))
        self._asked(lambda hub: hub.ask("POST", f"/v1/hooks/{named(hook)}/again", type(None), body=body))

    def services(self) -> OutServices:
        """Return how the systems do that the hub does something at."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/services", OutServices))

    def ask_service(self, name: str, asked: AskService) -> SaidService:
        """Have a system connected, tried, let rest or ended; its keys are never told again."""
        body = encode(asked)
        return self._asked(lambda hub: hub.ask("POST", f"/v1/services/{named(name)}", SaidService, body=body))

    def shops(self) -> Channels:
        """Return how every shop does."""
        return self._asked(lambda hub: hub.ask("GET", "/v1/shops", Channels))

    def platforms(self, shop: str) -> Platforms:
        """Return what each channel asks for to be connected with a shop."""
        return self._asked(lambda hub: hub.ask("GET", f"/v1/shops/{named(shop)}/platforms", Platforms))

    def try_shop(self, shop: str, keys: ShopKeys) -> Tried:
        """Have the hub make one call with these keys; nothing is kept."""
        return self._asked(
            lambda hub: hub.ask("POST", f"/v1/shops/{named(shop)}/try", Tried, body=encode(keys))
        )

    def connect_shop(self, shop: str, keys: ShopKeys) -> Begun:
        """Give the hub the keys of a shop; they are never told again."""
        return self._asked(
            lambda hub: hub.ask("POST", f"/v1/shops/{named(shop)}/connect", Begun, body=encode(keys))
        )

    def mending(self, shop: str, asked: AskMending | None = None) -> Mending:
        """Return how a shop's channel is read, with a patch over it where one is asked about."""
        where = f"/v1/shops/{named(shop)}/manifest"
        if asked is None:
            return self._asked(lambda hub: hub.ask("GET", where, Mending))
        return self._asked(lambda hub: hub.ask("POST", f"{where}/try", Mending, body=encode(asked)))

    def keep_mending(self, shop: str, asked: AskMending) -> Mending:
        """Keep a patch as the next version."""
        where = f"/v1/shops/{named(shop)}/manifest"
        return self._asked(lambda hub: hub.ask("POST", where, Mending, body=encode(asked)))

    def shop_rests(self, shop: str, *, rests: bool) -> None:
        """Have the hub stop talking to a shop, or go on where it was left."""
        what = "rest" if rests else "go_on"
        self._asked(lambda hub: hub.ask("POST", f"/v1/shops/{named(shop)}/{what}", type(None)))

    def read_shop_again(self, shop: str) -> None:
        """Have the last three days of a shop read once more."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/shops/{named(shop)}/again", type(None)))

    def fetch_order(self, order: str) -> None:
        """Have one order read again from its channel."""
        self._asked(lambda hub: hub.ask("POST", f"/v1/orders/{named(order)}/fetch", type(None)))

    def handling(self, days: int) -> Report:
        """Ask how long exceptions took in the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("handling", Report, days))

    def gates(self, days: int) -> GateReport:
        """Ask how many orders of the last days were released with every gate met.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("gates", GateReport, days))

    def reviewers(self, days: int) -> ReviewReport:
        """Ask how well reviewers saw in the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("reviewers", ReviewReport, days))

    def people_time(self, days: int) -> PeopleReport:
        """Ask where people's time went in the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("people_time", PeopleReport, days))

    def roster(self) -> RosterReport:
        """Ask for a roster from the last two weeks.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.told("roster", RosterReport))

    def replans(self, days: int) -> ReplanReport:
        """Ask which orders were planned anew in the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("replans", ReplanReport, days))

    def vouchers(self, days: int) -> VoucherReport:
        """Ask for the vouchers of the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("vouchers", VoucherReport, days))

    def backlog(self) -> Backlog:
        """Ask how many deliveries of shops are not decided yet.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.told("backlog", Backlog))

    def deliveries(self) -> list[Told]:
        """Ask who was told of which hold, and what became of it.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.told("notices", list[Told]))

    def guide_use(self, days: int) -> GuideReport:
        """Ask what became of the suggestions of guides in the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("guide_use", GuideReport, days))

    def training(self, days: int) -> TrainingReport:
        """Ask who practises, how lessons went and who works alone.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("training", TrainingReport, days))

    def own_deck(self, days: int) -> OwnDeck:
        """Ask for a deck of the exceptions of the last days.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        return self._asked(lambda hub: hub.figures("own_deck", OwnDeck, days))

    def practising(self, beat: Beat) -> None:
        """Say where the person at this desk is in a lesson.

        Raises:
            Trouble: what the hub says, or that it does not answer.
        """
        self._asked(lambda hub: hub.ask("POST", "/v1/practising", type(None), body=encode(beat)))

    def enrolment(self) -> str:
        """Ask whether this PC has been let in: unknown | waits | approved | revoked.

        Raises:
            Trouble: the hub does not answer.
        """
        device, public = self.this_pc()
        asked = AskEnrolment(device=device, key=base64.b64encode(public).decode())
        return self._asked(lambda hub: hub.enrolment(asked).state)

    def _asked(self, work: Callable[[Transport], T]) -> T:
        """Ask on a session of its own; once more with the next token where this one has run out."""
        used = self.token()
        try:
            return self.once(work)
        except Stopped as stopped:
            if stopped.stop.code != "sign_in" or not self.renew(used):
                raise told(stopped) from stopped
        try:
            return self.once(work)
        except Stopped as stopped:
            raise told(stopped) from stopped

    def once(self, work: Callable[[Transport], T]) -> T:
        """Ask on a session of its own.

        Raises:
            Stopped: the hub says no.
            Trouble: it does not answer.
        """
        transport = self.connect()
        try:
            return work(transport)
        finally:
            transport.close()


def told(stopped: Stopped) -> Trouble:
    """Return what the hub said no with, for a person."""
    stop = stopped.stop
    return Trouble(stop.code, stop.text or cannot(), retry=stop.code in {"busy", "limited"})


def cannot() -> Text:
    """Say that the hub cannot do this, where it did not say why."""
    return Text(N_("The hub cannot do this now. Try again later."))
