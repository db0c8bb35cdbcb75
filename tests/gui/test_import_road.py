"""A clerk's road with real files: dropped on the real window, taken in by a real hub, and taken back."""

from __future__ import annotations

import asyncio
import csv
import gzip
import threading
from datetime import datetime
from itertools import islice

import pytest
import uvicorn
from builders import NOW, SHOPS
from compiled_once import compiled_once
from hub_world import FEED, company
from quick_schema import quick_schema
from shop_files import ShopFiles

from app.boot.desk import first_paint, furnish, open_window
from app.boot.hand import Hand
from app.boot.hub import jobs
from app.boot.opening import open_hub
from app.boot.station import run
from app.domain.values import Role
from app.ports import OrderQuery, Views
from sync.hub.access import set_password
from sync.hub.api import application
from sync.hub.company import install_company
from sync.hub.database import writing
from widgets import words

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
PATIENCE_S = 110.0
STEPS = ("reading", "columns", "preview", "trial", "run")
ROWS = 1_600
HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价")


@pytest.fixture(scope="module", autouse=True)
def databases_opened_before():
    """Four hubs, one after the other: none needs to find out anew how its tables are made and asked."""
    with quick_schema(), compiled_once():
        yield


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub with its jobs behind HTTP, in this process: its address."""
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr("sync.hub.pulls.WAIT_S", 1)  # the server waits for the desk's last question
    running = open_hub(f"sqlite:///{tmp_path / 'hub.db'}", clock=lambda: NOW)
    running.hub.is_own = True
    with writing(running.hub.engine) as db:
        install_company(db, FEED, company(), NOW)
        set_password(db, FEED, Role.CLERK.value, PASSWORD)
    config = uvicorn.Config(application(running.hub), port=0, log_config=None, lifespan="off", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    at_work = jobs(running)
    for job in at_work:
        job.start()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    for job in at_work:
        job.stop()
    running.close()


@pytest.fixture
def road(qapp, aio, hub, tmp_path, monkeypatch):
    """Let a clerk sit at a desk of this hub and walk: `road(walk)`."""

    def walked(walk):
        shell = open_window(qapp, tmp_path / "desk")
        station = furnish(shell, tmp_path / "desk", hub_url=hub)
        first_paint(shell)
        clerk = Clerk(station, Hand(shell, tmp_path / "pictures", "road"))

        async def lived():
            desk = asyncio.ensure_future(run(station))
            try:
                await clerk.sit_down()
                await walk(clerk)
            except BaseException:
                await clerk.hand.picture("stuck")
                raise
            finally:
                shell.close()
                await desk

        aio(lived(), PATIENCE_S)
        station.close()
        shell.deleteLater()

    return walked


class Clerk:
    """Hands on the window of a desk; `state` is what the wizard shows."""

    def __init__(self, station, hand):
        self.station, self.hand = station, hand

    @property
    def state(self):
        return self.station.presenters["import_file"].state

    async def sit_down(self):
        station, hand = self.station, self.hand
        await station.desk.sign_in(Role.CLERK.value, PASSWORD)
        await hand.until(lambda: station.shell.page.code == "today", "the desk")
        await hand.until(lambda: 0 < station.store.mark.cursor == station.store.mark.head, "the company")
        await hand.until(lambda: station.desk.link().state == "online", "the line")

    async def drop(self, *files):
        """Drop files and say whose orders they are."""
        await self.hand.drop(files)
        await self.hand.until(lambda: len(self.state.files) == len(files), "the files at the hub")
        await self.hand.answer("import_file/shop", f"TM · {SHOPS['TM1'].title}")
        await self.hand.until(lambda: self.state.shop == "TM1", "the shop")

    async def ahead(self, to):
        """Ctrl+Enter until a step is in front; a trial is waited for before it is left."""
        at = STEPS.index(self.state.at) + 1 if self.state.at in STEPS else 0
        for step in STEPS[at : STEPS.index(to) + 1]:
            if self.state.front is not None:
                await self.end()
            await self.hand.press("Ctrl+Enter")
            await self.hand.until(lambda step=step: self.state.at == step, step)

    async def end(self):
        """Wait until the hub is done with what is in front, a trial or the import."""
        await self.hand.until(lambda: not self.state.front.is_moving, "the end")
        return self.state.front

    async def take_back(self):
        """U, look at what would stay, Ctrl+Enter; return what was planned."""
        await self.hand.press("U")
        await self.hand.until(lambda: self.state.plan is not None, "what an undo would do")
        plan = self.state.plan
        await self.hand.press("Ctrl+Enter")
        await self.hand.until(lambda: self.state.run.state == "undone", "the file taken back")
        return plan

    async def orders(self, status=""):
        """How many orders of a state this desk knows, once it knows all its hub does."""
        station, query = self.station, OrderQuery(status=status)
        await self.hand.until(lambda: station.store.mark.cursor == station.store.mark.head, "the newest rows")
        return await station.desk.look(Views.count_orders, query)


def test_a_shops_report_goes_in_and_comes_back_out(road, shared_data, tmp_path):
    """The first 400 orders of a real report, and one row a spreadsheet has spoilt."""
    report = shared_data("tmall_orders", "tmall_order_report.csv")
    lines = report.read_text(encoding="utf-8").splitlines()[:401]
    spoilt = lines[-1].split(",")
    spoilt[0] = "3.71E+18"
    file = tmp_path / "tmall.csv"
    file.write_text("\n".join([*lines, ",".join(spoilt)]) + "\n", encoding="gb18030")

    async def walk(clerk):
        await clerk.drop(file)
        await clerk.ahead("columns")
        assert clerk.state.look.reading.encoding == "gb18030"
        assert clerk.state.matching.title == "Tmall order report"
        await clerk.ahead("preview")
        assert len(clerk.state.sample.rows) == 20
        await clerk.ahead("trial")
        tried = (await clerk.end()).account
        assert await clerk.orders() == 0
        await clerk.ahead("run")
        done = await clerk.end()
        account = done.account
        assert (account.read, account.new, account.rejected) == (401, 400, 1)
        assert (tried.read, tried.new, tried.rejected) == (401, 400, 1)
        assert done.state == "done"
        assert await clerk.orders() == 400

        saved = tmp_path / "again.csv"
        await clerk.station.presenters["import_file"].save_rejected(str(saved))
        with saved.open(encoding="utf-8-sig", newline="") as rejected:
            rows = list(csv.reader(rejected))
        assert len(rows) == 2

        plan = await clerk.take_back()
        assert (plan.cancels, plan.stays) == (400, 0)
        assert await clerk.orders("cancelled") == 400

    road(walk)


def test_a_workbook_is_matched_by_hand_where_only_a_person_knows(road, tmp_path):
    at = datetime(2026, 6, 12, 20, 30)  # noqa: DTZ001 - a workbook knows no zone
    lines = [(f"00{n:03}", at, "A-1", "杯子", 2, 12.5) for n in range(30)]
    file = ShopFiles(tmp_path).xlsx((*HEAD[:4], "拿几个", HEAD[5]), *lines, ("", at, "A-1", "杯子", 1, 12.5))

    async def walk(clerk):
        hand = clerk.hand
        await clerk.drop(file)
        await clerk.ahead("columns")
        assert clerk.state.look.kind == "xlsx"
        columns = clerk.state.matching.columns
        at = next(n for n, each in enumerate(columns) if each.column == "拿几个")
        await hand.press(*["J"] * at, "Enter")
        await hand.answer("import_file/field", words.tr("Quantity"))
        await hand.press("Esc")
        await hand.until(lambda: clerk.state.matching.columns[at].trust == "manual", "the choice by hand")
        assert clerk.state.matching.columns[at].field == "qty"
        await clerk.ahead("run")
        account = (await clerk.end()).account

        assert (account.read, account.new, account.rejected, account.orders) == (31, 30, 1, 30)
        assert await clerk.orders() == 30

    road(walk)


def test_a_retail_file_finds_in_an_earlier_one_what_it_takes_back(road, shared_data, tmp_path):
    """The first 1,600 invoice lines in two files; the whole file costs minutes and says the same."""
    with gzip.open(shared_data("uci_online_retail", "online_retail.csv.gz"), "rt", encoding="utf-8") as whole:
        head, *rows = islice(whole, ROWS + 1)
    customer = head.strip().split(",").index("CustomerID")
    sold = next(row for row in rows if row.split(",")[customer] and _qty(row) > 2)
    back = _taken_back(sold)
    one, two = tmp_path / "december.csv", tmp_path / "january.csv"
    one.write_text("".join([head, *rows[: ROWS // 2]]), encoding="utf-8")
    two.write_text("".join([head, *rows[ROWS // 2 :], back]), encoding="utf-8")

    async def walk(clerk):
        for file in (one, two):
            await clerk.drop(file)
            await clerk.ahead("run")
            account = (await clerk.end()).account
            assert account.read == account.new + account.changed + account.unchanged + account.rejected
            assert account.new > 0.9 * ROWS / 2 - 1
        assert account.changed >= 1
        assert await clerk.orders() == len({row.split(",")[0] for row in rows if _qty(row) > 0})

    road(walk)


def test_a_supply_chain_file_in_latin_1_with_blanks_in_its_headers_goes_in(road, shared_data, tmp_path):
    """The first 800 lines as the file was published: Latin-1, blanks around the headers."""
    text = shared_data("supply_chain_inventory", "orders_and_shipments.csv").read_text(encoding="utf-8")
    lines = text.replace("\ufffd", "\xa0").splitlines()[: ROWS // 2 + 1]
    file = tmp_path / "orders_and_shipments.csv"
    file.write_bytes("\n".join(lines).encode("latin-1") + b"\n")

    async def walk(clerk):
        await clerk.drop(file)
        await clerk.ahead("columns")
        assert lines[0] != lines[0].replace(" ,", ",")
        await clerk.ahead("run")
        account = (await clerk.end()).account
        assert (account.read, account.new, account.rejected) == (ROWS // 2, ROWS // 2, 0)
        assert await clerk.orders() == account.orders

    road(walk)


def _qty(row):
    """Pieces of a line of the retail file: the cell before its date."""
    cells = next(csv.reader([row]))
    return int(cells[3])


def _taken_back(row):
    """The cancellation of a line of the retail file, one piece of it, a month later."""
    number, article, title, _, _, price, customer, country = next(csv.reader([row]))
    cells = (
        f"C9{number}",
        article,
        title.replace(",", " "),
        "-1",
        "2011-01-31 10:00:00",
        price,
        customer,
        country,
    )
    return ",".join(cells).rstrip() + "\n"
