"""Every page of the desk over a busy fake company, one after the other, as a person meets them.

A new page is found by itself: its module in `widgets/pages`, its presenter beside it.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import builders
import msgspec
from builders import line
from desk_fake import PEOPLE, FakeDesk, Here
from practice_fake import FakeSitting
from PySide6.QtCore import QAbstractAnimation

import resources
import widgets.pages
from app.boot.settings import add_settings
from app.commands.note_guide import NoteGuide
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.set_customer import SetCustomer
from app.commands.set_grants import SetGrants
from app.commands.set_holidays import SetHolidays
from app.commands.set_outlet import SetOutlet
from app.commands.set_price_list import SetPriceList
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_snag_rule import SetSnagRule
from app.commands.set_template import SetTemplate
from app.commands.set_view import SetView
from app.desk import Screen
from app.domain.company import Customer, Grants, Holidays, PriceList, Shift
from app.domain.contract import USUAL, Template
from app.domain.gazetteer import Gazetteer
from app.domain.order import ChannelState
from app.domain.order_view import OrderView, Question, SharedView
from app.domain.snag_rule import Clause, SnagRule
from app.domain.step_use import Advised, Hinted, StepUse
from app.domain.values import Receiver, Region, Role
from app.domain.visit import Area, Outlet
from app.guides import FORMS
from app.insight.handling import Handling, Took
from app.insight.stage_time import Focus, Visit
from app.ports import Counts, OutboxRow
from app.presenters import settings
from app.presenters.palette import Palette
from app.presenters.passphrase import Passphrase
from app.text import Text
from widgets import theme
from widgets.aio import Tasks
from widgets.finder import Finder
from widgets.pages.passphrase import PassphrasePage
from widgets.panes import Panes
from widgets.rail import PLACES, RailState
from widgets.shell import Shell
from widgets.sync_line import SyncState
from widgets.top_bar import PersonState
from widgets.words import language, tr


class NoHub:
    """A desk that was told of no hub."""

    def chosen(self) -> tuple[str, str]:
        return "", ""


MODULES = tuple(info.name for info in pkgutil.iter_modules(widgets.pages.__path__))
SECTIONS = tuple(section.code for section in settings.SECTIONS)
PAGES = tuple(code for code in MODULES if code not in SECTIONS)
OVERLAYS = ("palette", "keys", "help")
ABOLISHED = Region(province="浙江省", city="杭州市", district="下城区")
TALL = "文晖路 88 号水岸嘉园 3 幢 1 单元 502 室，到了请打电话，放门口的鞋柜上"
GIVEN = {
    "demo_people": PEOPLE,
    "demo_password": "docket-demo",
    "connection": NoHub(),
    "sitting": FakeSitting(),
}
"""What a presenter is given beside the desk, where its page shows it."""
ARGS: dict[str, object] = {
    "order": {"id": "o1"},
    "guide": {"form": "fix_address", "order": "o1"},
    "paper": {"order": "o7"},
    "connect_shop": {"shop": "TM1"},
    "mend_channel": {"shop": "TM1"},
}
ROUNDS = 3000
DETAIL = "/detail"
"""In a narrow window list and detail take turns: both are looked at."""


class Busy(FakeDesk):
    """A fake desk that has had a day: exceptions, a review, a full floor, work in the outbox."""

    def __init__(self) -> None:
        super().__init__(user="fang")
        company = self.company
        company.gazetteer = Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))
        company.set_stock(0, "CT-180")
        who = Receiver(
            name="季小雨",
            phone="1380000000",
            street=TALL,
            raw=f"浙江省杭州市下城区{TALL}",
            note="周末收，别放快递柜",
        )
        company.receive(
            "o1",
            number="DK-118204",
            region=ABOLISHED,
            receiver=who,
            lines=(line("1", qty=2), line("2", "A-2")),
        )
        company.receive(
            "o2",
            number="DK-118166",
            lines=(line("1", "A-3", qty=3, unit_price_minor=12_900),),
            receiver=_buyer(2),
        )
        company.receive("o3", number="DK-118171", lines=(line("1", "X-77"),), receiver=_buyer(3))
        company.receive(
            "o4", number="DK-118180", shop="DY1", lines=(line("1", unit_price_minor=1),), receiver=_buyer(4)
        )
        company.receive("o5", number="DK-118185", receiver=msgspec.structs.replace(_buyer(5), note="尽快发"))
        for n in range(6, 12):
            company.receive(
                f"o{n}", number=f"DK-1182{n:02}", receiver=_buyer(n), lines=(line("1", qty=n % 3 + 1),)
            )
        company.must(Pick(order="o6", line="1", qty=1), Role.WAREHOUSE)
        builders.pick_all(company, "o7")
        company.must(Pack(order="o7"), Role.WAREHOUSE)
        company.now = builders.NIGHT
        for n in (12, 13):
            company.receive(f"o{n}", number=f"DK-1182{n}", receiver=_buyer(n), lines=(line("1", qty=4),))
        company.receive(
            "o14",
            number="DK-118214",
            receiver=_buyer(14),
            channel_state=ChannelState.AWAITING_PAYMENT,
            paid_minor=0,
        )
        self._set_up()
        self.handled, self.guides = _handled(), _guides()
        self.visited = _visited(self.now())
        self.waiting = [
            OutboxRow(
                n=n, name=name, subject=f"DK-1182{n:02}", who="wu", state=state, error=error,
                saved_at=company.now - timedelta(minutes=41),
            )
            for n, name, state, error in (
                (3, "ship", "conflict", Text("The warehouse has begun. Put the goods back first.")),
                (2, "fix_address", "saved", None),
                (1, "pick", "accepted", None),
            )
        ]  # fmt: skip

    def _set_up(self) -> None:
        """Publish something of every kind, so that no section of the settings is empty."""
        company, lead = self.company, builders.actor(Role.LEAD, "wu")
        days = tuple(date(2026, 10, day) for day in range(1, 8))
        golden = Holidays(code="CN", title="全国法定假日", closed=days)
        night = Shift(code="night", title="夜班", since=time(22), until=time(6), holidays="CN", place="SZ")
        rules = msgspec.structs.replace(company.refs.rules, review_above_minor=80_000, ship_within_h=48)
        agreed = PriceList(
            code="HT", title="酒店协议价", share_pct=78, prices={"LN-220": 23_800, "CT-180": 5_900}
        )
        hotel = Customer(
            code="LH", title="临湖酒店用品", credit_minor=100_000_000, terms_days=30, price_list="HT",
            invoice_title="杭州临湖酒店用品有限公司", tax_no="91350100M000100Y43",
        )  # fmt: skip
        late = SharedView(code="v1", title="今天要发的", view=OrderView(question=Question(period="today")))
        large = SnagRule(
            code="BIG", title="大额单", title_en="Large order", group="lead",
            clauses=(Clause("payable", "at_least", "5000"), Clause("on_account", "is_not", "")),
        )  # fmt: skip
        for command in (
            SetHolidays(holidays=golden),
            SetShift(shift=night),
            SetRules(rules=rules),
            SetPriceList(price_list=agreed),
            SetCustomer(customer=hotel),
            SetView(view=late),
            SetSnagRule(rule=large),
            SetTemplate(template=Template(code="HT", title="酒店供货合同", text=USUAL.text)),
            SetOutlet(outlet=Outlet(code="HZ1", title="杭州安装站", areas=(Area(province="浙江省"),))),
        ):
            company.must(command, lead)
        more = Grants(user="lin", more=("sign_off", "ship"), fewer=("cancel",))
        company.must(SetGrants(grants=more), builders.actor(Role.ADMIN, "fang"))

    def counts(self, login):
        return Counts(
            snags=len(self.snags()),
            urgent=3,
            reviews=2,
            to_pick=6,
            received=1_284,
            touchless=1_163,
            fixed_of_day=57,
            open_of_day=14,
            repaired=47,
            released=1_190,
            shipped=972,
        )

    def repaired_per_hour(self, user):
        return [(hour, (hour * 7) % 11) for hour in range(9, 21)]


def _handled() -> Handling:
    """What some people closed in the last days, and what is open."""
    who = (("lin", "白班"), ("shen", "白班"), ("wu", "白班"), ("gu", "夜班"), ("he", "夜班"), ("", ""))
    kinds = ("address_invalid", "short_stock", "price_anomaly", "rule-BIG", "payment_failed", "sku_unmapped")
    closed = [
        Took(
            kind=kinds[n * n % 6], owner=who[n % 6][0], shift=who[n % 6][1], worked_s=31 * n, rested_s=0,
            waited={"stock": 90 * n} if n % 4 == 0 else {}, tries=1 + (n % 5 == 0), is_late=31 * n > 1_500,
            came_back=int(n % 17 == 0), hand_s=8 + n % 23 if n % 3 else None,
            pace_s=None if n % 3 else 9 + n % 20,
        )
        for n in range(6, 66)
    ]  # fmt: skip
    open_ = [Took(kind="short_stock", owner="lin", worked_s=700 * n, rested_s=0, waited={}) for n in range(9)]
    return Handling(tuple(closed), tuple(open_))


def _visited(now: datetime) -> list[Visit]:
    """Where orders stood in two weeks, who had them, and one person who is slow at addresses."""
    stages = ("to_check", "gated", "released", "picking", "packed", "address_invalid", "sku_unmapped")
    found = []
    for n in range(900):
        stage, by = stages[n % 7], ("lin", "shen", "wu", "gu", "he")[n % 5]
        begin = now - timedelta(minutes=22 * (n + 1))
        touch = 30 + n % 40 + (90 if (stage, by) == ("address_invalid", "lin") else 0)
        end = begin + timedelta(seconds=touch + (n * 37) % (3_000 if n < 450 else 1_000))
        at_it = Focus(by, f"o{n}", "", end - timedelta(seconds=touch), end, touch)
        found.append(
            Visit(
                f"o{n}", stage, begin, end, by, ("SZ", "WH")[n % 2], ("白班", "夜班")[n % 2],
                is_failed=n % 23 == 0, is_repair=n % 7 > 4, is_night=n % 2 == 1, focus=(at_it,),
            )
        )  # fmt: skip
    return found


def _guides() -> list[NoteGuide]:
    """Guides that came to their end: every step of every guide, used and not."""
    how, hints = tuple(Advised), tuple(Hinted)
    return [
        NoteGuide(
            form=form.code,
            steps=tuple(
                StepUse(step=step.name, advised=how[(n + at) % 3], hinted=hints[n * at % 3])
                for at, step in enumerate(form.steps)
            ),
        )
        for form in FORMS.values()
        for n in range(1 + len(form.code) % 5)
    ]


def _buyer(n: int) -> Receiver:
    return Receiver(name="欧阳静怡", phone=f"138{n:08}", street=f"人民路 {n} 号")


class NoKeys:
    """A desk without a passphrase: the page with most on it."""

    def is_set(self) -> bool:
        return False


class Stage:
    """The window with every page, and a way to let it come to rest; `run` runs a coroutine on Qt's loop."""

    def __init__(self, run: Callable) -> None:
        self.run, self.tasks, self.fake = run, Tasks(), Busy()
        look = theme.current()
        self.fake.kept = {"theme": look.name, "density": look.density, "language": language()}
        finder = Finder(Palette(self.fake.desk))
        places = tuple(place for place in PLACES if place.code in (*PAGES, "help"))
        self.shell = Shell(places=places, clock_s=lambda: 0.0)
        self.shell.use_search(self.tasks, finder.search)
        finder.shell = self.shell
        add_settings(self.shell, self.fake.desk, "", self.tasks)
        for code in PAGES:
            if code != "settings":
                self.shell.add_page(code, lambda code=code: self._page(code))
        self._dress()

    def _page(self, code: str):
        desk = self.fake.desk
        if code == "passphrase":  # there is no desk yet behind it
            return PassphrasePage(Passphrase(NoKeys(), Here(), print), self.tasks)
        presenters = importlib.import_module(f"app.presenters.{code}")
        kinds = [kind for kind in vars(presenters).values() if _is_screen(kind, presenters)]
        page = importlib.import_module(f"widgets.pages.{code}")
        kind = getattr(page, "".join(part.title() for part in code.split("_")) + "Page")
        presenter = kinds[0](desk, **_given(kinds[0]))
        return kind(presenter, self.tasks, lambda place, **args: self.shell.go(place, args))

    def _dress(self) -> None:
        self.shell.show_rail(RailState(counts={"inbox": 14, "review": 2, "warehouse": 128}))
        self.shell.show_person(PersonState("吴组长", tr("Lead")))
        note = tr("Go on working; everything is kept here and sent later.")
        self.shell.show_sync(SyncState(link="offline", link_for_s=133, outbox=17, oldest_s=2_460, note=note))

    def show(self, scene: str) -> None:
        """Bring a page, or what lies over one, to the front."""
        if scene in OVERLAYS:
            self.do(lambda: self.shell.go("inbox"))
            overlay = {"palette": self.shell.palette_, "keys": self.shell.key_sheet, "help": self.shell.help}[
                scene
            ]
            self.do(overlay.lay if scene == "palette" else self._lay[scene])
            return
        if scene in SECTIONS:
            self.do(lambda: self.shell.go("settings", {"section": scene}))
        else:
            page = scene.removesuffix(DETAIL)
            self.do(lambda: self.shell.go(page, ARGS.get(page)))
        if scene in SECTIONS or scene.endswith(DETAIL):
            for panes in self.shell.page.findChildren(Panes):
                self.do(panes.show_detail)
        self._dress()

    @property
    def _lay(self):
        shell = self.shell
        keys = shell.router
        return {
            "keys": lambda: shell.key_sheet.lay_keys("Inbox", keys.page_keys, keys.shared_keys),
            "help": lambda: shell.help.lay_topic("inbox"),
        }

    def shut(self) -> None:
        """Take away whatever lies over the page."""
        for overlay in (self.shell.palette_, self.shell.key_sheet, self.shell.help):
            if overlay.isVisible():
                self.do(overlay.shut)

    def do(self, act: Callable[[], object]) -> None:
        """Do something as Qt would call it, and let everything it starts, movements too, come to rest."""

        async def acted() -> None:
            act()
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
                if not self.tasks._running and not self.tasks._again:
                    break
            else:
                raise AssertionError(f"still running: {list(self.tasks._running)}")
            self._end_movements()

        self.run(acted())

    def _end_movements(self) -> None:
        """Whatever fades or slides has arrived: nobody looks at it on its way."""
        for each in self.shell.findChildren(QAbstractAnimation):
            if each.state() is QAbstractAnimation.State.Running:
                each.setCurrentTime(each.totalDuration())


def scenes() -> Iterator[str]:
    """What is looked at: every page, then what lies over them."""
    yield from (page for page in PAGES if page != "settings")
    yield from (f"{page}{DETAIL}" for page in ("inbox", "review"))
    yield from SECTIONS
    yield from OVERLAYS


class Nobody:
    """Stands where a presenter wants more than the desk: whatever it is asked, there is nothing."""

    def __getattr__(self, name: str):
        return lambda *_args, **_named: ()


def _given(kind: type) -> dict[str, object]:
    """What else a presenter needs to be made."""
    wants = list(inspect.signature(kind).parameters.values())[1:]
    needed = {
        each.name: Here() if each.name == "lane" else Nobody() for each in wants if each.default is each.empty
    }
    return needed | {each.name: GIVEN[each.name] for each in wants if each.name in GIVEN}


def _is_screen(kind: object, module: object) -> bool:
    is_ours = inspect.isclass(kind) and kind.__module__ == module.__name__
    return is_ours and issubclass(kind, Screen)
