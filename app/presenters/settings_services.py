"""Services: the systems a company has that the hub does something at, how each does, and its keys.

Keys are held here only until the hub has them: none comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from typing_extensions import override

from app.command import Refs
from app.desk import Desk
from app.domain.effect import KINDS
from app.domain.event import listed
from app.domain.outbound import CONNECTS_SERVICES, OWNS, AskService, OutService
from app.domain.voucher import TITLES, Account
from app.editor import NEW, Input, Item, Wrong
from app.hub_editor import HubEditor
from app.ports import HubPort
from app.text import N_, Text
from app.trouble import Trouble

MAPS = {
    "carriers": (N_("Carriers it knows"), N_("Our code = its code, one a line, like SF = shunfeng")),
    "warehouses": (N_("Warehouses it sends from"), N_("Our code = its code, one a line, like SZ = WMS-SZ")),
    "shops": (N_("Shops it hears of"), N_("Our code = its code or account book, one a line: TM1 = 001")),
}
READS = (
    ("masked", Text(N_("Masked names and phones, no street"))),
    ("full", Text(N_("All of it; each reading is noted"))),
)
LABELS, INVOICES, BUYERS, VOUCHERS = "label", "invoice", "customer", "voucher"


class SettingsServices(HubEditor):
    """Verbs of the section. `service` is the one in front, as the hub tells it."""

    verb = CONNECTS_SERVICES
    may_add = True
    why_closed = N_("Administrators connect systems.")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: dict[str, OutService] = {}
        self.as_of: datetime | None = None
        self._base = ""
        """Of what kind the new one is, whose form is open."""

    @property
    def service(self) -> OutService | None:
        """The system in front."""
        return None if self.state.is_new else self._all.get(self.state.here)

    @override
    async def load(self) -> None:
        told = await self.desk.ask_hub(lambda hub: hub.services())
        self._all, self.as_of = {one.name: one for one in told.all}, told.as_of

    @override
    async def add(self) -> None:
        """Begin another one of the kind in front: a second warehouse, a CRM that may read more."""
        one = self._all.get(self.state.here)
        if one is not None and one.state != "none":
            self._base = one.manifest
            await super().add()

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(code=one.name, title=one.title, note=in_short(one), mark=standing(one)[0],
                 state=Text(standing(one)[1]))
            for one in self._all.values()
        )  # fmt: skip

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = self._all.get(code)
        if code == NEW:
            like = next((each for each in self._all.values() if each.manifest == self._base), None)
            if like is None:
                return ()
            hint = Text(N_("Letters, digits and _, like wms_east. Its address at the hub ends with it."))
            fresh = msgspec.structs.replace(
                like, asks=tuple(msgspec.structs.replace(ask, is_kept=False) for ask in like.asks),
                carriers={}, warehouses={}, shops={}, accounts={}, reads="masked", labels=False, state="none",
            )  # fmt: skip
            return (Input(name="code", label=N_("Code"), value="", hint=hint), *_inputs(fresh))
        return _inputs(one) if one is not None else ()

    @override
    async def save(self) -> None:
        """Give the hub what was typed; it is at work with it from then on."""
        name = self.state.here if not self.state.is_new else self._answers.get("code", "").strip()
        if self.why_not_keep() is not None:
            return
        if self.state.is_new and name in self._all:
            self._mark(Wrong("code", Text(N_("This code is taken. Choose another one."))))
            return
        asked = self._asking("keep", name)
        if isinstance(asked, Wrong):
            self._mark(asked)
            return
        await self._have(name, asked)

    async def try_out(self) -> None:
        """Have the hub ask there once; nothing is kept, and nothing made there."""
        name = self.state.here if not self.state.is_new else self._answers.get("code", "").strip()
        asked = self._asking("try", name)
        if isinstance(asked, Wrong):
            self._mark(asked)
            return
        try:
            said = await self.desk.ask_hub(lambda hub: hub.ask_service(name or "new", asked))
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        self.show(msgspec.structs.replace(self.state, notice=said.text))

    async def turn(self) -> None:
        """Let the system in front rest, or go on where it was left."""
        one = self.service
        if one is not None and self.why_not_turn() is None:
            await self._have(one.name, AskService(deed="rest" if one.state == "on" else "go_on"))

    @override
    async def end_this(self) -> None:
        """Disconnect the one in front: its keys are forgotten, what waits stays here."""
        if self.why_not_end() is None:
            await self._have(self.state.here, AskService(deed="end"))

    def why_not_keep(self) -> Text | None:
        """Say why the form cannot be kept; None when it can."""
        if not self.state.may:
            return Text(self.why_closed)
        one = self.service
        return Text(_IN_FILE) if one is not None and one.state == "file" else None

    def why_not_turn(self) -> Text | None:
        """Say why the one in front can neither rest nor go on; None when it can."""
        one = self.service
        if one is None or one.state == "none":
            return Text(N_("It is not connected yet."))
        return self.why_not_keep()

    @override
    def why_not_end(self) -> Text | None:
        return self.why_not_turn()

    @override
    def is_over(self, code: str) -> bool:
        return False

    @override
    def end(self, hub: HubPort, code: str) -> None:
        hub.ask_service(code, AskService(deed="end"))

    @override
    def ended(self, code: str) -> Text:
        return Text(N_("{name} is disconnected, and its keys are forgotten."), {"name": code})

    async def _have(self, name: str, asked: AskService) -> None:
        try:
            said = await self.desk.ask_hub(lambda hub: hub.ask_service(name, asked))
        except Trouble as trouble:
            self.show(msgspec.structs.replace(self.state, notice=trouble.hint))
            return
        self._answers = {}
        await self._stand(name)
        here = name if name in self._all else next(iter(self._all), NEW)
        if here != name:
            await self.choose(here)
        self.show(msgspec.structs.replace(self.state, notice=said.text))

    def _asking(self, deed: str, name: str) -> AskService | Wrong:
        manifest = self._base if self.state.is_new else self._all[name].manifest
        said = self._answers
        maps: dict[str, dict[str, str]] = {}
        for word in (*MAPS, "accounts"):
            read = read_map(said.get(word, ""))
            if read is None:
                return Wrong(word, Text(N_("Write each line like SZ = WMS-SZ.")))
            maps[word] = read
        own = {*MAPS, "accounts", "reads", "labels", "code"}
        tree = {
            "deed": deed,
            "manifest": manifest,
            "settings": {key: value for key, value in said.items() if key not in own and value.strip()},
            "reads": said.get("reads", "masked"),
            "labels": bool(said.get("labels")),
            **maps,
        }
        return msgspec.convert(tree, AskService)


_IN_FILE = N_("The operator connects this one in a file. Change it there.")


def _inputs(one: OutService) -> tuple[Input, ...]:
    is_fixed = one.state == "file"
    asked = [
        Input(
            name=ask.name, label=ask.label, value=ask.start,
            kind="secret" if ask.type == "secret" else "text",
            group=N_("Access"), is_fixed=is_fixed,
            hint=Text(N_("The hub has it. Left empty it stays.")) if ask.is_kept else None,
        )
        for ask in one.asks
    ]  # fmt: skip
    rest = [
        Input(
            name=word, label=MAPS[word][0], value=written_map(getattr(one, word)), kind="lines",
            group=N_("What it is for"), is_fixed=is_fixed, hint=Text(MAPS[word][1]),
        )
        for word in one.takes
    ]  # fmt: skip
    group = N_("What it is for")
    if VOUCHERS in one.does:
        about = "{code} ({title})"
        titles = [Text(about, {"code": str(each), "title": Text(TITLES[each])}) for each in Account]
        rest.append(Input(
            name="accounts", label=N_("Accounts that are not the usual ones"),
            value=written_map(one.accounts), kind="lines", group=group, is_fixed=is_fixed,
            hint=Text(N_("Like tax = 2221, one a line. There are: {known}"), {"known": listed(titles)}),
        ))  # fmt: skip
    if BUYERS in one.does:
        rest.append(Input(
            name="reads", label=N_("What it is told of buyers"), value=one.reads, kind="combo", group=group,
            options=READS, is_fixed=is_fixed,
        ))  # fmt: skip
    if LABELS in one.does:
        rest.append(Input(
            name="labels", label=N_("It gives the labels"), value="1" if one.labels else "", kind="check",
            group=group, is_fixed=is_fixed, hint=Text(N_("One system gives the labels of all carriers.")),
        ))  # fmt: skip
    return (*asked, *rest)


def read_map(text: str) -> dict[str, str] | None:
    """Read lines of `ours = theirs`; None where one is no such line."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        ours, sign, theirs = (part.strip() for part in line.partition("="))
        if line.strip() and not (ours and sign and theirs):
            return None
        if line.strip():
            found[ours] = theirs
    return found


def written_map(codes: Mapping[str, str]) -> str:
    """Write codes as they are typed."""
    return "\n".join(f"{ours} = {theirs}" for ours, theirs in codes.items())


def standing(one: OutService) -> tuple[str, str]:
    """Return the mark of a system and the word beside it."""
    if one.state == "none":
        return "not_yet", N_("Not connected")
    if one.state == "off":
        return "not_yet", N_("Rests")
    if any(each.failed for each in one.sent):
        return "stops", N_("Needs somebody")
    if any(each.troubled for each in one.sent):
        return "waits", N_("Not reached")
    return "met", N_("Well")


def in_short(one: OutService) -> Text:
    """Say what it does, or how much waits."""
    waiting = sum(each.waiting for each in one.sent)
    if waiting:
        return Text(N_("{count} wait"), {"count": waiting})
    return listed([Text(KINDS[kind]) for kind in one.does])


def wrong(one: OutService) -> tuple[Text, ...]:
    """Say what is wrong with a system, and what to do."""
    texts: list[Text] = []
    for each in one.sent:
        about: dict[str, str | int | Text] = {"what": Text(KINDS[each.kind]), "count": each.failed}
        if each.failed:
            texts.append(Text(N_("{what}: {count} were refused or are not known of. See the inbox."), about))
        if each.troubled:
            troubled = about | {"count": each.troubled}
            texts.append(
                Text(N_("{what}: {count} did not get through. They are sent by themselves."), troubled)
            )
    if one.state == "off":
        texts.append(Text(N_("It rests: what is meant for it waits here, in order.")))
    return tuple(texts)


def owned(one: OutService) -> Text | None:
    """Say which fields are this system's to say; None where it says none."""
    known = [Text(OWNS[kind]) for kind in one.does if kind in OWNS]
    return listed(known) if known else None
