"""What this desk prints on and where it puts files: a printer for each paper, two folders."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app import printing
from app.desk import Desk, Screen, zone_of
from app.domain.paper import Paper
from app.ports import Changes, Replica, Views
from app.printing import FOLDERS, Job, Setup
from app.text import Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    setups: tuple[Setup, ...] = ()
    folders: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By what is put there: papers | exports. Empty: the folder the system has for documents."""
    said: Text | None = None
    """Where the last test page came out."""
    is_fallback: bool = False
    is_loaded: bool = False
    notice: Text | None = None


class SettingsPapers(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what this desk remembers."""
        if changes is not None:
            return
        setups = tuple([await printing.setup(self.desk, paper) for paper in Paper])
        kept = {
            what: await self.desk.keep(Replica.setting, printing.folder_setting(what)) for what in FOLDERS
        }
        self.show(msgspec.structs.replace(self.state, setups=setups, folders=kept, is_loaded=True))

    async def choose(self, paper: Paper, what: str, value: str) -> None:
        """Keep a printer, a size or a resolution for a paper."""
        await self.desk.keep(Replica.set_setting, printing.setting(paper, what), value)
        self.show(msgspec.structs.replace(self.state, said=None))
        await self.refresh()

    async def choose_folder(self, what: str, path: str) -> None:
        """Keep a folder; the page has looked whether files can be written there."""
        await self.desk.keep(Replica.set_setting, printing.folder_setting(what), path)
        await self.refresh()

    async def trial(self, paper: Paper) -> Job:
        """Return the test page of a paper: nobody's order, on the printer that is set."""
        zone = zone_of(await self.desk.look(Views.refs))
        content = printing.trial(paper, await self.desk.now(), zone)
        return Job(content=content, setup=await printing.setup(self.desk, paper))

    def tried(self, said: Text, *, is_fallback: bool) -> None:
        """Say where the test page came out."""
        self.show(msgspec.structs.replace(self.state, said=said, is_fallback=is_fallback))
