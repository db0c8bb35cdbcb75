"""Vouchers are made of parcels that left and cases that were settled, and of nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from hub_world import FEED, HubWorld, bought

from app.boot import vouchers as verb
from app.commands.accept_return import AcceptReturn
from app.commands.open_return import OpenReturn
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.refund_return import RefundReturn
from app.commands.reverse_refund import ReverseRefund
from app.commands.ship import Ship
from app.domain.aftersale import Asked, Refunded, ReturnKind
from app.domain.values import Role
from app.domain.voucher import Account, Voucher
from sync.hub.vouchers import vouchers_of

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubWorld]:
    """Three orders, one still here, and one of those that left given back in part two days later."""
    hub = HubWorld(f"sqlite:///{tmp_path_factory.mktemp('books') / 'hub.db'}")
    lead, clerk = hub.desk(Role.LEAD, "lead"), hub.desk(Role.CLERK, "clerk")
    for order in ("o1", "o2", "o3"):
        hub.channel.must(bought(order))
        if order != "o3":
            lead.must(Pick(order=order, line="1", qty=1), Pack(order=order))
            lead.must(Ship(order=order, carrier="SF", tracking_no=f"SF-{order}"))
    hub.clock.move(days=2)
    asked = OpenReturn(
        order="o1", case="c1", kind=ReturnKind.REFUND, asked=(Asked("1", 1),), reason="damaged"
    )
    clerk.must(asked)
    lead.must(AcceptReturn(order="o1", case="c1"))
    lead.must(RefundReturn(order="o1", case="c1", refunds=(Refunded("1", 1_130),)))
    yield hub
    assert hub.verify().findings == ()
    hub.close()


def booked(voucher: Voucher) -> dict[Account, int]:
    return {one.account: one.debit_minor - one.credit_minor for one in voucher.entries}


def test_a_day_holds_what_left_and_a_later_one_what_was_given_back(world: HubWorld):
    later, first = vouchers_of(world.engine, FEED, NOW - DAY, NOW + 3 * DAY)

    assert (first.orders, first.refunds, later.orders, later.refunds) == (2, 0, 0, 1)
    assert booked(first) == {Account.RECEIVABLE: 64_000, Account.REVENUE: -56_638, Account.TAX: -7_362}
    assert booked(later) == {Account.RECEIVABLE: -1_130, Account.RETURNS: 1_000, Account.TAX: 130}


def test_a_refund_taken_back_is_booked_back_that_day_and_the_day_before_stays(world: HubWorld):
    world.clock.move(days=2)
    again = RefundReturn(order="o1", case="c1", refunds=(Refunded("1", 2_260),))
    world.desk(Role.LEAD, "books").must(ReverseRefund(order="o1", case="c1"), again)

    back, given, _ = vouchers_of(world.engine, FEED, NOW - DAY, NOW + 5 * DAY)

    assert booked(given) == {Account.RECEIVABLE: -1_130, Account.RETURNS: 1_000, Account.TAX: 130}
    assert booked(back) == {Account.RECEIVABLE: -1_130, Account.RETURNS: 1_000, Account.TAX: 130}
    assert (back.refunds, vouchers_of(world.engine, FEED, NOW + 3 * DAY, NOW + 5 * DAY)) == (2, (back,))


def test_days_on_which_nothing_left_have_none(world: HubWorld):
    assert vouchers_of(world.engine, FEED, NOW - 3 * DAY, NOW - 2 * DAY) == ()


def test_the_command_writes_them_for_a_program_and_for_a_spreadsheet(world: HubWorld, tmp_path: Path):
    days = ["--database", str(world.engine.url), "--since", "2026-06-13", "--until", "2026-06-15"]

    files = [str(tmp_path / name) for name in ("v.json", "v.csv")]
    codes = [verb.main([*days, "--lang", "en", "--out", file]) for file in files]

    said = json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader((tmp_path / "v.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert (codes, len(said), len(rows)) == ([0, 0], 2, 6)
    assert sum(float(row["Debit"]) for row in rows) == sum(float(row["Credit"]) for row in rows) == 651.3
    assert {row["Account code"] for row in rows} >= {"1122", "6001.01", "2221.01.06"}


def test_a_database_that_is_none_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert verb.main(["--database", f"sqlite:///{tmp_path}/nothing/hub.db", "--lang", "en"]) == 2
    assert "There is no Docket database" in capsys.readouterr().err
