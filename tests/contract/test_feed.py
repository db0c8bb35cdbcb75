"""The feed is gap-free, pages end where a number ends, and each page is one snapshot."""

from __future__ import annotations

import threading

import msgspec
from builders import NOW, line
from hub_world import FEED, SEAL, HubWorld, bought

from app.commands.hold import Hold
from app.commands.let_go import LetGo
from app.commands.match_sku import MatchSku
from app.domain.order import Order
from app.domain.scopes import Reach, Sees
from app.domain.stock import Stock
from app.domain.values import Role
from sync import tables
from sync.hub import feed
from sync.hub.company import install_company
from sync.hub.database import writing
from sync.hub.pages import Pages
from sync.wire import Change, HistoryEntry, PullReply, row_mark

EVERYTHING = Reach(user="clerk", reads_settings=True)


def page(
    hub: HubWorld,
    cursor: int = 0,
    limit: int = 10_000,
    replica: str = "desk-clerk",
    reach: Reach = EVERYTHING,
) -> PullReply:
    return Pages(hub.engine, FEED, SEAL).read(replica, cursor, limit, reach)[0]


def test_the_set_up_of_a_company_arrives_through_the_feed(hub: HubWorld):
    got = page(hub)

    kinds = {tbl: sum(change.tbl == tbl for change in got.changes) for tbl in {c.tbl for c in got.changes}}
    assert kinds == {"rules": 1, "warehouse": 2, "shop": 2, "user": 6, "sku": 3, "sku_map": 6, "stock": 6}
    assert (got.since, got.to, got.head, got.more) == (0, hub.head(), hub.head(), False)
    assert hub.verify().findings == ()


def test_setting_up_again_publishes_only_what_is_new(hub: HubWorld):
    head = hub.head()
    from hub_world import NOW, company

    more = company(shops=(*company().shops, msgspec.structs.replace(company().shops[0], code="JD1")))
    with writing(hub.engine) as db:
        install_company(db, FEED, more, NOW)

    assert [(c.tbl, c.pk) for c in page(hub, head).changes] == [("shop", "JD1")]
    hub.channel.must(bought("o1", shop="JD1", lines=(line(ext_sku="x"),)))
    assert hub.order().shop == "JD1"
    assert hub.verify().findings == ()


def test_a_batch_publishes_whole_rows_under_its_number(hub: HubWorld):
    seq = hub.channel.must(bought("o1"))

    rows = {(c.tbl, c.pk): c for c in page(hub, seq - 1).changes}

    assert rows.keys() == {("history", f"o1:{seq}:0"), ("order", "o1"), ("stock", "SZ/LN-220")}
    assert {c.seq for c in rows.values()} == {seq}
    stock = msgspec.json.decode(rows["stock", "SZ/LN-220"].row, type=Stock)
    assert (stock.on_hand, stock.reserved) == (10, 1)
    entry = msgspec.json.decode(rows["history", f"o1:{seq}:0"].row, type=HistoryEntry)
    assert (entry.order, entry.seq, entry.by, entry.command) == ("o1", seq, "file:TM1", "receive")
    sealed = msgspec.json.decode(rows["order", "o1"].row)
    assert sealed["receiver"].startswith("sealed:")
    assert msgspec.json.encode(msgspec.convert(sealed | {"receiver": {}}, Order, strict=False))


def test_pages_end_where_a_number_ends(hub: HubWorld):
    first = hub.channel.must(bought("o1"))
    second = hub.channel.must(bought("o2"))

    one = page(hub, first - 1, limit=1)
    two = page(hub, one.to, limit=1)

    assert (one.to, one.more, {c.seq for c in one.changes}, len(one.changes)) == (first, True, {first}, 3)
    assert (two.to, two.more, {c.seq for c in two.changes}) == (second, False, {second})
    assert page(hub, second).changes == []


def test_what_stands_under_a_name_is_not_cut_in_the_middle_of_a_number(hub: HubWorld):
    desk, start = hub.desk(), hub.head()
    cases = {f"desk-clerk/{n}" for n in range(1, 6)}
    desk.send(*(desk.wish(Hold(order=f"nowhere-{n}", reason="ask")) for n in range(5)))

    got = page(hub, start, limit=3)

    assert {change.pk for change in got.changes if change.tbl == "snag"} == cases
    assert (got.to, got.more) == (hub.head(), False)


def test_last_n_is_of_what_the_page_covers(hub: HubWorld):
    hub.channel.must(bought("o1"))
    desk = hub.desk()
    start = hub.head()
    first = desk.must(Hold(order="o1", reason="ask"))
    desk.ask(Hold(order="nowhere", reason="ask"))

    assert page(hub, start, limit=1).last_n == 1
    assert page(hub, start, limit=1).to == first
    assert page(hub, start).last_n == 2
    assert page(hub, start, replica="another").last_n == 0


def test_checksums_are_those_of_the_rows_a_reader_holds(hub: HubWorld):
    hub.channel.must(bought("o1"), bought("o2", lines=(line(ext_sku="new"),)))
    desk = hub.desk()
    desk.must(MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o2"))
    desk.ask(Hold(order="nowhere", reason="ask"))
    desk.must(LetGo(case="desk-clerk/2"))

    held: dict[tuple[str, str], Change] = {}
    got = page(hub)
    for change in got.changes:
        if change.op == "D":
            del held[change.tbl, change.pk]
        else:
            held[change.tbl, change.pk] = change

    mine = sum(row_mark(c.tbl, c.pk, c.seq) for c in held.values() if c.tbl != "history")
    theirs = sum(int(value, 16) for value in got.sums.values())
    assert mine % 2**64 == theirs % 2**64
    assert ("snag", "desk-clerk/2") not in held
    assert hub.verify().findings == ()


def test_a_reader_beside_the_writer_sees_whole_numbers_only(hub: HubWorld):
    head = hub.head()
    seen: list[tuple[int, int, int]] = []
    done = threading.Event()

    def read() -> None:
        cursor = head
        while not done.is_set() or cursor < hub.head():
            got = page(hub, cursor, limit=3)
            seen.extend((c.seq, c.i, got.to) for c in got.changes)
            cursor = got.to

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(20):
        hub.channel.must(*(bought(f"{i}-{k}") for k in range(3)))
    done.set()
    reader.join(60)

    stored = [(row.seq, row.i) for row in hub.rows(tables.change) if row.seq > head]
    assert [(seq, i) for seq, i, _ in seen] == stored
    assert all(seq <= to for seq, _, to in seen)


def test_the_chain_covers_every_batch(hub: HubWorld):
    hub.channel.must(bought("o1"))
    hub.desk(Role.LEAD).must(Hold(order="o1", reason="ask"))

    blocks = hub.rows(tables.audit_block)
    (row,) = hub.rows(tables.feed)

    assert [block.seq for block in blocks] == list(range(1, hub.head() + 1))
    assert [block.prev_hash for block in blocks] == [feed.GENESIS, *(block.hash for block in blocks[:-1])]
    assert row.head_hash == blocks[-1].hash
    assert page(hub).head_hash == row.head_hash.hex()


def test_desks_at_one_place_share_a_page_and_each_learns_how_far_its_own_work_is(hub: HubWorld):
    clerk = hub.desk(Role.CLERK)
    hub.desk(Role.WAREHOUSE)
    hub.channel.must(bought("o1"))
    clerk.must(Hold(order="o1", reason="ask"))
    pages = Pages(hub.engine, FEED, SEAL)

    clerks = [Reach(user=name) for name in ("clerk", "trainer")]
    floor = Reach(user="warehouse", sees=Sees.FLOOR, masked=True)
    replicas = ("desk-clerk", "desk-trainer", "desk-warehouse")
    read = [
        pages.read(replica, 0, 10_000, reach)[0]
        for replica, reach in zip(replicas, (*clerks, floor), strict=True)
    ]

    assert read[0].changes is read[1].changes
    assert [reply.last_n for reply in read] == [1, 0, 0]
    shown = [
        pages.opened(reply, 10_000, reach, NOW).changes
        for reply, reach in zip(read, (*clerks, floor), strict=True)
    ]
    assert shown[0] is shown[1]
    rows = [bytes(change.row).decode() for page in shown[1:] for change in page if change.tbl == "order"]
    assert ["季小雨" in row for row in rows] == [True, True, False, False]


def test_a_page_shows_what_came_after_it_was_shared(hub: HubWorld):
    pages = Pages(hub.engine, FEED, SEAL)
    before, _ = pages.read("desk-clerk", 0, 10_000, EVERYTHING)

    hub.channel.must(bought("o1"))
    after, _ = pages.read("desk-clerk", 0, 10_000, EVERYTHING)

    assert (before.head, after.head) == (hub.head() - 1, hub.head())
    assert {c.pk for c in after.changes if c.tbl == "order"} == {"o1"}
