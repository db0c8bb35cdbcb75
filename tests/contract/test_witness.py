"""Desks remember what the hub signed: a history that changes behind them is found, told and proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import NOW
from hub_world import ALL, FEED, SEAL, HubWorld, bought
from sqlalchemy import select

from app.trouble import Trouble
from sync import tables
from sync.chain import (
    ROOTS_INLINE,
    ChainReply,
    Evidence,
    Head,
    Seen,
    followed,
    is_signed,
)
from sync.hub.database import reading, writing
from sync.hub.keeping.restore import begin_life
from sync.hub.pages import Pages
from sync.hub.seal import Seal
from sync.hub.witness.heads import Signer, chain, contradiction, hash_at, lives
from sync.hub.witness.witnesses import alarm, hear, kept_evidence, witnessed
from sync.keeping_tables import evidence
from sync.replica import outbox as outbox_module
from sync.replica import witness as witness_module
from sync.replica.outbox import Outbox
from sync.replica.witness import Witness

KEY = Signer(SEAL).key


class Desk:
    """A witness that pulls from a hub's pages by itself."""

    def __init__(self, hub: HubWorld, folder: Path) -> None:
        self.hub, self.folder = hub, folder
        folder.mkdir(exist_ok=True)
        self.asked: list[tuple[int, int]] = []
        self.told: list[Seen] = []
        self.cursor = 0
        self.open()

    def open(self) -> None:
        self.outbox = Outbox(self.folder / "work.db")
        self.witness = Witness(self.outbox, lambda work: work())

    def reopen(self) -> None:
        self.witness.close()
        self.outbox.close()
        self.open()

    def ask(self, since: int, to: int) -> ChainReply:
        self.asked.append((since, to))
        with reading(self.hub.engine) as db:
            return chain(db, FEED, since, to)

    def pull(self, **changes: Any) -> str:
        reply, _ = Pages(self.hub.engine, FEED, SEAL).read(
            "r", min(self.cursor, self.hub.head()), 10_000, ALL
        )
        reply = msgspec.structs.replace(reply, **changes)
        self.cursor = reply.to
        return self.witness.look(reply, self.ask, NOW)

    def report(self) -> None:
        self.witness.report(self.told.append, self.cursor, 0, 0)


@pytest.fixture
def desk(hub: HubWorld, tmp_path: Path) -> Iterator[Desk]:
    hub.channel.must(bought("o1"))
    hub.channel.must(bought("o2"))
    made = Desk(hub, tmp_path / "desk")
    yield made
    made.outbox.close()


def rewrite(hub: HubWorld) -> None:
    """Change one old row and make the whole chain fit again, as whoever owns the database can."""
    hub.sql("UPDATE command SET because = 'another reason' WHERE n = 1")
    previous = bytes(32)
    for block in hub.rows(tables.audit_block):
        root = bytes(block.root) if block.seq != 2 else bytes(reversed(block.root))
        before, previous = previous, bytes.fromhex(followed(previous.hex(), [root.hex()]))
        with writing(hub.engine) as db:
            mine = tables.audit_block.c.feed_id == FEED, tables.audit_block.c.seq == block.seq
            db.execute(
                tables.audit_block.update().where(*mine).values(root=root, prev_hash=before, hash=previous)
            )
            db.execute(tables.feed.update().values(head_hash=previous))
    hub.restart()


# --- a history nobody touched -----------------------------------------------------------------------


def test_every_reply_carries_a_head_the_hub_signed(desk: Desk, hub: HubWorld):
    reply, _ = Pages(hub.engine, FEED, SEAL).read("r", 0, 10_000, ALL)
    head = Head(reply.epoch, reply.head, reply.head_hash, reply.head_sig)

    assert is_signed(reply.hub_key, head)
    assert reply.hub_key == KEY
    assert not is_signed(Signer(Seal(bytes(32))).key, head)
    assert not is_signed(KEY, Head(head.epoch, head.seq + 1, head.hash, head.sig))
    assert followed(bytes(32).hex(), reply.roots) == reply.head_hash


def test_a_history_that_only_grows_is_never_suspected(desk: Desk, hub: HubWorld):
    for n in range(6):
        assert desk.pull() == ""
        hub.channel.must(bought(f"more-{n}"))
        if n % 2:
            desk.reopen()

    assert desk.pull() == ""
    assert desk.witness.kept.evidence == ()
    assert desk.asked == [], "what lies between came along"


def test_a_desk_that_was_away_for_long_asks_for_what_lies_between(desk: Desk, hub: HubWorld):
    desk.pull()
    for n in range(ROOTS_INLINE + 1):
        hub.channel.must(bought(f"more-{n}"))

    assert desk.pull() == ""
    assert desk.asked == [(desk.asked[0][0], hub.head())]


def test_a_hub_that_signs_nothing_yet_is_taken_as_it_is(desk: Desk):
    assert desk.pull(hub_key="", head_sig="") == ""
    assert desk.witness.kept.head is None


def test_a_line_that_breaks_while_asking_is_asked_again(desk: Desk, hub: HubWorld):
    desk.pull()
    hub.channel.must(bought("later"))

    def broken(_since: int, _to: int) -> ChainReply:
        raise Trouble("hub_unreachable", outbox_module.Text("away"), retry=True)

    held = desk.witness.kept.head
    reply, _ = Pages(hub.engine, FEED, SEAL).read("r", 0, 10_000, ALL)
    with pytest.raises(Trouble):
        desk.witness.look(msgspec.structs.replace(reply, roots=()), broken, NOW)

    assert desk.witness.kept.head == held
    assert desk.pull() == ""


# --- a history somebody touched ---------------------------------------------------------------------


@pytest.mark.parametrize("grew", [False, True])
def test_a_chain_rewritten_from_end_to_end_is_found(desk: Desk, hub: HubWorld, expect_log, grew: bool):
    desk.pull()
    held = desk.witness.kept.head
    rewrite(hub)
    assert not [f for f in hub.verify().findings if "follow" in f.detail or "own" in f.detail]
    if grew:
        hub.channel.must(bought("later"))

    assert desk.pull() == "rewritten"

    (found,) = desk.witness.kept.evidence
    assert found.held == held
    assert is_signed(KEY, found.held)
    assert is_signed(KEY, found.told)
    assert desk.witness.note is not None
    expect_log("denies what was seen here: rewritten")
    assert desk.pull() == ""


def test_a_hub_that_went_back_without_saying_so_is_found(desk: Desk, hub: HubWorld, expect_log):
    before = hub.head()
    hub.channel.must(bought("lost"))
    desk.pull()
    cut_off(hub, before)

    assert desk.pull() == "rolled_back"
    expect_log("rolled_back")


@pytest.mark.parametrize(
    "change", [{"head_sig": "00" * 64}, {"head_sig": ""}, {"hub_key": ""}, {"hub_key": "11" * 32}]
)
def test_a_head_without_the_hubs_name_is_found(desk: Desk, hub: HubWorld, expect_log, change: dict[str, str]):
    desk.pull()
    hub.channel.must(bought("later"))
    held = desk.witness.kept.head

    assert desk.pull(**change) == "unsigned"
    assert desk.pull(**change) == "unsigned"

    assert desk.witness.kept.head == held
    assert len(desk.witness.kept.evidence) == 1
    expect_log("unsigned")
    assert desk.pull() == ""


def test_another_database_in_its_place_is_found(desk: Desk, hub: HubWorld, expect_log):
    desk.pull()
    hub.sql("UPDATE feed SET epoch = 'another'")

    assert desk.pull() == "other_history"
    expect_log("other_history")


# --- restored ---------------------------------------------------------------------------------------


def restored(hub: HubWorld, to: int) -> None:
    """Cut the history off after `to`, as a restore would, and begin a new life."""
    cut_off(hub, to)
    with writing(hub.engine) as db:
        begin_life(db, FEED, NOW, is_protected=True)


def cut_off(hub: HubWorld, to: int) -> None:
    """Let the database be what it was at `to`."""
    hub.writer.stop()
    with writing(hub.engine) as db:
        stood = db.execute(
            select(tables.audit_block.c.hash).where(tables.audit_block.c.seq == to)
        ).scalar_one()
        for table in (tables.audit_block, tables.change, tables.command):
            db.execute(table.delete().where(table.c.seq > to))
        db.execute(tables.feed.update().values(head=to, head_hash=stood))
    hub.start()


def test_what_a_restore_cut_off_is_evidence_and_no_alarm(desk: Desk, hub: HubWorld):
    desk.pull()
    held = desk.witness.kept.head
    restored(hub, hub.head() - 1)

    assert desk.pull() == "beyond"

    (found,) = desk.witness.kept.evidence
    assert (found.why, found.held) == ("beyond", held)
    assert desk.witness.note is None
    hub.channel.must(bought("again"))
    assert desk.pull() == ""


def test_a_desk_the_restore_took_nothing_from_follows_the_chain_on(desk: Desk, hub: HubWorld):
    desk.pull()
    hub.channel.must(bought("lost"))
    restored(hub, hub.head() - 1)
    hub.clock.move(seconds=1)
    hub.channel.must(bought("other"))
    restored(hub, hub.head())

    assert desk.pull() == ""
    assert desk.witness.kept.evidence == ()


def test_a_restore_is_no_cover_for_a_rewritten_past(desk: Desk, hub: HubWorld, expect_log):
    desk.pull()
    rewrite(hub)
    restored(hub, hub.head())

    assert desk.pull() == "rewritten"
    expect_log("rewritten")


def test_a_new_life_names_the_head_it_continues_from(desk: Desk, hub: HubWorld):
    head = hub.rows(tables.feed)[0]
    restored(hub, head.head)

    with reading(hub.engine) as db:
        (life,) = lives(db, FEED)

    assert (life.before, life.seq, life.hash) == (head.epoch, head.head, bytes(head.head_hash).hex())
    assert life.epoch == hub.rows(tables.feed)[0].epoch


# --- at the hub -------------------------------------------------------------------------------------


def seen(head: Head, *found: Evidence) -> Seen:
    return Seen(head=head, cursor=head.seq, last_n=0, evidence=found)


def signed(hub: HubWorld) -> Head:
    row = hub.rows(tables.feed)[0]
    return Signer(SEAL).sign(row.epoch, row.head, bytes(row.head_hash))


def test_the_hub_keeps_what_each_desk_saw_last(desk: Desk, hub: HubWorld):
    desk.pull()
    desk.report()
    desk.report()
    assert len(desk.told) == 1, "now and then is enough"

    assert hear(hub.engine, FEED, KEY, "r", desk.told[0], NOW) == []
    assert hear(hub.engine, FEED, KEY, "r", desk.told[0], NOW) == []

    with reading(hub.engine) as db:
        assert list(witnessed(db, FEED)) == [("r", desk.told[0])]


def test_the_hub_is_told_once_of_rows_that_were_not_its_own(desk: Desk, hub: HubWorld, expect_log):
    desk.pull()
    desk.witness.diverged += 1
    desk.report()
    desk.report()

    assert ([one.diverged for one in desk.told], desk.witness.diverged) == ([1], 0)
    hear(hub.engine, FEED, KEY, "pc-1", desk.told[0], NOW)
    expect_log("pc-1 threw its rows away 1 times")


def test_evidence_of_a_desk_becomes_one_case(desk: Desk, hub: HubWorld, expect_log):
    desk.pull()
    rewrite(hub)
    desk.pull()
    desk.report()
    expect_log("denies what was seen here")

    for _ in range(2):
        found = hear(hub.engine, FEED, KEY, "pc-1", desk.told[0], NOW)
        alarm(hub.engine, FEED, hub.writer, "pc-1", found, NOW)

    cases = [row for row in hub.rows(tables.snag) if row.kind == "history_broken"]
    assert [(case.subject_id, case.state) for case in cases] == [("pc-1", "open")]
    assert len(hub.rows(evidence)) == 1
    with reading(hub.engine) as db:
        ((who, kept),) = kept_evidence(db, FEED)
    assert (who, kept) == ("pc-1", desk.witness.kept.evidence[0])
    expect_log("history denies what pc-1 saw")
    assert desk.witness.kept.told == 1


def test_the_hub_itself_sees_that_a_desk_saw_something_else(hub: HubWorld, expect_log):
    hub.channel.must(bought("o1"))
    head = signed(hub)
    rewrite(hub)

    found = hear(hub.engine, FEED, KEY, "pc-1", seen(head), NOW)
    alarm(hub.engine, FEED, hub.writer, "pc-1", found, NOW)

    assert [one.why for one in found] == ["rewritten"]
    expect_log("history denies what pc-1 saw")


def test_nobody_accuses_the_hub_with_heads_it_never_signed(hub: HubWorld):
    hub.channel.must(bought("o1"))
    made_up = Head(signed(hub).epoch, 1, "00" * 32, "00" * 64)
    charge = Evidence(why="rewritten", held=made_up, told=made_up, at=NOW)

    assert hear(hub.engine, FEED, KEY, "pc-1", seen(made_up, charge), NOW) == []
    assert hub.rows(evidence) == []


def test_a_head_is_denied_only_by_its_own_life(hub: HubWorld):
    hub.channel.must(bought("o1"))
    head = signed(hub)
    beyond = Head(head.epoch, head.seq + 5, "00" * 32)
    with reading(hub.engine) as db:
        assert contradiction(db, FEED, head) == ""
        assert contradiction(db, FEED, beyond) == "rolled_back"
        assert contradiction(db, FEED, Head("stranger", 1, "00" * 32)) == ""
        assert hash_at(db, FEED, head.seq) == head.hash
        assert hash_at(db, FEED, head.seq + 1) == ""


def test_a_chain_is_told_part_by_part(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    for n in range(5):
        hub.channel.must(bought(f"o{n}"))
    monkeypatch.setattr("sync.hub.witness.heads.ROOTS_LIMIT", 2)
    asked: list[tuple[int, int]] = []

    def ask(since: int, to: int) -> ChainReply:
        asked.append((since, to))
        with reading(hub.engine) as db:
            return chain(db, FEED, since, to)

    roots = witness_module._between(1, hub.head(), ask)

    with reading(hub.engine) as db:
        start = hash_at(db, FEED, 1)
    assert followed(start, roots) == bytes(hub.rows(tables.feed)[0].head_hash).hex()
    assert [since for since, _ in asked] == list(range(1, hub.head(), 2))
