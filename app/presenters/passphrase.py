"""The passphrase of this desk, asked before its files are opened; the first time it is chosen here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from app.lanes import Lane
from app.passphrases import DIFFERENT, Keys, Strength, strength
from app.text import N_, Text
from app.trouble import Trouble


class State(msgspec.Struct, frozen=True, kw_only=True):
    is_first: bool = False
    """This desk has none yet: it is chosen, and typed twice."""
    wants_new: bool = False
    """Whoever opens it puts it under another one, from now on."""
    strength: Strength | None = None
    """Of what is being chosen; the words themselves stand in no State."""
    notice: Text | None = None
    """Why the desk is not open yet, and what to do."""
    is_busy: bool = False

    @property
    def chooses(self) -> bool:
        """A passphrase is being chosen, and typed twice."""
        return self.is_first or self.wants_new


class Passphrase:
    """Verbs of the page. `opened` hears of the keys; `lane` makes them from the words."""

    def __init__(self, keys: Keys, lane: Lane, opened: Callable[[Mapping[str, bytes]], object]) -> None:
        self._keys, self._lane, self._opened = keys, lane, opened
        self.state = State(is_first=not keys.is_set())
        self.render: Callable[[State], None] = lambda _state: None

    def typed(self, new: str) -> None:
        """Say how good a passphrase is while it is chosen."""
        found = strength(new) if new else None
        if found != self.state.strength:
            self._show(strength=found)

    def change(self) -> None:
        """Ask for another passphrase beside the present one, or leave it."""
        if not self.state.is_first:
            self._show(wants_new=not self.state.wants_new, strength=None, notice=None)

    async def enter(self, phrase: str, new: str = "", again: str = "") -> None:
        """Open the desk with these words, or say why not; nothing is lost by trying."""
        if not (new if self.state.is_first else phrase):
            self._show(notice=Text(N_("Type the passphrase of this desk.")))
            return
        if self.state.chooses and new != again:
            self._show(notice=Text(DIFFERENT))
            return
        self._show(is_busy=True, notice=None)
        try:
            made = await self._lane.run(self._made, self.state, phrase, new)
        except Trouble as trouble:
            self._show(is_busy=False, notice=trouble.hint)
            return
        except OSError as fault:
            hint = Text(N_("The key file of this desk cannot be used: {why}."), {"why": fault.strerror or ""})
            self._show(is_busy=False, notice=hint)
            return
        self._show(is_busy=False)
        self._opened(made)

    def _made(self, state: State, phrase: str, new: str) -> Mapping[str, bytes]:
        if state.is_first:
            return self._keys.set(new)
        if not state.wants_new:
            return self._keys.open(phrase)
        self._keys.change(phrase, new)
        return self._keys.open(new)

    def _show(self, **changed: object) -> None:
        self.state = msgspec.structs.replace(self.state, **changed)
        self.render(self.state)
