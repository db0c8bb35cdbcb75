"""Channels: how each shop does that the hub talks to, what to do where it does not, and reading it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.channels import KEEPS_SHOPS, Listed, ShopHealth
from app.domain.event import listed
from app.ports import Changes, HubPort, Views, touches
from app.text import N_, Text
from app.trouble import Trouble

BEHIND = timedelta(minutes=30)
"""How far the hub may have read behind now before somebody should know."""
ENDS_SOON = timedelta(days=14)
MANY_WAIT = 200
LOOKED = timedelta(seconds=10)
"""How soon the hub is asked again by itself."""
LISTS = {
    "files": N_("Files"), "orders": N_("Orders"), "refunds": N_("Refunds"),
    "checked_refunds": N_("Refunds that were decided"), "orders again": N_("Orders, last three days again"),
}  # fmt: skip


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`here`: the shop in front. The list comes from the hub itself: without a line the last one stays."""

    shops: tuple[ShopHealth, ...] = ()
    titles: dict[str, str] = {}
    here: str = ""
    zone: str = "Asia/Shanghai"
    as_of: datetime | None = None
    may: bool = False
    notice: Text | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the hub has told how the shops do."""
        return self.as_of is not None

    def shop(self) -> ShopHealth | None:
        """The shop in front."""
        return next((shop for shop in self.shops if shop.shop == self.here), None)


class SettingsChannels(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Ask the hub how the shops do; not at every order that comes."""
        if changes is not None and self.state.as_of is not None:
            is_fresh = await self.desk.now() - self.state.as_of < LOOKED
            if is_fresh or not touches(changes, "order", "revision"):
                return
        await self._ask()

    def choose(self, shop: str) -> None:
        """Put a shop in front."""
        if shop != self.state.here and any(one.shop == shop for one in self.state.shops):
            self.show(msgspec.structs.replace(self.state, here=shop))

    async def turn(self) -> None:
        """Let the shop in front rest, or go on where it was left."""
        one = self.state.shop()
        if one is None or self.why_not() is not None:
            return
        rests = one.state == "on"
        said = N_("{shop} rests. Its orders wait at the channel.") if rests else N_("{shop} is read again.")
        await self._have(lambda hub: hub.shop_rests(one.shop, rests=rests), said)

    async def read_again(self) -> None:
        """Have the last three days of the shop in front read once more."""
        one = self.state.shop()
        if one is not None and self.why_not_read() is None:
            said = N_("The last three days of {shop} are read again. What is here already stays as it is.")
            await self._have(lambda hub: hub.read_shop_again(one.shop), said)

    def why_not(self) -> Text | None:
        """Say why the shop in front can neither rest nor go on; None when it can."""
        one = self.state.shop()
        if not self.state.may:
            return Text(N_("You may look. Leads let a shop rest or be read again."))
        if one is None:
            return Text(N_("Choose a shop."))
        if one.state == "files":
            return Text(N_("Its files come out of a folder. Lay them there."))
        return Text(N_("The hub does not talk to this shop yet.")) if one.state == "none" else None

    def why_not_read(self) -> Text | None:
        """Say why the shop in front cannot be read again; None when it can."""
        one = self.state.shop()
        if one is not None and one.state == "off":
            return Text(N_("It rests. Let it go on first."))
        return self.why_not()

    async def _have(self, question: Callable[[HubPort], None], said: str) -> None:
        here = self.state.here
        try:
            await self.desk.ask_hub(question)
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        await self._ask()
        notice = Text(said, {"shop": self.state.titles.get(here) or here})
        self.show(msgspec.structs.replace(self.state, notice=notice))

    async def _ask(self) -> None:
        refs = await self.desk.look(Views.refs)
        fresh = {
            "titles": {code: shop.title for code, shop in refs.shops.items()},
            "zone": zone_of(refs),
            "may": self.desk.may(KEEPS_SHOPS),
        }
        try:
            told = await self.desk.ask_hub(lambda hub: hub.shops())
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, **fresh, notice=trouble.hint))
            return
        shops = tuple(sorted(told.shops, key=lambda one: _urgency(one, told.as_of)))
        known = [one.shop for one in shops]
        here = self.state.here if self.state.here in known else known[0] if known else ""
        self.show(
            msgspec.structs.replace(
                self.state, **fresh, shops=shops, here=here, as_of=told.as_of, notice=None
            )
        )


def standing(one: ShopHealth, now: datetime) -> tuple[str, str]:
    """Return the mark of a shop and the word beside it."""
    if one.state == "none":
        return "not_yet", N_("Not connected")
    if one.state == "off":
        return "not_yet", N_("Rests")
    is_over = one.ends_at is not None and one.ends_at <= now
    failed = [each for each in one.lists if each.tries]
    if failed and not is_over and all(each.is_beside for each in failed):
        return "stops", N_("Refunds unread")
    if failed or is_over:
        return "stops", N_("Stands still")
    lag = lag_of(one, now)
    if lag is None and not one.only_sends and one.state != "files":
        return "waits", N_("Not read yet")
    if (lag is not None and lag > BEHIND) or one.waiting > MANY_WAIT:
        return "waits", N_("Behind")
    if one.ends_at is not None and one.ends_at < now + ENDS_SOON:
        return "waits", N_("Key ends soon")
    for each in one.lists:
        if each.is_odd:
            return "waits", _odd(each)
    return "met", N_("Well")


def _odd(one: Listed) -> str:
    """Return the word for a list that is read all the same: what its `said` names tells which it is."""
    is_gone = one.said is None or "field" in one.said.params
    return N_("A field is gone") if is_gone else N_("Sums differ")


def read_to(one: ShopHealth) -> datetime | None:
    """Return how far all of its lists are read; those of the night do not count."""
    read = [each.read_to for each in one.lists if each.read_to is not None]
    return min(read, default=None)


def lag_of(one: ShopHealth, now: datetime) -> timedelta | None:
    """Return how far behind now a shop is read; None where nothing was read."""
    read = read_to(one)
    return now - read if read is not None else None


def wrong(one: ShopHealth, now: datetime) -> tuple[Text, ...]:
    """Say what is wrong with a shop that is connected, and what to do, the worst first."""
    said = [each.said for each in one.lists if each.tries and each.said is not None]
    texts = [text for nth, text in enumerate(said) if text not in said[:nth]]
    if one.ends_at is not None and one.ends_at <= now:
        texts.append(Text(N_("A key of this shop has run out. Authorise the shop again.")))
    elif one.ends_at is not None and one.ends_at < now + ENDS_SOON:
        days = (one.ends_at - now).days
        texts.append(
            Text(N_("A key of this shop runs out in {count} days. Renew it before."), {"count": days})
        )
    if one.waiting > MANY_WAIT:
        texts.append(
            Text(N_("{count} deliveries are not decided yet. The hub works on them."), {"count": one.waiting})
        )
    if one.state == "on" and not one.only_sends and not one.lists:
        texts.append(Text(N_("Nothing was read yet. The hub begins within a minute, while it runs.")))
    if one.state == "off":
        texts.append(Text(N_("It rests: what is sold meanwhile waits at the channel and is read later.")))
    texts += [each.said for each in one.lists if not each.tries and each.said is not None]
    return tuple(texts)


def how(one: ShopHealth) -> tuple[Text, ...]:
    """Say how a shop is connected that is not: what it needs, and where that is typed."""
    needs = listed([Text(each) for each in one.needs])
    return (
        Text(N_("The hub does not read this shop. Its orders come as files until somebody connects it.")),
        Text(N_("It takes: {needs}."), {"needs": needs}),
        Text(N_("Connect leads through it, with a test call before anything is kept.")),
    )


def _urgency(one: ShopHealth, now: datetime) -> tuple[int, str]:
    order = ("stops", "waits", "met", "not_yet")
    return order.index(standing(one, now)[0]) + (one.state == "none"), one.shop
