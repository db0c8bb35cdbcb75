"""What a fake hub answers when it is asked itself, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from builders import NOW
from mending_fake import FakeMending
from shift_fake import FakeShifts

from app.commands.note_guide import NoteGuide
from app.desk import Desk
from app.domain.bell import Told
from app.domain.channels import Channels, ShopHealth
from app.domain.company import READS_FIGURES, grants_of
from app.domain.connecting import Asked, Begun, Platform, Platforms, ShopKeys, Tried
from app.domain.deck import OwnDeck
from app.domain.own_address import Address, Allowed, OwnAddress, OwnAddresses, read
from app.domain.presence import Present, SignerState
from app.domain.systems import Delivery, Hook, MadeHook, MadeKey, SystemKey
from app.domain.values import Receiver
from app.domain.voucher import Voucher
from app.domain.vouching import Vote
from app.figures import (
    Backlog,
    GateReport,
    GuideReport,
    Passage,
    Replan,
    ReplanReport,
    TrainingReport,
    VoucherReport,
)
from app.insight.guide_use import by_step
from app.insight.handling import Handling, days_before, had_by, reported, without_names
from app.insight.people import Noted, people_report, seen_by
from app.insight.queueing import Worked
from app.insight.reviewers import review_report
from app.insight.reviewers import seen_by as reviewers_seen_by
from app.insight.roster import Weeks, roster_report
from app.insight.stage_time import Visit, stage_time
from app.ports import Pc
from app.screening.standing import SCREENING_KEY
from app.text import Text, both
from app.trouble import Trouble

ZONE = ZoneInfo("Asia/Shanghai")

PLATFORMS = (
    Platform(
        id="shopify", title="Shopify", about=both("只在模拟器上试过。", "Simulator only."),
        asks=(
            Asked(name="base_url", type="url", label=both("店铺地址", "Address of the shop")),
            Asked(name="token", type="secret", label=both("访问令牌", "Access token")),
            Asked(name="note", type="text", label=both("备注", "Note"), is_optional=True),
            Asked(
                name="stock", type="switch", label=both("回写库存", "Publish stock"), start="off",
                is_optional=True,
            ),
        ),
    ),
    Platform(id="generic_webhook", title=both("通用推送", "Webhook"), about="", is_read=False),
)  # fmt: skip


class FakePort(FakeShifts, FakeMending):
    """Answers as `app.ports.HubPort` does; `given` is what was decided."""

    link_state: str
    asked: list[str]
    at_hub: dict[str, Receiver]
    desk: Desk
    now: Callable[[], datetime]

    def __init__(self, given: list[Any]) -> None:
        self.given = given
        self.enrolled = "waits"
        self.pcs_at_hub: list[Pc] = []
        self.keys_at_hub: list[SystemKey] = []
        self.hooks_at_hub: list[Hook] = []
        self.own_addresses = OwnAddresses(ways=("dingtalk", "web"), hosts=("hooks.example.com",))
        self.deliveries_at_hub: list[Delivery] = []
        self.shops_at_hub: list[ShopHealth] = []
        self.tries: list[Tried] = []
        self.patch_at_hub: dict[str, object] = {}
        self.handled = Handling((), ())
        self.guides: list[NoteGuide] = []
        self.school: TrainingReport | None = None
        self.deck = OwnDeck(code="2026_06")
        self.visited: list[Visit] = []
        self.two_weeks: Weeks | None = None
        self.votes: list[Vote] = []
        self.left: frozenset[tuple[str, int]] = frozenset()
        self.passages: list[Passage] = []
        self.replanned: list[Replan] = []
        self.booked: tuple[Voucher, ...] = ()
        self.told_at_hub: list[Told] = []
        self.waiting_at_hub = 0
        self.texts: dict[str, str] = {}
        self.signer_state = SignerState()

    def submit_each(self, wanted, login):
        """Submit many as `app.ports.Replica` does, one after the other: nothing here reaches a disk."""
        done = []
        for each in wanted:
            given = each.make(self.order(each.order, login) if each.order else None)
            if not isinstance(given, Text):
                given = self.submit(given.command, login, given.because, given.seen_ver)
            done.append(given)
        return done

    def enrolment(self) -> str:
        return self.enrolled

    def pcs(self) -> list[Pc]:
        return self.pcs_at_hub

    def approve_pc(self, id: str) -> None:
        self._decide(id, "approved")

    def revoke_pc(self, id: str) -> None:
        self._decide(id, "revoked")

    def _decide(self, id: str, state: str) -> None:
        self.given.append((state, id))
        self.pcs_at_hub = [
            msgspec.structs.replace(pc, state=state) if pc.id == id else pc for pc in self.pcs_at_hub
        ]

    def addresses(self):
        return self.own_addresses

    def keep_address(self, asked):
        """Keep an address as a hub would that allows robots and one host."""
        understood = read(asked, Allowed(hosts=("hooks.example.com",)))
        if not isinstance(understood, Address):
            raise Trouble("bad_address", understood)
        self.given.append(asked)
        made = OwnAddress(id="a1", way=asked.way, mask=understood.mask, made_at=NOW)
        items = (*self.own_addresses.items, made)
        self.own_addresses = msgspec.structs.replace(self.own_addresses, items=items)
        return made

    def try_address(self, id: str) -> None:
        self.given.append(("try", id))

    def end_address(self, id: str) -> None:
        self.given.append(("end", id))
        items = tuple(one for one in self.own_addresses.items if one.id != id)
        self.own_addresses = msgspec.structs.replace(self.own_addresses, items=items)

    def keys(self):
        return self.keys_at_hub

    def make_key(self, asked):
        """Let a system in: its key is told, and stands in the list without it."""
        self.given.append(asked)
        about = {"code": asked.code, "title": asked.title, "scopes": asked.scopes}
        self.keys_at_hub = [*self.keys_at_hub, SystemKey(**about, made_by="fang", made_at=NOW)]
        return MadeKey(code=asked.code, key="told-once")

    def revoke_key(self, code: str) -> None:
        self.given.append(("revoke", code))
        self.keys_at_hub = [
            msgspec.structs.replace(one, revoked_at=NOW) if one.code == code else one
            for one in self.keys_at_hub
        ]

    def hooks(self):
        return self.hooks_at_hub

    def make_hook(self, asked):
        self.given.append(asked)
        about = {"code": asked.code, "url": asked.url, "kinds": asked.kinds}
        self.hooks_at_hub = [*self.hooks_at_hub, Hook(**about, made_by="fang", made_at=NOW)]
        return MadeHook(code=asked.code, secret="c0ffee")

    def end_hook(self, code: str) -> None:
        self.given.append(("end", code))
        self.hooks_at_hub = [
            msgspec.structs.replace(one, ended_at=NOW) if one.code == code else one
            for one in self.hooks_at_hub
        ]

    def hook_news(self, hook: str):
        return [one for one in self.deliveries_at_hub if one.hook == hook]

    def send_again(self, hook: str, news: str) -> None:
        self.given.append(("again", hook, news))
        self.deliveries_at_hub = [
            msgspec.structs.replace(one, state="todo") if (one.hook, one.id) == (hook, news) else one
            for one in self.deliveries_at_hub
        ]

    def shops(self):
        return Channels(as_of=self.now(), shops=tuple(self.shops_at_hub))

    def platforms(self, shop: str) -> Platforms:
        self.given.append(("platforms", shop))
        return Platforms(here="shopify", all=PLATFORMS)

    def try_shop(self, shop: str, keys: ShopKeys) -> Tried:
        self.given.append(("try", shop, keys))
        return self.tries.pop(0) if self.tries else Tried(orders=3, newest_at=self.now())

    def connect_shop(self, shop: str, keys: ShopKeys) -> Begun:
        self.given.append(("connect", shop, keys))
        return Begun(hook="/hooks/abc")

    def shop_rests(self, shop: str, *, rests: bool) -> None:
        self.given.append(("rests" if rests else "goes on", shop))
        state = "off" if rests else "on"
        self.shops_at_hub = [
            msgspec.structs.replace(one, state=state) if one.shop == shop else one
            for one in self.shops_at_hub
        ]

    def read_shop_again(self, shop: str) -> None:
        self.given.append(("read again", shop))

    def fetch_order(self, order: str) -> None:
        self.given.append(("fetch", order))

    def raw(self, case: str):
        return self.texts[case]

    def receiver(self, order: str):
        """What the hub tells a desk that holds masks."""
        self._reach(order)
        return self.at_hub[order]

    def handling(self, days: int):
        """How long exceptions took, to who may read everybody's and else to themselves."""
        self._reach(f"handling {days}")
        user, grants = self.desk.login.user.code, self.desk.login.grants
        done = self.handled if READS_FIGURES in grants else had_by(self.handled, user)
        told = reported(done, *days_before(self.now(), days, ZONE), ZONE, self.now())
        if READS_FIGURES in grants:
            return without_names(told, user)
        return msgspec.structs.replace(told, is_own=True)

    def reviewers(self, days: int):
        """How well reviewers saw, all of it in the given days."""
        self._reach(f"reviewers {days}")
        since, until = days_before(self.now(), days, ZONE)
        period = (since, until, ZONE.key, self.now())
        told, login = review_report([], self.votes, self.left, 2, period), self.desk.login
        return reviewers_seen_by(told, login.user.code, reads_all=READS_FIGURES in login.grants)

    def roster(self):
        """A roster from two weeks, as they were."""
        self._reach("roster")
        since, _ = days_before(self.now(), 14, ZONE)
        nothing = Weeks(since, ZONE, [], [], [], {}, Worked([]), 1_680, 0)
        return roster_report(self.two_weeks or nothing, self.now())

    def people_time(self, days: int):
        """Where people's time went, all of it as it was visited."""
        self._reach(f"people_time {days}")
        since, until = days_before(self.now(), days, ZONE)
        flow = [stage_time(one, since, self.now()) for one in self.visited if not one.is_repair]
        whole, login = sum(sum(one[2:]) for one in flow), self.desk.login
        told = people_report(Noted(self.visited, whole, 0, 0, {}), since, until, ZONE.key, self.now())
        return seen_by(told, login.user.code, reads_all=READS_FIGURES in login.grants)

    def vouchers(self, days: int):
        """The vouchers of the given days."""
        self._reach(f"vouchers {days}")
        since, until = days_before(self.now(), days, ZONE)
        return VoucherReport(since=since, until=until, zone=ZONE.key, vouchers=self.booked, as_of=self.now())

    def replans(self, days: int):
        """Orders planned anew, all of them in the given days."""
        self._reach(f"replans {days}")
        since, until = days_before(self.now(), days, ZONE)
        return ReplanReport(
            since=since, until=until, zone=ZONE.key, replans=tuple(self.replanned), as_of=self.now()
        )

    def gates(self, days: int):
        """How gates were kept, all of it in the given days."""
        self._reach(f"gates {days}")
        since, until = days_before(self.now(), days, ZONE)
        green = [one for one in self.passages if one.is_green]
        return GateReport(
            since=since, until=until, zone=ZONE.key, moves=len(self.passages), green=len(green),
            waived=sum(one.waived > 0 for one in green), replayed_moves=len(self.passages),
            replayed=len(green), passages=tuple(self.passages), as_of=self.now(),
        )  # fmt: skip

    def backlog(self):
        """How many deliveries wait."""
        self._reach("backlog")
        return Backlog(waiting=self.waiting_at_hub, as_of=self.now())

    def deliveries(self):
        """Who was told of which hold."""
        self._reach("notices")
        return self.told_at_hub

    def own_deck(self, days: int):
        """Return the deck the hub would make."""
        self._reach(f"own_deck {days}")
        return self.deck

    def training(self, days: int):
        """Return what the trainer's desk of the hub would say."""
        self._reach(f"training {days}")
        return self.school

    def practising(self, beat) -> None:
        self.given.append(beat)

    def guide_use(self, days: int):
        """What became of suggestions."""
        self._reach(f"guide_use {days}")
        since, until = days_before(self.now(), days, ZONE)
        return GuideReport(
            since=since, until=until, zone=ZONE.key, steps=by_step(self.guides), as_of=self.now()
        )

    def _reach(self, question: str) -> None:
        self.asked.append(question)
        if self.link_state == "offline":
            raise Trouble("hub_unreachable", Text("The hub does not answer."), retry=True)

    def switch_model(self, *, is_on: bool) -> None:
        """Switch the learned check."""
        self._reach("switch_model")
        card = self.company.rows[SCREENING_KEY]
        me = self.desk.login.user.code
        after = msgspec.structs.replace(card, is_on=is_on, on_by=me, on_at=self.now())
        self.company.rows[SCREENING_KEY] = after

    def present(self, asked):
        """Let somebody sign beside: their PIN is their name backwards."""
        self._reach("presence")
        if asked.secret != asked.user[::-1]:
            raise Trouble("wrong_pin", Text("PIN or badge is wrong. Nothing was signed."))
        user = self.refs().users[asked.user]
        login = f"presence:{asked.digest[:8]}"
        return Present(login=login, user=user, grants=grants_of(user), until=self.now())

    def signer(self):
        """What whoever sits here signs with."""
        self._reach("signer")
        return self.signer_state

    def keep_signer(self, asked):
        """Keep a PIN or badge."""
        if not asked.password.startswith("right"):
            raise Trouble("wrong_password", Text("This is not your password."))
        self.given.append(asked)
        self.signer_state = SignerState(has_pin=bool(asked.pin), has_badge=bool(asked.badge))

    def first_password(self, user: str) -> str:
        self.given.append(("first_password", user))
        return f"first-{user}"
