"""How this desk looks and feels; a choice holds at once and is remembered."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.settings_look import (
    DENSITIES,
    LANGUAGES,
    MOTIONS,
    SINGLE_KEYS,
    THEMES,
    SettingsLook,
    State,
)
from app.text import N_
from widgets import preferences, theme
from widgets.aio import Tasks
from widgets.chips import Chips
from widgets.prose import NOTE, STRONG, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.words import tr

_CHOICES: Final = (
    ("language", N_("Language"), N_("At once, on every page."), LANGUAGES),
    ("theme", N_("Look"), N_("High contrast for bright rooms and tired eyes."), THEMES),
    ("density", N_("Density"), N_("Compact shows more rows."), DENSITIES),
    ("motion", N_("Motion"), N_("Reduced: nothing slides or fades."), MOTIONS),
    ("single_keys", N_("Single keys"), N_("Off: every single key wants Alt."), SINGLE_KEYS),
)


class SettingsLookPage(SectionPage[State]):
    """Choices in rows, each a few chips."""

    code = "settings_look"
    help_topic = "settings"

    def __init__(self, presenter: SettingsLook, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._kept: tuple[str, ...] = ()
        self.heading = heading()
        self.labels = {key: (Prose(style=STRONG), Prose(style=NOTE)) for key, *_ in _CHOICES}
        self.chips = {key: Chips(f"{self.code}/{key}") for key, *_ in _CHOICES}
        for key, chips in self.chips.items():
            chips.chosen.connect(lambda value, key=key: self._choose(key, value))
        self.add_part(self._choices(), heading=self.heading)
        self.column.addStretch(1)
        self.begin()

    def _choices(self) -> QWidget:
        px = theme.current().px
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px("space.5"))
        grid.setVerticalSpacing(px("space.3"))
        grid.setColumnMinimumWidth(0, px("steps.w"))
        grid.setColumnStretch(1, 1)
        for at, (key, *_) in enumerate(_CHOICES):
            words = QVBoxLayout()
            words.setSpacing(0)
            for part in self.labels[key]:
                words.addWidget(part)
            grid.addLayout(words, at, 0)
            grid.addWidget(self.chips[key], at, 1)
        return box

    @override
    def title(self) -> str:
        return tr("Look and language")

    @override
    def focus_first(self) -> None:
        self.chips["language"].focus_chosen()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.heading.show_words(tr("This desk"))
        for key, label, note, _ in _CHOICES:
            self.labels[key][0].show_words(tr(label))
            self.labels[key][1].show_words(tr(note))
            self.chips[key].setAccessibleName(tr(label))

    @override
    def draw(self, state: State) -> None:
        values = {key: getattr(state, key) for key, *_ in _CHOICES}
        for key, _, _, options in _CHOICES:
            self.chips[key].show_options([(code, tr(label)) for code, label in options], values[key])
        kept = tuple(values.values())
        if state.is_loaded and kept != self._kept:
            self._kept = kept
            self.single_keys_set.emit(state.single_keys == "on")
            preferences.apply(values)

    def _choose(self, key: str, value: str) -> None:
        self.latest(f"choose-{key}", lambda: self.presenter.choose(key, value))
