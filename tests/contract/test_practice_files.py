"""What practice keeps: results until a live desk has them, a round that somebody left, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.boot.practice_files import (
    WORDS,
    Left,
    Results,
    drop_round,
    keep_decks,
    keep_left,
    lessons_in,
    new_round,
    read_laid,
    read_words,
    take_left,
    write_words,
)
from app.domain.deck import NOTE, OwnDeck, Shape
from app.domain.hint import HintText
from app.training.course import ORDER
from app.training.lesson import Mode
from app.training.playing import Done


def done(id: str, learner: str = "lin") -> Done:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Done(id=id, learner=learner, lesson="x", version=1, mode=Mode.EXAM, passed=True, seconds=5, at=at)


def test_an_attempt_waits_for_the_desk_of_its_own_person_and_stays_in_the_history(tmp_path: Path):
    results = Results(tmp_path)
    for one in (done("1"), done("2"), done("3", "gu"), done("4", "")):
        results.keep(one)

    assert [one.id for one in results.waiting("lin")] == ["1", "2"]
    results.taken(done("1"))

    assert [one.id for one in results.waiting("lin")] == ["2"]
    assert [one.id for one in results.history("lin")] == ["1", "2"]


def test_lines_and_files_cut_short_are_left_out(tmp_path: Path):
    results = Results(tmp_path)
    results.keep(done("1"))
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(b'{"type":"attempt","id":"2"')
    (tmp_path / "attempts" / "2.json").write_bytes(b"{")

    assert [one.id for one in results.history("lin")] == ["1"]
    assert [one.id for one in results.waiting("lin")] == ["1"]


def test_a_round_somebody_left_goes_on_once_and_all_others_are_thrown_away(tmp_path: Path):
    left, other = new_round(tmp_path), new_round(tmp_path)
    (other / "desk").mkdir()
    (other / "desk" / "work.db").write_bytes(b"x")
    keep_left(tmp_path, Left(round=left.name, learner="lin", lesson="x", mode=Mode.EXAM, helps=2))

    found = take_left(tmp_path, "lin")

    assert found is not None
    assert (found.round, found.helps) == (left.name, 2)
    assert (left.exists(), other.exists()) == (True, False)
    assert take_left(tmp_path, "lin") is None
    assert not left.exists()


def test_nobody_goes_on_with_the_round_of_another(tmp_path: Path):
    left = new_round(tmp_path)
    keep_left(tmp_path, Left(round=left.name, learner="lin", lesson="x", mode=Mode.EXAM))

    assert take_left(tmp_path, "gu") is None
    assert not left.exists()


def test_a_round_knows_no_deck_before_it_is_laid(tmp_path: Path):
    place = new_round(tmp_path)

    assert read_laid(place) is None
    drop_round(place)
    assert not place.exists()


def test_lessons_of_the_company_stand_behind_the_course_and_a_broken_file_adds_none(tmp_path: Path):
    assert list(lessons_in(tmp_path)) == list(ORDER)

    keep_decks(tmp_path, [OwnDeck(code="2026_05", shapes=(Shape(kind=NOTE),)), OwnDeck(code="2026_04")])
    assert list(lessons_in(tmp_path)) == [*ORDER, "own/2026_05"]

    (tmp_path / "decks.json").write_bytes(b'[{"code": "nobody knows"}]')
    assert list(lessons_in(tmp_path)) == list(ORDER)


def test_words_of_trainers_are_handed_over_and_what_cannot_be_read_is_none(tmp_path: Path):
    own = {"find_order": HintText(code="lesson/find_order/brief", zh="先找尾号", en="Last digits first")}
    assert read_words(tmp_path) == {}

    write_words(tmp_path / "practice", own)
    assert read_words(tmp_path / "practice") == own

    (tmp_path / "practice" / WORDS).write_bytes(b'{"find_order": 3}')
    assert read_words(tmp_path / "practice") == {}
