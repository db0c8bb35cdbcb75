# ruff: noqa: F811 - the fixture is asked for by its name
"""Names, phones, streets, notes: in no log, no error page, no file of who may not read them, no clear row."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import REGION, line
from hub_world import HubWorld, bought
from line_world import Desk
from sqlalchemy import select
from test_api import PASSWORD, Served, served  # noqa: F401 - the fixture

from app import engine
from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.new_order import NewOrder
from app.commands.write_memo import WriteMemo
from app.domain.beside import Extra, beside_of, with_values
from app.domain.invoice import Invoice, InvoiceKind
from app.domain.values import Receiver, Region, Role, digest
from app.ports import OrderQuery
from sync import tables
from sync.hub import batch
from sync.hub.database import reading

BUYER = Receiver(
    name="欧阳晓晴", phone="13955501234", street="梧桐里弄 77 号", note="门口有狗", raw="梧桐里弄 欧阳晓晴"
)
SECRETS = ("欧阳晓晴", "13955501234", "梧桐里弄", "门口有狗", "晓晴布艺", "33010619900101123X")
INVOICE = Invoice(kind=InvoiceKind.SPECIAL, title="晓晴布艺", tax_no="33010619900101123X")


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text or ascii(secret)[1:-1] in text]


def test_no_log_line_of_a_day_with_faults_names_anybody(
    hub: HubWorld,
    served: Served,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str], None],
):
    caplog.set_level(logging.DEBUG)
    hub.channel.must(bought("o1", receiver=BUYER))
    clerk = served("clerk")

    def broken(command: Command, facts: Facts) -> Any:
        if isinstance(command, Hold):
            raise LookupError("a bug")  # noqa: TRY004
        return engine.apply(command, facts)

    monkeypatch.setattr(batch, "apply", broken)
    fixed = FixAddress(order="o1", receiver=BUYER, region=Region())
    answers = [
        clerk.push(clerk.wish(fixed, 1)),
        clerk.push(clerk.wish(Hold(order="o1", reason="x"), 2)),
        clerk.push(clerk.wish(Cancel(order="nothing", reason="x"), 3)),
        clerk.push(clerk.wish(Cancel(order="o1", reason="x"), 9)),
        clerk.http.post(f"{clerk.url}/v1/push", data=b'{"replica": "' + BUYER.name.encode() + b'"}'),
        clerk.sign_in("13955501234"),
    ]

    assert {answer.status_code for answer in answers} >= {200, 400, 403, 409}
    assert told(caplog.text) == []
    assert told("".join(answer.text for answer in answers)) == []
    expect_log("could not be decided")


def test_no_row_of_the_hub_names_anybody_in_clear(hub: HubWorld):
    hub.channel.must(bought("o1", receiver=BUYER))

    with reading(hub.engine) as db:
        for table in tables.metadata.sorted_tables:
            for row in db.execute(select(table)):
                assert told(repr(tuple(row))) == [], table.name


def test_what_colleagues_wrote_stands_nowhere_in_clear_and_no_digest_gives_it_away(hub: HubWorld):
    hub.channel.must(bought("o1", receiver=Receiver(name="A", memo="13955501234")))
    clerk = hub.desk()

    clerk.must(WriteMemo(order="o1", memo=Receiver(memo="欧阳晓晴：13955501234")))
    clerk.ask(WriteMemo(order="o1", memo=Receiver(memo="梧桐里弄" * 100)))
    first = clerk.wish(WriteMemo(order="o1", memo=Receiver()))
    in_clear = b'{"order":"o1","memo":{"memo":"\xe9\x97\xa8\xe5\x8f\xa3\xe6\x9c\x89\xe7\x8b\x97"}}'
    said = clerk.send(msgspec.structs.replace(first, rev=1, args=msgspec.Raw(in_clear)))
    assert [one.status for one in said] == ["applied"]

    guessed = [digest("13955501234")[:8]]
    with reading(hub.engine) as db:
        for table in tables.metadata.sorted_tables:
            for row in db.execute(select(table)):
                said = repr(tuple(row))
                assert told(said) == [], table.name
                assert [one for one in guessed if one in said] == [], table.name
    assert hub.order("o1").receiver.memo == "门口有狗"
    assert hub.verify().ok


def test_what_a_channel_says_of_people_beside_the_order_stands_nowhere_in_clear_and_reaches_no_floor(
    hub: HubWorld, served: Served, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    clerk, floor = served("clerk"), served("warehouse")
    gift = Extra(name="gift", label="礼物单", kind="yes", value="yes")
    says = Extra(name="says", label="赠言", value=f"给{BUYER.name}", is_personal=True)
    hub.channel.must(bought("o1", receiver=Receiver(), beside=beside_of((gift, says))))
    later = beside_of((msgspec.structs.replace(says, value=f"送到{SECRETS[2]}"),))
    hub.channel.must(bought("o1", receiver=Receiver(), ext_version="2", beside=later))

    with reading(hub.engine) as db:
        for table in tables.metadata.sorted_tables:
            for row in db.execute(select(table)):
                assert told(repr(tuple(row))) == [], table.name
    assert told(caplog.text) == []
    assert hub.verify().ok
    kept = {one.name: one.value for one in with_values(hub.order("o1").told.beside)}
    assert kept == {"gift": "yes", "says": "送到梧桐里弄"}
    assert told(clerk.pull(cursor=0).text) != []
    assert told(floor.pull(cursor=0).text) == []
    assert "礼物单" in floor.pull(cursor=0).text


def test_whom_an_invoice_is_made_out_to_stands_nowhere_in_clear_and_reaches_no_floor(
    hub: HubWorld, served: Served
):
    clerk, floor = served("lead"), served("warehouse")
    goods = (line(ext_sku="", sku="LN-220", qty=2, unit_price_minor=32_000),)
    made = NewOrder(
        order="018f-a1b2c3d", shop="TM1", lines=goods, receiver=BUYER, region=REGION, paid_minor=64_000,
        invoice=INVOICE,
    )  # fmt: skip

    answer = clerk.push(clerk.wish(made, 1)).json()

    assert [one["status"] for one in answer["results"]] == ["applied"], answer
    with reading(hub.engine) as db:
        for table in tables.metadata.sorted_tables:
            for row in db.execute(select(table)):
                assert told(repr(tuple(row))) == [], table.name
    assert hub.verify().ok
    assert hub.order(made.order).invoice == INVOICE
    assert told(clerk.pull(cursor=0).text) == list(SECRETS)
    assert "TM1-A1B2C3D" in floor.pull(cursor=0).text
    assert told(floor.pull(cursor=0).text) == []


def test_what_the_floor_is_answered_names_nobody_in_full(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1", receiver=BUYER))
    floor = served("warehouse")

    snapshot = gzip.decompress(floor.http.get(f"{floor.url}/v1/snapshot").content)
    assert b"DK-o1" in snapshot  # read as it is unpacked, not as it travels

    said = [
        floor.pull(cursor=0).text,
        snapshot.decode("utf-8", "replace"),
        floor.receiver("o1").text,
        floor.push(floor.wish(Cancel(order="o1", reason="x"), 1)).text,
    ]

    assert told("".join(said)) == []


@pytest.mark.parametrize("user", ["clerk", "warehouse"])
def test_an_export_without_people_names_nobody(hub: HubWorld, served: Served, tmp_path: Path, user: str):
    hub.channel.must(bought("o1", receiver=BUYER))
    desk = Desk(tmp_path / "desk", served(user).url)
    desk.link.sign_in(user, PASSWORD)
    desk.level()

    rows = [row for part in desk.views.order_batches(OrderQuery(), with_people=False) for row in part]
    full = [row for part in desk.views.order_batches(OrderQuery(), with_people=True) for row in part]
    desk.close()

    assert [(line.number, people) for line, people in rows] == [("DK-o1", None)]
    assert told(repr(rows)) == []
    assert told(repr(full)) == (list(SECRETS[:4]) if user == "clerk" else [])


def test_what_is_not_found_or_not_meant_is_answered_without_what_was_asked(served: Served):
    desk = served("clerk")
    paths = (BUYER.name, f"v1/imports/{BUYER.phone}", f"v1/receiver?order={BUYER.street}", "v1/pull")

    answers = [
        getattr(desk.http, how)(f"{desk.url}/{path}") for path in paths for how in ("get", "put", "delete")
    ]

    assert {answer.status_code for answer in answers} <= {200, 403, 404, 405}
    assert told("".join(answer.text for answer in answers)) == []


def test_the_files_of_a_desk_on_the_floor_name_nobody_in_full(hub: HubWorld, served: Served, tmp_path: Path):
    hub.channel.must(bought("o1", receiver=BUYER))
    url = served("warehouse").url
    desk = Desk(tmp_path / "desk", url)
    desk.link.sign_in(Role.WAREHOUSE.value, PASSWORD)
    desk.level()
    held = desk.store.mark.cursor
    desk.close()
    found = b"".join(path.read_bytes() for path in (tmp_path / "desk").iterdir() if path.is_file())

    assert held == hub.head()
    assert [secret for secret in SECRETS if secret.encode() in found] == []
