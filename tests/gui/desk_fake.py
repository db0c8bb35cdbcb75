"""A desk without files: the tiny company of `builders` behind the real `Desk` and presenters."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import builders
import msgspec
import shelf_fake
from builders import NOW, Company
from files_fake import FakeFiles, Here
from port_fake import FakePort
from rows_fake import answers, case_row_of, row_of, snag_row_of, stands_in

from app import engine
from app.command import Authority, Facts, Refusal
from app.commands.note_focus import NoteFocus
from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.commands.note_help import NoteHelp
from app.commands.recheck import Recheck
from app.desk import Desk
from app.domain import review
from app.domain.company import GRANTS, User
from app.domain.drill import Drill
from app.domain.order import EDITABLE, Order, Status
from app.domain.order_class import class_of
from app.domain.revision import Revision
from app.domain.snag_rule import around, holding
from app.domain.usual import usual_of
from app.domain.values import Actor, Receiver, Role
from app.ports import (
    NO_TITLES,
    SPLITS,
    Again,
    Changes,
    Counts,
    CutOff,
    HistoryRow,
    Link,
    Login,
    OrderRow,
    OutboxRow,
    Person,
    ShopPulse,
    SnagRow,
    Submitted,
    Waiting,
)
from app.text import Text
from app.trouble import Trouble

PEOPLE = (
    User(code="lin", title="林小满", role=Role.CLERK),
    User(code="shen", title="沈知夏", role=Role.CLERK),
    User(code="gu", title="顾南乔", role=Role.REVIEWER),
    User(code="he", title="何夜航", role=Role.REVIEWER),
    User(code="qiao", title="乔木生", role=Role.WAREHOUSE, warehouse="SZ"),
    User(code="wu", title="吴组长", role=Role.LEAD),
    User(code="fang", title="方其然", role=Role.ADMIN),
)


BATCH = 50


class FakeDesk(FakePort):
    """Implements `app.ports.Views`, `Replica` and `HubPort` over rows in a dictionary.

    `desk` is the real `Desk`; `told` are the changes it announced, `given` the commands that passed,
    `noted` those that only say what the person has learnt meanwhile.
    """

    def __init__(self, company: Company | None = None, user: str = "lin") -> None:
        self.company = company or Company()
        self.company.rows |= {("user", person.code): person for person in PEOPLE}
        self.drafts: dict[str, dict[str, str]] = {}
        self.kept: dict[str, str] = {}
        self.given: list[Any] = []
        self.noted: list[NoteHabit | NoteGuide | NoteFocus | NoteHelp] = []
        self.told: list[Changes] = []
        self.waiting: list[OutboxRow] = []
        self.deeds: dict[str, list[HistoryRow]] = {}
        self.link_state, self.line = "online", dict[str, Any]()
        self.asked: list[str] = []
        self.at_hub: dict[str, Receiver] = {}
        self.overtaken = 0
        self.cases: list[SnagRow] = []
        self.agains: dict[str, Again] = {}
        self.unsent_in = ""
        FakePort.__init__(self, self.given)
        self.files = FakeFiles()
        lane: Any = Here()
        self.desk = Desk(
            views=self, replica=self, hub=self, read=lane, store=lane, push=lane, tell=self.told.append
        )
        self.sit(user)

    # --- who ----------------------------------------------------------------------------------------

    def sit(self, user: str) -> Login:
        """Let somebody sit down at the desk."""
        self.desk._login = self.sign_in(user, "")
        return self.desk._login

    def sign_in(self, user: str, _password: str, _new_password: str = "") -> Login:
        person = next(each for each in PEOPLE if each.code == user)
        return Login(login_id=f"login-{user}", user=person, grants=GRANTS[person.role])

    def sign_out(self) -> None:
        """Nobody sits here."""

    def try_now(self) -> None:
        self.asked.append("now")

    def link(self) -> Link:
        oldest_s = int((self.now() - self.waiting[-1].saved_at).total_seconds()) if self.waiting else 0
        return Link(
            state=self.link_state, since=NOW - timedelta(seconds=133), waiting=len(self.waiting),
            oldest_s=oldest_s, **self.line,
        )  # fmt: skip

    # --- Replica ------------------------------------------------------------------------------------

    def submit(self, command, login: Login, because: str = "", seen_ver: int | None = None) -> Submitted:
        actor = Actor(login.user.code, login.user.role, login.grants)
        spec = engine.spec_of(command)
        facts = self.company.facts(command, actor)
        inverse = engine.inverse_of(command, facts)
        if self.link_state != "online" and spec.authority is Authority.HUB:
            self._keep(command, login)
            return Submitted(n=len(self.given), changes=Changes(sync=True))
        before = dict(self.company.rows)
        done = self.company.do(command, actor, because)
        if isinstance(done, Refusal):
            return Submitted(refusal=done)
        changed = frozenset(key for key, row in self.company.rows.items() if before.get(key) is not row)
        self._keep(command, login)
        return Submitted(n=len(self.given), inverse=inverse, changes=Changes(changed, sync=True))

    def _keep(self, command, login: Login) -> None:
        name = engine.spec_of(command).code
        order = getattr(command, "order", "")
        if isinstance(command, NoteHabit | NoteGuide | NoteFocus | NoteHelp):
            self.noted.append(command)
            return
        self.given.append(command)
        deed = HistoryRow(at=self.now(), who=login.user.title, text=Text(name), delivery="saved")
        self.deeds.setdefault(order, []).insert(0, deed)
        if self.link_state != "online":
            row = OutboxRow(
                n=len(self.given),
                name=name,
                subject=order,
                who=login.user.code,
                saved_at=self.now(),
                state="saved",
            )
            self.waiting.insert(0, row)

    def save_draft(self, key: str, answers: dict[str, str]) -> None:
        self.drafts[key] = answers

    def draft(self, key: str) -> dict[str, str]:
        return self.drafts.get(key, {})

    def drop_draft(self, key: str) -> None:
        self.drafts.pop(key, None)

    def fresh_id(self) -> str:
        return f"new-{next(builders.numbers)}"

    def setting(self, key: str, default: str = "") -> str:
        return self.kept.get(key, default)

    def set_setting(self, key: str, value: str) -> None:
        self.kept[key] = value

    def write_unsent(self, path: str) -> int:
        self.unsent_in = path
        return len(self.waiting)

    def clear(self) -> Changes:
        if self.waiting:
            raise Trouble("unsent", Text("{count} are only saved here.", {"count": len(self.waiting)}))
        self.drafts.clear()
        return Changes(sync=True)

    # --- Views --------------------------------------------------------------------------------------

    def refs(self):
        return self.company.refs

    def now(self) -> datetime:
        return self.company.now

    def facts(self, command, login: Login):
        return self.company.facts(command, Actor(login.user.code, login.user.role, login.grants))

    def known(self, keys, login: Login):
        actor = Actor(login.user.code, login.user.role, login.grants)
        rows = {key: self.company.rows.get(key) for key in keys}
        return Facts(rows, self.company.refs, actor, self.company.now, at_hub=False)

    def order(self, id: str, login: Login):
        facts = self.facts(Recheck(order=id), login)
        found = facts.order(id)
        return (found, facts) if found is not None else None

    def history(self, order: str):
        return self.deeds.get(order, [])

    def is_unanswered(self, order: str) -> bool:
        return any(row.subject == order and row.name != "print_paper" for row in self.waiting)

    def snags(
        self, *, kind="", text="", limit: int = 500, is_masked: bool = False, split: str = "", login=None,
        start: int = 0, titles=NO_TITLES,
    ):  # fmt: skip
        found = [
            snag_row_of(self.company, order, snag)
            for order in self._orders()
            for snag in order.snags
            if kind in ("", snag.kind)
        ]
        cases = [case_row_of(self.company, row) for row in self.cases]
        said = [
            row for row in (*found, *cases) if text in f"{row.number}{row.buyer}{titles.get(row.kind, '')}"
        ]
        return [row for row in said if not split or stands_in(row, split, login)][start : start + limit]

    def snag_counts(self, login: Login, **asked):
        return {split: len(self.snags(split=split, login=login, limit=9_999, **asked)) for split in SPLITS}

    def snag(self, id: str, kind: str):
        return next((row for row in self.snags(kind=kind) if row.id == id), None)

    def case(self, id: str):
        return next(((row, Text("Asked")) for row in self.cases if row.id == id), None)

    def again(self, id: str):
        return self.agains.get(id)

    def count_orders(self, query) -> int:
        return len(self._matching(query))

    def order_page(self, query, start: int, size: int):
        return self._matching(query)[start : start + size]

    def interrupt(self) -> None:
        self.overtaken += 1

    def order_batches(self, query, *, with_people: bool):
        rows = self._matching(query)
        for at in range(0, len(rows), BATCH):
            part = rows[at : at + BATCH]
            yield [(row, self._person(row.id) if with_people else None) for row in part]

    def _person(self, id: str) -> Person:
        receiver = self.company.order(id).receiver
        return Person(name=receiver.name, phone=receiver.phone, street=receiver.street, note=receiver.note)

    def find(self, text: str, limit: int = 10, *, is_masked: bool = False):
        said = text.casefold()
        receivers = {order.id: order.receiver for order in self._orders()}
        return [
            row
            for row in self._rows()
            if said in f"{row.number} {row.buyer}".casefold()
            or (not is_masked and said in f"{receivers[row.id].name} {receivers[row.id].phone}")
        ][:limit]

    def reviews(self, login: Login):
        mine = [row for row in self.company.rows.values() if isinstance(row, Drill)]
        tests = [msgspec.structs.replace(one.shown, id=one.id) for one in mine if one.answered_at is None]
        return [self._row(one) for one in tests] + [
            self._row(order)
            for order in self._orders()
            if order.signatures_needed and order.status in EDITABLE and not review.is_approved(order)
        ]

    def floor(self, warehouse: str, status: str, limit: int = 200):
        return [
            self._row(o) for o in self._orders() if o.status == status and warehouse in ("", o.warehouse)
        ][:limit]

    def by_scan(self, code: str, warehouse: str):
        for order in self._orders():
            if code in (order.number, order.ext_id, order.tracking_no):
                return ("order", order.id)
        for sku in self.company.refs.articles.values():
            if code in (sku.code, sku.barcode):
                return ("sku", sku.code)
        return ("", "")

    def stock(self, *, text: str = "", warehouse: str = "", limit: int = 500, expires: bool = False):
        return shelf_fake.stock(self.company, text, warehouse, expires=expires)[:limit]

    def stock_docs(self, warehouse: str, sku: str, limit: int = 8):
        return shelf_fake.papers(self.company, warehouse, sku)[:limit]

    def holders(self, warehouse: str, sku: str, limit: int):
        return shelf_fake.holders(self.company, warehouse, sku)[:limit]

    def skus(self, text: str, limit: int = 20):
        found = [sku for sku in self.company.refs.articles.values() if text in f"{sku.code} {sku.title}"]
        return [(sku.code, sku.title, 10) for sku in found][:limit]

    def outbox(self):
        return list(self.waiting)

    def waiting(self, login: Login) -> Waiting:
        return Waiting(snags=len(self.snags()), reviews=len(self.reviews(login)))

    def repaired(self) -> int:
        return self.counts(self.desk.login).repaired

    def counts(self, login: Login) -> Counts:
        return Counts(snags=len(self.snags()), reviews=len(self.reviews(login)), received=len(self._orders()))

    def repaired_per_hour(self, user: str):
        return []

    def pulses(self):
        return [
            ShopPulse(code=shop.code, channel=shop.channel, title=shop.title, last_at=NOW, orders=12)
            for shop in self.company.shops.values()
        ]

    def cut_offs(self):
        waiting = sum(1 for order in self._orders() if order.status in (Status.RELEASED, Status.PICKING))
        return [
            CutOff(
                warehouse=place.code,
                title=place.title,
                at=self.now() + timedelta(hours=1),
                left_s=3600,
                waiting=waiting,
            )
            for place in self.company.refs.warehouses.values()
        ]

    def people(self):
        return list(PEOPLE)

    def usual(self):
        return usual_of(one for one in self._orders() if one.released_at is not None)

    def delivered(self, street: str):
        done = [one for one in self._orders() if one.status is Status.COMPLETED]
        places = [one.region for one in done if one.receiver.street == street]
        return Counter((one.province, one.city, one.district) for one in places)

    def snagged_by(self, key: str) -> int:
        return sum(1 for order in self._orders() if any(key in snag.waits_for for snag in order.snags))

    def revisions(self, limit: int = 500):
        found = [row for row in self.company.rows.values() if isinstance(row, Revision)]
        return sorted(found, key=lambda row: (row.at, row.rev), reverse=True)[:limit]

    def costing_more(self, than_minor: int):
        waiting = [o for o in self._orders() if o.status in EDITABLE - {Status.RELEASED}]
        return sum(1 for o in waiting if o.payable_minor > than_minor), len(waiting)

    def judged_by(self, rule, most: int):
        orders, refs = self._orders()[:most], self.company.refs
        found = [o for o in orders if holding(rule, o, around(o, refs.shops, refs.customers))]
        return len(found), len(orders), sum(1 for order in found if order.status in EDITABLE)

    def classed_by(self, classes, code: str, most: int):
        orders, refs = self._orders()[:most], self.company.refs
        found = [class_of(o, classes, around(o, refs.shops, refs.customers)) for o in orders]
        return sum(one is not None and one[0].code == code for one in found), found.count(None), len(orders)

    # --- rows ---------------------------------------------------------------------------------------

    def _orders(self) -> list[Order]:
        return [row for row in self.company.rows.values() if isinstance(row, Order)]

    def _rows(self) -> list[OrderRow]:
        return [self._row(order) for order in self._orders()]

    def _matching(self, query) -> list[OrderRow]:
        rows = [row for row in self._rows() if answers(query, row)]
        if query.sort != "received":
            rows.sort(key=lambda row: row.payable_minor if query.sort == "amount" else row.ordered_at)
        return rows if query.sort == "received" or query.is_rising else rows[::-1]

    def _row(self, order: Order) -> OrderRow:
        return row_of(self.company, order)


def receive(fake: FakeDesk, id: str = "o1", **changes: Any) -> Order:
    """Let an order come in from its channel."""
    return fake.company.receive(id, **changes)


__all__ = ["PEOPLE", "FakeDesk", "builders", "receive"]
