"""The import wizard: from files in a folder to orders, every row accounted for, and the way back.

The hub reads, matches, rehearses and takes the rows; this screen asks it, one question at a time. What a
person chose by hand is handed back with every question, so that no guess overrides it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from app.desk import Desk, Screen, zone_of
from app.imports import (
    ColumnMatch,
    FileLook,
    ImportRow,
    Imports,
    Matching,
    Reading,
    Sample,
    UndoPlan,
    lacking,
    untried,
)
from app.lanes import Lane
from app.ports import Changes, Replica, Views
from app.printing import folder_setting
from app.text import N_, Text
from app.trouble import Trouble

GRANT = "import_file"
STEPS = ("files", "reading", "columns", "preview", "trial", "run")
FOLDER, SHOP = "import/folder", "import/shop"
"""What the desk remembers between two imports."""
SIGNED_OUT = N_("Sign in first.")
OFFLINE = N_("Offline: a file goes to the hub. Wait until the line is back.")
NO_RIGHT = N_("You may look. A clerk of orders or a lead imports files.")

P = ParamSpec("P")
R = TypeVar("R")


class State(msgspec.Struct, frozen=True, kw_only=True):
    at: str = "files"
    files: tuple[FileLook, ...] = ()
    file: str = ""
    """The file whose reading is in front."""
    shop: str = ""
    shops: tuple[tuple[str, str, str], ...] = ()
    """(code, title, channel)"""
    matching: Matching = Matching()
    column: str = ""
    """The column under the keys."""
    sample: Sample = Sample()
    trial: ImportRow | None = None
    """The rehearsal: under way, or with what it came to."""
    run: ImportRow | None = None
    case: str = ""
    """The exception whose rows these are; they came in a file that is gone."""
    plan: UndoPlan | None = None
    past: tuple[ImportRow, ...] = ()
    off: Text | None = None
    """Why nothing can be asked of the hub now."""
    busy: Text | None = None
    folder: str = ""
    exports: str = ""
    """The folder this desk has for exports; empty is the usual one."""
    saved: Text | None = None
    """Where the rejected rows were written."""
    zone: str = "UTC"
    now: datetime | None = None
    notice: Text | None = None
    is_loaded: bool = False

    @property
    def look(self) -> FileLook | None:
        """The file whose reading is in front."""
        return next((each for each in self.files if each.id == self.file), None)

    @property
    def match(self) -> ColumnMatch | None:
        """The column under the keys."""
        return next((each for each in self.matching.columns if each.key == self.column), None)

    @property
    def is_moving(self) -> bool:
        """An import in view goes on by itself."""
        front = (self.front,) if self.front is not None else self.past
        return any(each.is_moving for each in front)

    @property
    def front(self) -> ImportRow | None:
        """The run in front: the import, or its rehearsal."""
        return self.run if self.at == "run" else self.trial if self.at == "trial" else None

    def stop(self) -> Text | None:
        """Why one cannot go on from here, in one sentence; None when one can."""
        if self.off is not None:
            return self.off
        if self.at == "files":
            return _lacking_file(self)
        if self.at == "columns" and (said := lacking(self.matching)):
            return said[0]
        if self.at == "trial":
            return untried(self.trial, is_retaken=bool(self.case))
        return None


class ImportFile(Screen[State]):
    """Verbs of the wizard."""

    def __init__(self, desk: Desk, imports: Imports, lane: Lane) -> None:
        super().__init__(desk, State())
        self._imports, self._lane = imports, lane
        self._manual: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}

    # --- look ---------------------------------------------------------------------------------------

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read shops, past imports and how the line stands."""
        if changes is not None and not (changes.sync or changes.touches("shop")):
            return
        off = self._off()
        shops, past = self.state.shops, self.state.past
        if self.desk.is_signed_in:
            refs = await self.desk.look(Views.refs)
            self._names = {each.code: each.title for each in await self.desk.look(Views.people)}
            shops = tuple((code, shop.title, shop.channel) for code, shop in refs.shops.items())
            exports = await self.desk.keep(Replica.setting, folder_setting("exports"))
            self.put(zone=zone_of(refs), now=await self.desk.now(), exports=exports)
        if not self.state.is_loaded:
            self.put(
                folder=await self.desk.keep(Replica.setting, FOLDER),
                shop=_known(await self.desk.keep(Replica.setting, SHOP), shops),
            )
        if off is None and (changes is None or self.state.off is not None):
            past = await self._past()
        self.put(off=off, shops=shops, past=past, is_loaded=True)

    async def watch(self) -> None:
        """See how far the import is; a hub that does not answer goes on with it all the same."""
        run = self.state.front
        try:
            if run is None or not run.is_moving:
                await self._reload_past()
                return
            row = await self._row(run.id)
        except Trouble as trouble:
            if not trouble.retry:
                raise
            self.put(notice=Text(N_("The hub does not answer just now. The import goes on there.")))
            return
        if self.state.front is not None and self.state.front.id == row.id:
            self.put(**{self.state.at: row}, notice=None)
        if not row.is_moving:
            await self._reload_past()

    # --- files --------------------------------------------------------------------------------------

    async def take(self, paths: Sequence[str]) -> None:
        """Show the hub these files; those of an import that is over make room for them."""
        if (off := self._off()) is not None:
            self.put(off=off, notice=off)
            return
        if self.state.run is not None:
            self.anew()
        self.put(at="files", notice=None)
        for path in paths:
            with self._busy(Text(N_("Reading {name}"), {"name": PurePath(path).name})):
                look = await self._ask(Imports.look, path, Reading())
            others = tuple(each for each in self.state.files if each.name != look.name)
            self.put(files=(*others, look), file=self.state.file or look.id, matching=Matching())
        if paths:
            folder = str(PurePath(paths[-1]).parent)
            await self.desk.keep(Replica.set_setting, FOLDER, folder)
            self.put(folder=folder)

    async def retake(self, case: str) -> None:
        """Have the rows of a case matched anew, as they came; it ends when every one of them is in."""
        if (off := self._off()) is not None:
            self.put(off=off, notice=off)
            return
        self.anew()
        with self._busy(Text(N_("Fetching the rows that were not taken"))):
            again = await self._ask(Imports.retake, case)
        self.put(at="columns", files=(again.file,), file=again.file.id, shop=again.shop, case=case)
        await self._match()

    def leave_out(self, file: str) -> None:
        """Take one file off the list; nothing of it was kept."""
        files = tuple(each for each in self.state.files if each.id != file)
        front = self.state.file if self.state.file != file else next((each.id for each in files), "")
        self.put(files=files, file=front, matching=Matching())

    async def choose_shop(self, code: str) -> None:
        """Say whose orders these are."""
        await self.desk.keep(Replica.set_setting, SHOP, code)
        self.put(shop=code, matching=Matching(), notice=None)

    # --- how they are read --------------------------------------------------------------------------

    def show_file(self, file: str) -> None:
        """Look at how another file is read."""
        self.put(file=file)

    async def read(self, **changes: str | int) -> None:
        """Read the file in front another way."""
        look = self.state.look
        if look is None:
            return
        reading = msgspec.structs.replace(look.reading, **changes)
        with self._busy(Text(N_("Reading {name}"), {"name": look.name})):
            again = await self._ask(Imports.look_again, look.id, reading)
        files = tuple(again if each.id == look.id else each for each in self.state.files)
        self.put(files=files, file=again.id, matching=Matching())

    # --- columns ------------------------------------------------------------------------------------

    def show_column(self, key: str) -> None:
        """Look at one column."""
        self.put(column=key)

    async def assign(self, column: str, field: str) -> None:
        """Let a column fill a field, or none; from now on nothing else decides that."""
        if column:
            self._manual[column] = (field, "")
            await self._match()

    async def write_as(self, column: str, reading: str) -> None:
        """Say how the values of a column are written."""
        match = next((each for each in self.state.matching.columns if each.key == column), None)
        if match is not None:
            self._manual[column] = (match.field, reading)
            await self._match()

    async def say(self, option: str, value: str) -> None:
        """Answer what is asked of the files as a whole."""
        self._manual[option] = (value, "")
        await self._match()

    async def let_guess(self) -> None:
        """Take back what was chosen by hand for the column under the keys."""
        if self._manual.pop(self.state.column, None) is not None:
            await self._match()

    # --- steps --------------------------------------------------------------------------------------

    async def next(self) -> None:
        """Go on; the hub answers what the next step shows."""
        if (stop := self.state.stop()) is not None:
            self.put(notice=stop)
            return
        following = STEPS[min(STEPS.index(self.state.at) + 1, len(STEPS) - 1)]
        if following == "columns":
            await self._match()
        elif following == "preview":
            with self._busy(Text(N_("Reading the first rows"))):
                self.put(sample=await self._ask(Imports.sample, *self._asked()))
        elif following == "trial":
            with self._busy(Text(N_("Trying every row; nothing is written"))):
                self.put(trial=await self._row(await self._ask(Imports.rehearse, *self._asked())))
        elif following == "run":
            await self._begin()
        self.put(at=following, notice=None)

    def back(self) -> None:
        """Go one step back; a run is left for the list of imports, and goes on."""
        if self.state.plan is not None:
            self.put(plan=None)
        elif self.state.at == "run":
            self.anew()
        elif self.state.at != "files":
            self.go(STEPS[STEPS.index(self.state.at) - 1])

    def go(self, step: str) -> None:
        """Go back to a step."""
        if STEPS.index(step) < STEPS.index(self.state.at) and self.state.at != "run":
            self.put(at=step, notice=None)

    def anew(self) -> None:
        """Begin with nothing chosen; an import under way goes on."""
        self._manual.clear()
        kept = ("shop", "shops", "past", "off", "folder", "exports", "zone", "now", "is_loaded")
        self.show(State(**{name: getattr(self.state, name) for name in kept}))

    # --- run ----------------------------------------------------------------------------------------

    async def open(self, id: str) -> None:
        """Look at an import, under way or past."""
        row = await self._row(id)
        self.put(at="run", run=row, plan=None, saved=None, notice=None)

    async def cancel(self) -> None:
        """Take, or try, no further rows; what is in stays in."""
        if self.state.front is not None:
            await self._ask(Imports.stop, self.state.front.id)
            await self.watch()

    async def plan_undo(self) -> None:
        """See what taking the file back would cancel and what would stay."""
        if self.state.run is not None:
            with self._busy(Text(N_("Looking which orders were touched"))):
                self.put(plan=await self._ask(Imports.undo_plan, self.state.run.id))

    async def undo(self) -> None:
        """Take the file back, as planned."""
        run = self.state.run
        if run is None:
            return
        await self._ask(Imports.undo, run.id)
        self.put(plan=None, run=await self._row(run.id))
        await self._reload_past()

    async def save_rejected(self, path: str) -> None:
        """Write the rows that were not taken to a file; the next files are looked for beside it."""
        run = self.state.run
        if run is not None:
            count = await self._ask(Imports.save_rejected, run.id, path)
            message = N_("{count} rows saved in {path}. Correct them and import that file.")
            if len(run.files) > 1:
                message = N_("{count} rows saved in {path}. Unpack, correct and import them together.")
            self.put(saved=Text(message, {"count": count, "path": path}), folder=str(PurePath(path).parent))

    # --- within -------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        with self._busy(Text(N_("Handing the rows over"))):
            begun = await self._ask(Imports.begin, *self._asked())
            self.put(run=await self._row(begun), plan=None, saved=None)
            await self._reload_past()

    async def _match(self) -> None:
        files = [each.id for each in self.state.files]
        with self._busy(Text(N_("Matching the columns"))):
            matching = await self._ask(Imports.match, self.state.shop, files, self._manual)
        keys = [each.key for each in matching.columns]
        column = self.state.column if self.state.column in keys else next(iter(keys), "")
        self.put(matching=matching, column=column, trial=None, sample=Sample())

    def _asked(self) -> tuple[str, list[str], Matching]:
        return self.state.shop, [each.id for each in self.state.files], self.state.matching

    async def _reload_past(self) -> None:
        self.put(past=await self._past())

    async def _past(self) -> tuple[ImportRow, ...]:
        return tuple(self._named(row) for row in await self._ask(Imports.past))

    async def _row(self, id: str) -> ImportRow:
        return self._named(await self._ask(Imports.row, id))

    def _named(self, row: ImportRow) -> ImportRow:
        """Call who began it by name."""
        return msgspec.structs.replace(row, by=self._names.get(row.by, row.by))

    async def _ask(
        self, question: Callable[Concatenate[Imports, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        bound: Callable[P, R] = getattr(self._imports, question.__name__)
        return await self._lane.run(bound, *args, **kwargs)

    def _off(self) -> Text | None:
        if not self.desk.is_signed_in:
            return Text(SIGNED_OUT)
        if not self.desk.may(GRANT):
            return Text(NO_RIGHT)
        if self.desk.link().state in ("offline", "starting"):
            return Text(OFFLINE)
        return None

    @contextmanager
    def _busy(self, what: Text) -> Iterator[None]:
        self.put(busy=what)
        try:
            yield
        finally:
            self.put(busy=None)


def _lacking_file(state: State) -> Text | None:
    if not state.files:
        return Text(N_("Choose a file first."))
    if not state.shop:
        return Text(N_("Say whose orders these are."))
    return None


def _known(code: str, shops: Sequence[tuple[str, str, str]]) -> str:
    """The shop remembered, where it still exists; the only one, where there is one."""
    codes = [each for each, *_ in shops]
    return code if code in codes else codes[0] if len(codes) == 1 else ""
