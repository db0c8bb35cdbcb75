"""A screen of rows in splits: what `widgets.split_page` asks of its presenter."""

from __future__ import annotations

from typing import Protocol, TypeVar

from app.desk import Act, Screen
from app.ports import Changes
from app.text import Text


class Listed(Protocol):
    """What its State says: the split that is on, the row under the keys, what can be done or was refused."""

    @property
    def split(self) -> str: ...
    @property
    def here(self) -> str: ...
    @property
    def acts(self) -> tuple[Act, ...]: ...
    @property
    def notice(self) -> Text | None: ...


L = TypeVar("L", bound=Listed)


class Listing(Screen[L]):
    """Rows in splits; the keys are on one of the rows."""

    async def refresh(self, changes: Changes | None = None) -> None:
        """Look again; no `changes` where somebody comes to the screen."""
        raise NotImplementedError

    async def turn(self, split: str) -> None:
        """Show another split."""
        raise NotImplementedError

    def choose(self, key: str) -> None:
        """Look at another row."""
        if key != self.state.here:
            self.put(here=key)
