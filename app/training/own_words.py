"""What a lesson says before it begins: the words of the program, or those a trainer put in their place.

They are kept where the words of hints are, under a name no guide has.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.hint import HintText
from app.text import BOTH, Text
from app.training.lesson import Lesson

_OF_LESSONS, _BRIEF = "lesson", "brief"


def brief_code(lesson: str) -> str:
    """Name the words that say what a lesson is about."""
    return f"{_OF_LESSONS}/{lesson}/{_BRIEF}"


def own_briefs(hints: Mapping[str, HintText]) -> dict[str, HintText]:
    """Return the words of trainers, by lesson."""
    named = {code: code.split("/") for code in hints}
    return {
        parts[1]: hints[code]
        for code, parts in named.items()
        if len(parts) == 3 and (parts[0], parts[2]) == (_OF_LESSONS, _BRIEF)
    }


def brief_of(lesson: Lesson, own: Mapping[str, HintText]) -> Text:
    """Say what a lesson is about; a language without words of a trainer has the built-in ones."""
    words = own.get(lesson.code)
    if words is None or not (words.zh or words.en):
        return lesson.brief
    if not (words.zh and words.en):
        return Text(words.zh or words.en)
    return Text(BOTH.join((words.zh, words.en)))
