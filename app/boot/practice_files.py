"""Where practice keeps its files, apart from every live desk: rounds are thrown away, results stay."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app import __version__
from app.domain.deck import OwnDeck
from app.domain.hint import HintText
from app.training.course import course
from app.training.lesson import Lesson, Mode
from app.training.own_lesson import own_lesson
from app.training.playing import Done
from sync.wire import SCHEMA

FOLDER: Final = "practice"
FRONT: Final = "front"
"""What a live desk says to bring the window of practice to the front."""
DECKS: Final = "decks.json"
DECKS_MOST_BYTES: Final = 1_000_000
ATTEMPTS, HISTORY, LEFT, WORDS = "attempts", "history.jsonl", "left.json", "words.json"
WORDS_MOST_BYTES: Final = 200_000
HISTORY_MOST_BYTES: Final = 4_000_000
ATTEMPT_MOST_BYTES: Final = 20_000


class Laid(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub of a round says of its deck; its tag is the last number of the feed before it."""

    lesson: str
    tag: str
    at: datetime


def keep_decks(home: Path, decks: Sequence[OwnDeck]) -> None:
    """Lay down for practice what lessons the company made itself; there is nobody in them."""
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"{DECKS}.part"
    draft.write_bytes(msgspec.json.encode(decks))
    draft.replace(home / DECKS)


def lessons_in(home: Path) -> Mapping[str, Lesson]:
    """Return the built-in course in its order, then lessons of the company's own."""
    decks: tuple[OwnDeck, ...] = ()
    with suppress(OSError, msgspec.MsgspecError), (home / DECKS).open("rb") as file:
        decks = msgspec.json.decode(file.read(DECKS_MOST_BYTES), type=tuple[OwnDeck, ...])
    own = (own_lesson(deck) for deck in decks if deck.shapes)
    return {lesson.code: lesson for lesson in (*course(), *own)}


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson somebody went away from: it goes on when practice opens again."""

    round: str
    learner: str
    lesson: str
    mode: Mode
    refused: tuple[str, ...] = ()
    helps: int = 0


def prepared_in(home: Path, lesson: str) -> Path:
    """Name the company that a round begins with; another version of Docket makes another.

    A lesson begins before anybody has bought; without one there is the whole day of the demo company.
    """
    name = "opening" if lesson else "day"
    return home / f"{name}-{__version__}-{SCHEMA}.db"


def laid_in(place: Path) -> Path:
    """Name the file in which a round says what was laid out."""
    return place / "deck.json"


def read_laid(place: Path) -> Laid | None:
    """Return what was laid out in a round, None while nothing is."""
    try:
        return msgspec.json.decode(laid_in(place).read_bytes(), type=Laid)
    except (OSError, msgspec.MsgspecError):
        return None


def new_round(home: Path) -> Path:
    """Make an empty folder for a round."""
    home.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="round-", dir=home))


def drop_round(place: Path) -> None:
    """Throw a round away; what another program still holds open is left for the next start."""
    for path in sorted(place.rglob("*"), reverse=True):  # by whole names: the fence knows no others
        with suppress(OSError):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    with suppress(OSError):
        place.rmdir()


def keep_left(home: Path, left: Left) -> None:
    """Remember where to go on."""
    (home / LEFT).write_bytes(msgspec.json.encode(left))


def take_left(home: Path, learner: str) -> Left | None:
    """Return where this learner goes on, once; rounds of nobody are thrown away."""
    left: Left | None = None
    with suppress(OSError, msgspec.MsgspecError):
        left = msgspec.json.decode((home / LEFT).read_bytes(), type=Left)
    (home / LEFT).unlink(missing_ok=True)
    if left is not None and (left.learner != learner or not (home / Path(left.round).name).is_dir()):
        left = None
    for place in home.glob("round-*"):
        if left is None or place.name != left.round:
            drop_round(place)
    return left


class Results:
    """What came of attempts: a history for whoever practises here, and files a live desk takes away."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def keep(self, done: Done) -> None:
        """Write an attempt down; it is whole or not there."""
        folder = self._home / ATTEMPTS
        folder.mkdir(parents=True, exist_ok=True)
        line = msgspec.json.encode(done)
        draft = folder / f".{done.id}.part"
        draft.write_bytes(line)
        draft.replace(folder / f"{done.id}.json")
        with (self._home / HISTORY).open("ab") as file:
            file.write(line + b"\n")

    def history(self, learner: str) -> tuple[Done, ...]:
        """Return what somebody has finished here, the oldest first; a line cut short is left out."""
        found: list[Done] = []
        with suppress(OSError), (self._home / HISTORY).open("rb") as file:
            for line in file.read(HISTORY_MOST_BYTES).splitlines():
                with suppress(msgspec.MsgspecError):
                    found.append(msgspec.json.decode(line, type=Done))
        return tuple(done for done in found if done.learner == learner)

    def waiting(self, learner: str) -> Iterator[Done]:
        """Return the attempts of somebody that no live desk has taken yet."""
        for path in sorted((self._home / ATTEMPTS).glob("*.json")):
            with suppress(OSError, msgspec.MsgspecError), path.open("rb") as file:
                done = msgspec.json.decode(file.read(ATTEMPT_MOST_BYTES), type=Done)
                if done.learner == learner:
                    yield done

    def taken(self, done: Done) -> None:
        """Forget that an attempt waits: a live desk has it."""
        (self._home / ATTEMPTS / f"{done.id}.json").unlink(missing_ok=True)


def write_words(home: Path, own: Mapping[str, HintText]) -> None:
    """Lay the words trainers gave lessons where practice finds them; it hears nothing else of live data."""
    home.mkdir(parents=True, exist_ok=True)
    (home / WORDS).write_bytes(msgspec.json.encode(own))


def read_words(home: Path) -> dict[str, HintText]:
    """Return them; where there are none, or none that can be read, lessons have the built-in ones."""
    try:
        with (home / WORDS).open("rb") as kept:
            return msgspec.json.decode(kept.read(WORDS_MOST_BYTES), type=dict[str, HintText])
    except (OSError, msgspec.MsgspecError):
        return {}
