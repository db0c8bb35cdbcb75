"""The outbox keeps every promise: contiguous numbers, durable states, nothing forgotten before it is safe."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, actor

from app.command import Refusal
from app.text import Text
from app.trouble import Trouble
from sync.replica.files import RESERVE_BYTES, open_file
from sync.replica.outbox import Entry, Outbox
from sync.wire import Answer


def entry(number: int, **changes: object) -> Entry:
    known = {
        "id": f"c{number}", "name": "hold", "rev": 1, "args": b'{"order":"o1","reason":"x"}', "login": "l1",
        "actor": actor(), "subject": "o1", "label": "DK-o1", "wall_at": NOW,
        "saved_at": NOW + timedelta(minutes=number),
    }  # fmt: skip
    return Entry(**(known | changes))


@pytest.fixture
def outbox(tmp_path: Path):
    box = Outbox(tmp_path / "work.db")
    yield box
    box.close()


def applied(n: int, seq: int) -> Answer:
    return Answer(n=n, status="applied", seq=seq)


def test_numbers_are_contiguous_and_survive_a_restart(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "work.db")
    assert [first.add(entry(1)), first.add(entry(2))] == [1, 2]
    replica = first.meta("replica")
    first.close()

    again = Outbox(tmp_path / "work.db")

    assert again.add(entry(3)) == 3
    assert again.meta("replica") == replica
    assert [wish.n for wish in again.unsent()] == [1, 2, 3]
    again.close()


def test_a_failed_add_leaves_no_gap(outbox: Outbox) -> None:
    outbox.add(entry(1))
    with pytest.raises(sqlite3.IntegrityError):
        outbox.add(entry(1))
    assert outbox.add(entry(2)) == 2


def test_a_wish_says_exactly_what_was_kept(outbox: Outbox) -> None:
    outbox.add(entry(1, because="late_order"))
    (wish,) = outbox.unsent()
    assert (wish.n, wish.id, wish.name, wish.rev, wish.login, wish.because) == (
        1,
        "c1",
        "hold",
        1,
        "l1",
        "late_order",
    )
    assert bytes(wish.args) == b'{"order":"o1","reason":"x"}'


def test_at_most_a_hundred_commands_or_a_megabyte_travel_at_once(outbox: Outbox) -> None:
    for number in range(105):
        outbox.add(entry(number))
    assert [wish.n for wish in outbox.unsent()] == list(range(1, 101))

    outbox.take_answers([applied(n, n) for n in range(1, 106)])
    for number in range(200, 204):
        outbox.add(entry(number, args=b'"' + b"x" * 400_000 + b'"'))
    assert [wish.n for wish in outbox.unsent()] == [106, 107]


def test_an_answer_counts_once(outbox: Outbox) -> None:
    outbox.add(entry(1))
    refusal = Refusal("already_held", Text("This order is on hold already."))
    refused = Answer(n=1, status="refused", seq=7, refusal=refusal)

    (changed,) = outbox.take_answers([refused])

    assert (changed.state, changed.seq, changed.refusal) == ("refused", 7, refusal)
    assert outbox.take_answers([applied(1, 9)]) == []
    assert outbox.waiting().count == 0


def test_waiting_counts_what_is_unsent_and_knows_the_oldest(outbox: Outbox) -> None:
    assert (outbox.waiting().count, outbox.waiting().oldest_at) == (0, None)
    outbox.add(entry(5))
    outbox.add(entry(3))
    assert (outbox.waiting().count, outbox.waiting().oldest_at) == (2, NOW + timedelta(minutes=3))


def test_only_what_is_protected_and_pulled_is_forgotten(outbox: Outbox) -> None:
    for number in (1, 2, 3):
        outbox.add(entry(number))
    outbox.take_answers([applied(1, 10), applied(2, 20)])

    outbox.settle(last_n=1, protected_seq=10)
    assert [e.n for e in outbox.kept()] == [2, 3]
    assert not outbox.waiting().is_protected

    outbox.settle(last_n=1, protected_seq=20)
    assert [(e.n, e.state) for e in outbox.kept()] == [(2, "protected"), (3, "saved")]
    assert outbox.waiting().is_protected


def test_rows_that_arrive_before_their_answer_do_not_stand_in_for_it(outbox: Outbox) -> None:
    outbox.add(entry(1))

    outbox.settle(last_n=1, protected_seq=0)

    assert [wish.n for wish in outbox.unsent()] == [1], "asked again: the stored answer may be a refusal"
    no = Refusal("too_late", Text("no"))
    (refused,) = outbox.take_answers([Answer(n=1, status="refused", seq=7, refusal=no)])
    assert (refused.state, refused.seq) == ("refused", 7)


def test_what_a_restored_hub_lost_is_sent_again_under_its_number(outbox: Outbox) -> None:
    for number in (1, 2, 3):
        outbox.add(entry(number))
    outbox.take_answers([applied(1, 10), applied(2, 20), applied(3, 30)])
    assert outbox.send_again(1) == 2
    assert [wish.n for wish in outbox.unsent()] == [2, 3]


def test_a_copied_file_takes_a_new_name_and_numbers_what_is_unaccepted_from_one(outbox: Outbox) -> None:
    replica = outbox.meta("replica")
    for number in range(1, 6):
        outbox.add(entry(number))
    refusal = Refusal("x", Text("x"))
    outbox.take_answers([applied(1, 10), Answer(n=3, status="refused", seq=11, refusal=refusal)])

    assert outbox.renumber() == 3

    assert [(wish.n, wish.id) for wish in outbox.unsent()] == [(1, "c2"), (2, "c4"), (3, "c5")]
    assert outbox.add(entry(6)) == 4
    assert outbox.meta("replica") != replica


def test_drafts_and_settings_come_back(outbox: Outbox) -> None:
    outbox.save_draft("fix_address:o1", {"city": "杭州市"})
    assert outbox.draft("fix_address:o1") == {"city": "杭州市"}
    outbox.drop_draft("fix_address:o1")
    assert outbox.draft("fix_address:o1") == {}
    outbox.set_setting("theme", "dark")
    assert (outbox.setting("theme", "light"), outbox.setting("language", "zh_CN")) == ("dark", "zh_CN")


def test_a_full_disk_promises_nothing_and_frees_its_reserve(outbox: Outbox, tmp_path: Path) -> None:
    reserve = tmp_path / "work.db.reserve"
    assert reserve.stat().st_size == RESERVE_BYTES
    outbox.add(entry(1))
    pages = outbox._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(2, 60):
            outbox.add(entry(number, args=b'"' + b"x" * 4000 + b'"'))

    with pytest.raises(Trouble) as trouble:
        fill()

    assert trouble.value.code == "disk_full"
    assert not reserve.exists()
    outbox._db.execute("PRAGMA max_page_count = 1073741823")
    kept = [wish.n for wish in outbox.unsent()]
    assert kept == list(range(1, len(kept) + 1))
    assert outbox.add(entry(99)) == len(kept) + 1


def test_the_precious_file_waits_for_the_disk(tmp_path: Path) -> None:
    precious = open_file(tmp_path / "a.db", durable=True)
    disposable = open_file(tmp_path / "b.db")
    modes = [(db.execute("PRAGMA journal_mode").fetchone()[0], db.execute("PRAGMA synchronous").fetchone()[0])
             for db in (precious, disposable)]  # fmt: skip
    assert modes == [("wal", 2), ("wal", 1)]
    precious.close()
    disposable.close()
