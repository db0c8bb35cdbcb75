"""Connect a shop: which channel, what it needs, its keys, a test call, from when on, and the first orders.

Keys are held here only until the hub has them: no state, draft or log knows them, and none comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.desk import Desk, Screen, zone_of
from app.domain.channels import ShopHealth
from app.domain.connecting import CONNECTS, Asked, Begun, Platform, ShopKeys, Tried
from app.ports import Changes, Views
from app.text import N_, Text
from app.trouble import Trouble


class Step(NamedTuple):
    """One decision: its name on the rail, what is asked, and why."""

    code: str
    name: str
    question: str
    reason: str


GUIDE = (
    Step("channel", N_("Channel"), N_("Where does this shop sell?"), N_("Each channel has keys of its own.")),
    Step(
        "needs",
        N_("What it needs"),
        N_("Is all of this at hand?"),
        N_("Where it is found stands beside it. Nothing is kept before the last step."),
    ),
    Step(
        "keys",
        N_("Access keys"),
        N_("Which keys does it have?"),
        N_("They go to the hub, are kept sealed there, and are never shown again."),
    ),
    Step(
        "test",
        N_("Test call"),
        N_("Does the channel answer?"),
        N_("The hub makes one real call with these keys. It reads a few orders and keeps none."),
    ),
    Step(
        "since",
        N_("From when"),
        N_("From when on are orders read?"),
        N_("Orders that changed before are not fetched. An order that is here already is not doubled."),
    ),
    Step(
        "orders",
        N_("First orders"),
        N_("The hub talks to this shop"),
        N_("It reads it every half minute. You may leave; it goes on."),
    ),
)
STEPS = tuple(step.code for step in GUIDE)
DAYS = ((0, N_("From now on")), (1, N_("Also the last day")), (7, N_("Also the last 7 days")),
        (30, N_("Also the last 30 days")))  # fmt: skip
NO_RIGHT = N_("You may look. Who sets up shops connects them.")


class State(msgspec.Struct, frozen=True, kw_only=True):
    at: str = "channel"
    shop: str = ""
    title: str = ""
    platforms: tuple[Platform, ...] = ()
    channel: str = ""
    was: str = ""
    """The channel it is connected with by now."""
    typed: Mapping[str, str] = {}
    """What was typed; of a secret only that it was."""
    tried: Tried | None = None
    days: int = 0
    begun: Begun | None = None
    health: ShopHealth | None = None
    zone: str = "UTC"
    now: datetime | None = None
    off: Text | None = None
    busy: bool = False
    notice: Text | None = None

    @property
    def platform(self) -> Platform | None:
        """The channel that was chosen."""
        return next((one for one in self.platforms if one.id == self.channel), None)

    @property
    def replaced(self) -> Platform | None:
        """The channel whose place the chosen one would take."""
        known = next((one for one in self.platforms if one.id == self.was), None)
        return known if known is not None and self.channel != self.was else None

    @property
    def step(self) -> Step:
        """The decision in front."""
        return GUIDE[STEPS.index(self.at)]

    @property
    def is_waiting(self) -> bool:
        """The first orders have not come yet."""
        return self.at == "orders" and not (self.health is not None and self.health.taken)

    def stop(self) -> Text | None:
        """Why one cannot go on from here, in one sentence; None when one can."""
        if self.off is not None:
            return self.off
        if self.busy:
            return Text(N_("The channel is being asked. Wait a moment."))
        if self.platform is None:
            return Text(N_("Choose a channel."))
        if self.at == "keys":
            lacks = next((Text(one.label) for one in self.platform.asks if not self._has(one)), None)
            return Text(N_("{field} is missing. Type it."), {"field": lacks}) if lacks else None
        if self.at == "test" and (self.tried is None or self.tried.wrong is not None):
            return Text(N_("The channel did not answer well. Correct the keys, then try again."))
        return None

    def _has(self, one: Asked) -> bool:
        return bool(one.is_optional or one.is_kept or self.typed.get(one.name, one.start).strip())


class ConnectShop(Screen[State]):
    """Verbs of the guide."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._secrets: dict[str, str] = {}

    async def refresh(self, changes: Changes | None = None) -> None:
        """See whether the hub can be asked."""
        if changes is None or changes.line or changes.sync:
            self.put(off=self._off())

    async def open(self, shop: str) -> None:
        """Begin with a shop."""
        self.leave()
        refs = await self.desk.look(Views.refs)
        title = refs.shops[shop].title if shop in refs.shops else shop
        at, now = zone_of(refs, shop), await self.desk.now()
        self.show(State(shop=shop, title=title, zone=at, now=now, off=self._off()))
        if self.state.off is not None:
            return
        with self._busy():
            told = await self.desk.ask_hub(lambda hub: hub.platforms(shop))
            shops = await self.desk.ask_hub(lambda hub: hub.shops())
        here = next((one.id for one in told.all if one.id == told.here), "")
        was = next(
            (one.channel for one in shops.shops if one.shop == shop and one.state in ("on", "off")), ""
        )
        self.put(platforms=told.all, channel=here, was=was)

    def leave(self) -> None:
        """Forget the keys that were typed."""
        self._secrets.clear()
        if self.state.typed:
            self.put(typed={})

    def choose(self, channel: str) -> None:
        """Say where the shop sells."""
        if channel != self.state.channel:
            self._secrets.clear()
            self.put(channel=channel, typed={}, tried=None)

    def type(self, name: str, value: str) -> None:
        """Take what was typed for one line."""
        platform = self.state.platform
        asked = next((one for one in platform.asks if one.name == name), None) if platform else None
        if asked is None:
            return
        shown = value
        if asked.type == "secret":
            self._secrets[name] = value
            shown = "•" if value else ""
        self.put(typed={**self.state.typed, name: shown}, tried=None)

    def since(self, days: int) -> None:
        """Say how far back orders are read."""
        self.put(days=days)

    async def next(self) -> None:
        """Go on; the channel is asked, or the keys are kept, where that is the step."""
        if (stop := self.state.stop()) is not None:
            self.put(notice=stop)
            return
        following = STEPS[min(STEPS.index(self.state.at) + 1, len(STEPS) - 1)]
        if following == "orders":
            await self._begin()
        self.put(at=following, notice=None)
        if following == "test":
            await self.try_out()
        elif following == "orders":
            await self.watch()

    async def try_out(self) -> None:
        """Have the hub make one call with these keys."""
        shop, keys = self.state.shop, self._keys()
        self.put(tried=None, notice=None)
        with self._busy():
            try:
                tried = await self.desk.ask_hub(lambda hub: hub.try_shop(shop, keys))
            except Trouble as trouble:  # what was typed is wrong, or the hub is away: it stays said here
                tried = Tried(wrong=trouble.hint)
            self.put(tried=tried)

    def back(self) -> None:
        """Go one step back; what is connected stays so."""
        if self.state.at not in ("channel", "orders"):
            self.put(at=STEPS[STEPS.index(self.state.at) - 1], notice=None)

    def go(self, step: str) -> None:
        """Go back to a step."""
        if self.state.at != "orders" and STEPS.index(step) < STEPS.index(self.state.at):
            self.put(at=step, notice=None)

    async def watch(self) -> None:
        """See what came of the shop so far."""
        shop = self.state.shop
        try:
            told = await self.desk.ask_hub(lambda hub: hub.shops())
        except Trouble as trouble:
            self.put(notice=trouble.hint)
            return
        self.put(health=next((one for one in told.shops if one.shop == shop), None), notice=None)

    async def _begin(self) -> None:
        shop, keys = self.state.shop, self._keys()
        with self._busy():
            begun = await self.desk.ask_hub(lambda hub: hub.connect_shop(shop, keys))
        self.leave()
        self.put(begun=begun)

    def _keys(self) -> ShopKeys:
        state = self.state
        plain = {n: v for n, v in state.typed.items() if n not in self._secrets}
        asked = {one.name: one.start for one in state.platform.asks if one.start} if state.platform else {}
        return ShopKeys(channel=state.channel, settings=asked | plain | self._secrets, days=state.days)

    def _off(self) -> Text | None:
        if not self.desk.may(CONNECTS):
            return Text(NO_RIGHT)
        if self.desk.link().state in ("offline", "starting"):
            return Text(N_("Offline: only the hub talks to channels. Wait until the line is back."))
        return None

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self.put(busy=True)
        try:
            yield
        finally:
            self.put(busy=False)
