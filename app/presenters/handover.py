"""Handover: what is open when a shift ends, signed by whoever leaves, read and signed by whoever comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from typing_extensions import override

from app.colleagues import beside, submit_beside
from app.command import Command, Refs
from app.commands.leave_shift import LeaveShift
from app.commands.take_shift import TakeShift, claimed_of
from app.desk import Act, Desk, zone_of
from app.domain.handover import LINES_MOST, NOTE_MOST, TITLES, Handover, Open
from app.domain.scopes import Sees, reach_of
from app.handing import Since, since
from app.kinds import kind_of
from app.lanes import Lane
from app.listing import Listing
from app.ports import Changes, Login, Replica, Sheets, Value, Views, touches
from app.printing import folder_setting
from app.text import N_, Text

NOW, PAGE, EARLIER = "now", "page", "earlier"
SPLITS = (NOW, PAGE, EARLIER)
"""What is open now; one signed page; all of them."""
WHOLE = "*"
"""Stands among the sentences for that about the whole."""
COLUMNS = (
    N_("What is open"), N_("Order"), N_("Why it is open"), N_("Whose"), N_("Until (UTC)"), N_("Sentence"),
    N_("Since then"),
)  # fmt: skip
SINCE: Mapping[Since, str] = {
    Since.SAME: N_("Unchanged"),
    Since.DONE: N_("Done"),
    Since.OWNER: N_("With {who} now"),
    Since.MOVED: N_("Another time"),
    Since.NEW: N_("New since"),
}
"""What the screen says of what became of a line."""
Say = Callable[[Text], str]
_OPEN = Act(code="open", label=N_("Open order"), key="Enter")
_NOTE = Act(code="note", label=N_("Add a sentence"), key="N")
_WHOLE = Act(code="whole", label=N_("About the whole"), key="A")
_PASS = Act(code="pass", label=N_("Pass my claims on"), key="P")
_KEEP = Act(code="pass", label=N_("Keep my claims"), key="P")
_READ = Act(code="read", label=N_("Read this page"), key="Enter", kind="primary")
_WRITE = Act(code="write", label=N_("Save as file"), key="E", kind="quiet")
_BESIDE = Act(code="beside", label=N_("Second person here"), key="B")
_PLACE = Act(code="place", label=N_("Other warehouse"), key="W", kind="quiet")


class State(msgspec.Struct, frozen=True, kw_only=True):
    split: str = NOW
    warehouse: str = ""
    places: tuple[tuple[str, str], ...] = ()
    """(warehouse, name) of where this person may sign; an empty code is the whole desk."""
    lines: tuple[Open, ...] = ()
    """What is open now and has room on a page, with the sentences of whoever sits here."""
    more: int = 0
    """What is open beside."""
    new: tuple[Open, ...] = ()
    """What the page does not know of."""
    remark: str = ""
    passes: bool = False
    pages: tuple[Handover, ...] = ()
    page: Handover | None = None
    became: Mapping[str, Since] = {}
    """What became of each line of the page, and what is new."""
    here: str = ""
    acts: tuple[Act, ...] = ()
    names: Mapping[str, str] = {}
    kinds: Mapping[str, str] = {}
    """What the types of exceptions on screen are called."""
    now: datetime | None = None
    zone: str = "UTC"
    exports: str = ""
    written: tuple[str, int] | None = None
    is_loaded: bool = False
    notice: Text | None = None
    beside: tuple[tuple[str, str], ...] = ()
    """(person, name) of those who may take the page over on this screen, with a PIN or a badge."""

    @property
    def shown(self) -> tuple[Open, ...]:
        """The lines in the table; below those of a page, what is new since."""
        if self.split != PAGE or self.page is None:
            return self.lines if self.split == NOW else ()
        return (*self.page.lines, *self.new)

    @property
    def current(self) -> Open | None:
        """The line under the keys."""
        return next((one for one in self.shown if one.key == self.here), None)

    @property
    def place(self) -> str:
        """What the place is called."""
        return dict(self.places).get(self.warehouse, self.warehouse)

    def title(self, line: Open) -> str:
        """Say what is open: the type of an exception, or what else waits."""
        return self.kinds.get(line.kind) or TITLES[line.what]

    def since(self, line: Open) -> Text:
        """Say what became of a line of the page."""
        became = self.became.get(line.key, Since.SAME)
        if became is not Since.OWNER:
            return Text(SINCE[became])
        owner = next((one.owner for one in self.lines if one.key == line.key), "")
        if not owner:
            return Text(N_("With nobody now"))
        return Text(SINCE[became], {"who": self.names.get(owner, owner)})


class HandoverDesk(Listing[State]):
    """Verbs of the handover page."""

    def __init__(self, desk: Desk, sheets: Sheets, lane: Lane) -> None:
        super().__init__(desk, State())
        self._sheets, self._lane = sheets, lane
        self._login_id = ""

    @override
    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what is open and what was signed; sentences half written are where they were left."""
        if changes is not None and not touches(changes, "order", "snag", "case", "handover", "warehouse"):
            return
        login, refs = self.desk.login, await self.desk.look(Views.refs)
        if login.login_id != self._login_id:
            self._login_id = login.login_id
            self.show(State())
        places = _places(login, refs)
        codes = [code for code, _ in places]
        warehouse = self.state.warehouse if self.state.warehouse in codes else _first(login, codes)
        found = tuple(await self.desk.look(Views.open_work, warehouse))
        pages = tuple(await self.desk.look(Views.handovers, warehouse))
        words = await self.desk.keep(Replica.draft, _draft(warehouse))
        here = self.state
        known = next((one for one in pages if here.page is not None and one.id == here.page.id), None)
        page = known or next(iter(pages), None)
        place = refs.warehouses.get(warehouse)
        became = since(page, found) if page is not None else {}
        lines = found[:LINES_MOST]
        self._others = {one.user.code: one for one in beside(refs, login.user.code, "take_shift")}
        self._show(
            msgspec.structs.replace(
                here,
                warehouse=warehouse,
                places=places,
                lines=tuple(msgspec.structs.replace(one, remark=words.get(one.key, "")) for one in lines),
                more=len(found) - len(lines),
                new=tuple(one for one in found if became.get(one.key) is Since.NEW),
                remark=words.get(WHOLE, ""),
                pages=pages,
                page=page,
                became=became,
                names={code: user.title for code, user in refs.users.items()},
                kinds=_kinds((*found, *(page.lines if page is not None else ())), refs),
                now=await self.desk.now(),
                beside=tuple((code, one.user.title) for code, one in self._others.items()),
                zone=place.zone if place is not None else zone_of(refs),
                exports=await self.desk.keep(Replica.setting, folder_setting("exports")),
                is_loaded=True,
            )
        )

    @override
    def choose(self, key: str) -> None:
        """Look at another line, or at another of the earlier pages."""
        if key != self.state.here:
            self._show(msgspec.structs.replace(self.state, here=key))

    @override
    async def turn(self, split: str) -> None:
        """Show what is open now, a signed page, or the earlier ones."""
        self._show(msgspec.structs.replace(self.state, split=split, here="", notice=None, written=None))
        await self.refresh()

    async def read(self, id: str) -> None:
        """Show an earlier page, with what became of it."""
        page = next((one for one in self.state.pages if one.id == id), None)
        if page is not None:
            self._show(msgspec.structs.replace(self.state, page=page))
            await self.turn(PAGE)

    async def next_place(self) -> None:
        """Go on to the next warehouse, round and round."""
        codes = [code for code, _ in self.state.places]
        at = codes.index(self.state.warehouse) + 1
        fresh = State(split=self.state.split, warehouse=codes[at % len(codes)])
        self._show(msgspec.structs.replace(fresh, places=self.state.places))
        await self.refresh()

    async def say(self, words: str, *, of: str = "") -> None:
        """Keep a sentence about a line, or about the whole; it outlives the program."""
        draft = {one.key: one.remark for one in self.state.lines if one.remark}
        said = {**draft, WHOLE: self.state.remark, of or WHOLE: " ".join(words.split())[:NOTE_MOST]}
        kept = {key: text for key, text in said.items() if text and text != "-"}
        await self.desk.keep(Replica.save_draft, _draft(self.state.warehouse), kept)
        await self.refresh()

    def pass_on(self) -> None:
        """Say whether what this person has claimed goes to whoever takes over."""
        self._show(msgspec.structs.replace(self.state, passes=not self.state.passes))

    async def sign(self) -> None:
        """Sign what is on the screen: the page one leaves, or the one that was left."""
        state = self.state
        if state.split == NOW:
            fresh = await self.desk.keep(Replica.fresh_id)
            await self._give(
                LeaveShift(
                    id=fresh,
                    warehouse=state.warehouse,
                    lines=state.lines,
                    more=state.more,
                    remark=state.remark,
                    passes=state.passes,
                )
            )
        elif state.split == PAGE and state.page is not None:
            await self._give(self._taking(state.page, self.desk.login))

    async def take_beside(self, user: str, secret: str) -> None:
        """Let a colleague who stands here too put their name under the page; nobody signs in or out."""
        page, who = self.state.page, self._others.get(user)
        if page is None or who is None:
            return
        done = await submit_beside(self.desk, self._taking(page, who), user, secret, "handover")
        self.put(notice=done.refusal.text if done.refusal else None)
        await self.refresh()

    async def write(self, path: str, say: Say) -> None:
        """Write the lines to a file, in the words `say` makes of them.

        Raises:
            Trouble: the file cannot be written there; nothing of it stays.
        """
        state = self.state
        titles = [say(Text(one)) for one in COLUMNS]
        rows = [_cells(one, state, say) for one in state.shown]
        await self._lane.run(_write, self._sheets, path, titles, rows)
        self._show(msgspec.structs.replace(state, written=(path, len(rows)), notice=None))

    def _taking(self, page: Handover, who: Login) -> TakeShift:
        """Take over with the claims that are still its author's and that `who` may have."""
        gone = {key for key, became in self.state.became.items() if became in (Since.DONE, Since.OWNER)}
        claims = tuple(claimed_of(one) for one in page.claims if one.key not in gone)
        return TakeShift(
            id=page.id,
            warehouse=page.warehouse,
            seal=page.seal,
            claims=claims if "claim" in who.grants else (),
        )

    async def _give(self, command: Command) -> None:
        done = await self.desk.submit(command, "handover")
        if done.refusal is None and isinstance(command, LeaveShift):
            await self.desk.keep(Replica.drop_draft, _draft(command.warehouse))
            fresh = msgspec.structs.replace(self.state, page=None, passes=False, split=PAGE, here="")
            self.show(fresh)
        self.show(msgspec.structs.replace(self.state, notice=done.refusal.text if done.refusal else None))
        await self.refresh()

    def _show(self, state: State) -> None:
        self.show(msgspec.structs.replace(state, acts=tuple(self._acts(state))))

    def _acts(self, state: State) -> list[Act]:
        places = [_PLACE] if len(state.places) > 1 else []
        if not state.is_loaded:
            return []
        if state.split == EARLIER:
            return [*([_READ] if state.pages else []), *places]
        line = [_OPEN] if state.current is not None and not state.current.is_case else []
        files = [_WRITE] if state.shown else []
        if state.split == NOW:
            me = self.desk.login.user.code
            mine = [_KEEP if state.passes else _PASS] if _has_claims(state.lines, me) else []
            note = [_NOTE] if state.current is not None else []
            return [_signing(N_("Sign and leave")), *note, _WHOLE, *mine, *line, *files, *places]
        if state.page is None:
            return places
        sign = [] if state.page.taken_by else [_signing(N_("Take over"), self._why_not(state.page))]
        aside = [_BESIDE] if sign and state.beside else []
        return [*sign, *aside, *line, *files, *places]

    def _why_not(self, page: Handover) -> Text | None:
        if page.left_by == self.desk.login.user.code:
            return Text(N_("You signed it. Somebody else takes it over."))
        return None


def _signing(label: str, reason: Text | None = None) -> Act:
    return Act(code="sign", label=label, key="S", kind="primary", is_ready=reason is None, reason=reason)


def _has_claims(lines: Sequence[Open], me: str) -> bool:
    return any(one.is_claimed and one.owner == me for one in lines)


def _draft(warehouse: str) -> str:
    return f"handover/{warehouse}"


def _places(login: Login, refs: Refs) -> tuple[tuple[str, str], ...]:
    """Return where somebody's shift may end; only who works on the floor has no whole desk."""
    reach = reach_of(login.user, login.grants)
    mine = reach.warehouses or tuple(refs.warehouses)
    named = tuple((code, refs.called("warehouse", code)) for code in mine if code in refs.warehouses)
    return named if reach.sees is Sees.FLOOR else (("", ""), *named)


def _first(login: Login, codes: Sequence[str]) -> str:
    return login.user.warehouse if login.user.warehouse in codes else next(iter(codes), "")


def _kinds(lines: Sequence[Open], refs: Refs) -> dict[str, str]:
    return {one.kind: kind_of(one.kind, refs.snag_rules).title for one in lines if one.kind}


def _cells(line: Open, state: State, say: Say) -> list[Value]:
    until = line.until.strftime("%Y-%m-%d %H:%M") if line.until is not None else ""
    became = say(state.since(line)) if state.split == PAGE else ""
    whose = state.names.get(line.owner, line.owner)
    return [say(Text(state.title(line))), line.number, say(line.why), whose, until, line.remark, became]


def _write(sheets: Sheets, path: str, titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet = sheets.open(path, titles)
    try:
        sheet.write(rows)
        sheet.close()
    except BaseException:
        sheet.drop()
        raise
