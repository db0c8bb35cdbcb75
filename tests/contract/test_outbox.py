"""The outbox keeps every promise: contiguous numbers, durable states, nothing forgotten before it is safe."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from builders import NOW, actor

from app.command import Refusal, Seen
from app.text import Text
from app.trouble import Trouble
from sync.replica.entries import Entry
from sync.replica.files import RESERVE_BYTES, open_file
from sync.replica.outbox import REFUSED_FOR, YOUNG, Outbox
from sync.replica.parcels import TOO_LARGE
from sync.wire import PUSH_BYTES, Answer, Push


def entry(number: int, **changes: object) -> Entry:
    known = {
        "id": f"c{number}", "name": "hold", "rev": 1, "args": b'{"order":"o1","reason":"x"}', "login": "l1",
        "actor": actor(), "subject": "o1", "label": "DK-o1", "wall_at": NOW,
        "saved_at": NOW + timedelta(minutes=number),
    }  # fmt: skip
    return Entry(**(known | changes))


@pytest.fixture(scope="module", autouse=True)
def no_reserve() -> None:
    """Here the reserve is what is looked at."""


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


def test_a_promise_waits_for_the_disk_and_an_answer_does_not(outbox: Outbox) -> None:
    said: list[str] = []
    outbox._db.set_trace_callback(said.append)

    outbox.add(entry(1))
    assert not [one for one in said if "synchronous" in one]
    outbox.take_answers([applied(1, 7)])

    told = [one for one in said if "synchronous" in one]
    assert told == ["PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"]
    assert outbox._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_failed_add_leaves_no_gap(outbox: Outbox) -> None:
    outbox.add(entry(1))
    with pytest.raises(sqlite3.IntegrityError):
        outbox.add(entry(1))
    assert outbox.add(entry(2)) == 2


def test_a_wish_says_exactly_what_was_kept(outbox: Outbox) -> None:
    outbox.add(entry(1, because="ship_overdue"))
    (wish,) = outbox.unsent()
    assert (wish.n, wish.id, wish.name, wish.rev, wish.login, wish.because) == (
        1,
        "c1",
        "hold",
        1,
        "l1",
        "ship_overdue",
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


def states(outbox: Outbox) -> list[tuple[int, str]]:
    return list(outbox._db.execute("SELECT n, state FROM outbox ORDER BY n"))


def test_only_what_is_protected_pulled_and_no_longer_young_is_forgotten(outbox: Outbox) -> None:
    for number in (1, 2, 3):
        outbox.add(entry(number))
    outbox.take_answers([applied(1, 10), applied(2, 20)])
    later = NOW + YOUNG + timedelta(minutes=5)

    outbox.settle(last_n=1, protected_seq=10, now=NOW)
    assert states(outbox) == [(1, "protected"), (2, "accepted"), (3, "saved")]
    outbox.settle(last_n=1, protected_seq=10, now=later)
    assert states(outbox) == [(2, "accepted"), (3, "saved")]
    assert outbox.waiting().unprotected == 1

    outbox.settle(last_n=1, protected_seq=20, now=later)
    assert states(outbox) == [(2, "protected"), (3, "saved")]
    assert outbox.waiting().unprotected == 0


def test_what_was_refused_stays_for_its_author(outbox: Outbox) -> None:
    outbox.add(entry(1))
    no = Refusal("too_late", Text("no"))
    outbox.take_answers([Answer(n=1, status="refused", seq=4, refusal=no)])

    outbox.settle(last_n=1, protected_seq=9, now=NOW + 2 * YOUNG)
    assert states(outbox) == [(1, "refused")]
    outbox.settle(last_n=1, protected_seq=9, now=NOW + REFUSED_FOR + YOUNG)
    assert states(outbox) == []


def test_a_file_of_an_earlier_docket_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    made = Outbox(tmp_path / "work.db")
    made.add(entry(1))
    for column in ("sides", "fields"):
        made._db.execute(f"ALTER TABLE outbox DROP COLUMN {column}")
    made._db.execute("PRAGMA user_version = 1")
    made.close()

    again = Outbox(tmp_path / "work.db")
    assert [wish.n for wish in again.unsent()] == [1]
    assert again.add(entry(2), b"{}") == 2
    again.close()


def test_a_desk_is_not_cleared_while_anything_is_only_saved_here(outbox: Outbox) -> None:
    outbox.add(entry(1))
    outbox.save_draft("amend/o1", {"qty": "2"})
    with pytest.raises(Trouble) as trouble:
        outbox.clear()
    assert trouble.value.code == "unsent"
    assert trouble.value.hint.params == {"count": 1}
    assert states(outbox) == [(1, "saved")]
    assert outbox.draft("amend/o1") == {"qty": "2"}


def test_clearing_takes_people_drafts_and_commands_off_the_disk(outbox: Outbox) -> None:
    name = outbox.meta("replica")
    outbox.add(entry(1))
    outbox.take_answers([applied(1, 10)])
    outbox.save_draft("amend/o1", {"name": "季小雨-secret"})
    outbox.remember_login("lin", "verifier-of-lin", b"{}", NOW)
    outbox.set_setting("orders.view/lin", "view-of-lin")
    outbox.set_setting("device", "pc-1")
    outbox.clear()

    assert states(outbox) == []
    assert outbox.login("lin") is None
    assert outbox.setting("device", "") == "pc-1", "the PC stays the one the hub knows"
    assert outbox.meta("replica") != name
    on_disk = outbox.path.read_bytes()
    for gone in ("季小雨-secret", "verifier-of-lin", "view-of-lin"):
        assert gone.encode() not in on_disk
    assert outbox.add(entry(2)) == 1


def test_rows_that_arrive_before_their_answer_do_not_stand_in_for_it(outbox: Outbox) -> None:
    outbox.add(entry(1))

    outbox.settle(last_n=1, protected_seq=0, now=NOW)

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


def test_a_copied_file_takes_a_new_name_and_numbers_what_has_no_second_copy_from_one(outbox: Outbox) -> None:
    replica = outbox.meta("replica")
    for number in range(1, 6):
        outbox.add(entry(number))
    refusal = Refusal("x", Text("x"))
    outbox.take_answers([applied(1, 10), Answer(n=3, status="refused", seq=11, refusal=refusal)])

    assert outbox.renumber() == 4

    assert [(wish.n, wish.id) for wish in outbox.unsent()] == [(1, "c1"), (2, "c2"), (3, "c4"), (4, "c5")]
    assert outbox.add(entry(6)) == 5
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


def test_a_copied_file_is_copied_again_after_refusals_of_both_lives(outbox: Outbox) -> None:
    """What was refused under an earlier name stays for its author, and in nobody's way."""
    refusal = Refusal("x", Text("x"))
    for life in (1, 2, 3):
        number = outbox.add(entry(life))
        outbox.take_answers([Answer(n=number, status="refused", seq=life, refusal=refusal)])
        assert outbox.renumber() == 0

    assert sorted(id_ for (id_,) in outbox._db.execute("SELECT id FROM outbox")) == ["c1", "c2", "c3"]
    assert outbox.add(entry(9)) == 1


def test_a_batch_is_as_large_on_the_line_as_the_hub_takes(outbox: Outbox) -> None:
    """What its author saw travels too: a change of many lines is twice as long as its arguments."""
    saw = Seen(order="o1", ver=1, fields={f"line:{n}": "x" * 64 for n in range(1_000)})
    for number in range(1, 31):
        outbox.add(entry(number, seen=saw))

    wishes = outbox.unsent()

    signed = [msgspec.structs.replace(wish, sig="s" * 88) for wish in wishes]
    push = Push(replica="r" * 36, epoch="e" * 36, schema=2, commands=signed)
    assert len(wishes) > 1
    assert len(msgspec.json.encode(push)) <= PUSH_BYTES + 1_000


def test_what_no_hub_takes_is_put_aside_and_those_behind_move_up(outbox: Outbox) -> None:
    for number in range(1, 5):
        outbox.add(entry(number))
    outbox.take_answers([applied(1, 10)])

    outbox.put_aside(2, TOO_LARGE)
    outbox.put_aside(2, TOO_LARGE)

    assert [(wish.n, wish.id) for wish in outbox.unsent()] == [(2, "c4")]
    assert outbox.add(entry(5)) == 3
    assert [n for n, state in states(outbox) if state == "refused"] == [-2, -1]
    assert [n for n, state in states(outbox) if state != "refused"] == [1, 2, 3]


def test_clearing_leaves_no_token_and_no_count_of_guesses(outbox: Outbox) -> None:
    outbox.keep_chain("lin", b"salt", b"sealed")
    outbox.note_guess("lin", 9, NOW)
    outbox.clear()
    assert (outbox.chain("lin"), outbox.guesses("lin")) == (None, (0, None))


def test_where_the_hub_makes_copies_clearing_waits_for_them(outbox: Outbox) -> None:
    outbox.add(entry(1))
    outbox.take_answers([applied(1, 10)])
    with pytest.raises(Trouble) as trouble:
        outbox.clear(needs_copies=True)
    assert (trouble.value.code, states(outbox)) == ("unprotected", [(1, "accepted")])

    outbox.settle(last_n=1, protected_seq=10, now=NOW)
    outbox.clear(needs_copies=True)
    assert states(outbox) == []


def test_what_was_put_aside_stays_for_its_author_as_long_as_what_was_refused(outbox: Outbox) -> None:
    outbox.add(entry(1))
    outbox.put_aside(1, TOO_LARGE)
    for later, left in ((REFUSED_FOR, [(-1, "refused")]), (REFUSED_FOR + timedelta(minutes=2), [])):
        outbox.settle(last_n=0, protected_seq=0, now=NOW + later)
        assert states(outbox) == left
