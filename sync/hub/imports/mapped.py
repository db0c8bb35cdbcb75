"""Read orders out of rows by a plan: the generic file, whoever wrote it.

Rows of joined files stand together in one group; a value is found from a row along the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.commands.receive import Receive
from app.domain.company import Customer, Shop
from app.domain.money import shown
from app.domain.order import ChannelState, Line
from app.domain.values import Receiver, Region, digest
from app.imports import PreviewCell
from app.text import N_, Text
from sync.channel import NAME_LIMIT, Channel, Numbered, Unreadable, check_code, country_of
from sync.hub.imports.cancellations import NO_ORIGINAL, applied, is_cancel
from sync.hub.imports.cells import decimal, is_nothing, moment, money, naive, pieces, share
from sync.hub.imports.plan import FIELDS, PARTS, Binding, Plan
from sync.hub.imports.sheets import plain_name

NEW_SHOP = Shop(code="", title="", channel="B2")
AT_THE_DOOR = frozenset(map(plain_name, ("货到付款", "到付", "COD", "Cash on delivery", "Pay on delivery")))
"""Ways of paying in which whoever brings the parcel takes the money."""
NEGATIVE = N_(
    "{column} is negative. A return or a correction of stock is not an order; note it on the order itself."
)

Group = tuple[Numbered, ...]


class _Money(NamedTuple):
    """What one order costs. Units: minor."""

    total: int
    payable: int
    paid: int
    refunded: int


class Reader:
    """Reads one group of rows."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._of: dict[str, Binding] = {one.field: one for one in plan.bindings}
        self._up = {join.file: join for join in plan.joins}
        self._states = {plain_name(word): state for word, state in plan.states.items()}

    @property
    def channel(self) -> Channel:
        """The plan as a kind of delivery."""
        number = self._of["number"]
        plan = self.plan
        shop = Shop(
            code="", title="", channel=NEW_SHOP.channel, currency=plan.currency, zone=plan.zone,
            country=plan.country,
        )  # fmt: skip
        return Channel(
            code="",
            title=N_("Table with a mapping"),
            headers=frozenset(one.column for one in plan.bindings),
            group=number.column,
            draft=self.receive,
            shop=shop,
        )

    # --- values -------------------------------------------------------------------------------------

    def cell(self, field: str, group: Group, row: Numbered | None = None) -> str:
        """Return what stands for a field: in `row` or what belongs to it, else in the first row with it."""
        at = self._of.get(field)
        if at is None:
            return ""
        if row is not None:
            found = self._joined(group, row, at.file)
            return found.cells.get(at.column, "") if found else ""
        return next((text for one in group if one.file == at.file and (text := one.cells.get(at.column))), "")

    def has(self, field: str) -> bool:
        """Tell whether a column fills this field."""
        return field in self._of

    def _joined(self, group: Group, row: Numbered, file: int) -> Numbered | None:
        """Follow the keys from a row to the row of another file it belongs to."""
        if row.file == file:
            return row
        path, here = [], file
        while here != row.file:
            if here not in self._up:  # a file above: the order the line belongs to
                return next((one for one in group if one.file == file), None)
            path.append(self._up[here])
            here = self._up[here].to
        found: Numbered | None = row
        for join in reversed(path):
            key = found.cells.get(join.to_column, "") if found else ""
            found = next((r for r in group if r.file == join.file and r.cells.get(join.column) == key), None)
        return found

    def _money(self, field: str, group: Group, currency: str, row: Numbered | None = None) -> int:
        at = self._of.get(field)
        return money(self.cell(field, group, row), at.column, at.reading, currency) if at else 0

    def _sum(self, field: str, group: Group, currency: str) -> int:
        """Read money of an order: the sum where a file has several rows of it, else what the first says."""
        at = self._of.get(field)
        if at is None:
            return 0
        join = self._up.get(at.file)
        if join is None or not join.many:
            return self._money(field, group, currency)
        amounts = (one.cells.get(at.column, "") for one in group if one.file == at.file)
        return sum(money(text, at.column, at.reading, currency) for text in amounts)

    def _moment(self, field: str, group: Group, zone: str) -> datetime | None:
        at = self._of.get(field)
        return moment(self.cell(field, group), at.column, at.reading, zone) if at else None

    def version(self, group: Group, zone: str) -> str:
        """Return which version of an order these rows are; empty where the file does not say."""
        version = self._moment("version", group, zone)
        return version.isoformat() if version else ""

    def ordered_at(self, group: Group, zone: str) -> datetime:
        """Return when it was ordered, or taken back.

        Raises:
            Unreadable: the column and what to do.
        """
        at = self._of.get("ordered_at")
        column = at.column if at else self._of[PARTS[0]].column
        if at is None:
            parts = "-".join(self.cell(part, group) for part in PARTS)
            found = moment(f"{parts} {self.cell('ordered_time', group)}".strip(), column, "ymd", zone)
        else:
            found = self._moment("ordered_at", group, zone)
        if found is None:
            raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": column}))
        return found

    # --- an order -----------------------------------------------------------------------------------

    def receive(self, group: Group, shop: Shop) -> Receive:
        """Read one order.

        Source: channels.md 1.3, a bound amount of the order counts before the sum of its lines.

        Raises:
            Unreadable: the column and what to do.
        """
        number_at = self._of["number"]
        number = check_code(self.cell("number", group), number_at.column)
        if is_cancel(number, self.plan.cancels):
            raise Unreadable(Text(NO_ORIGINAL, {"column": number_at.column}))
        back = [row for row in group if is_cancel(row.cells.get(number_at.column, ""), self.plan.cancels)]
        if back:
            whole = self.receive(tuple(row for row in group if row not in back), shop)
            return applied(whole, [self._taken_back(group, row) for row in back])
        lines, goods = self._lines(group, shop)
        paid_at = self._moment("paid_at", group, shop.zone)
        is_cod = plain_name(self.cell("payment", group)) in AT_THE_DOOR
        is_paid = paid_at is not None or is_cod
        cost = self._cost(group, shop, goods, is_paid=is_paid)
        if is_cod:  # what stands as paid is what the carrier will take
            cost = cost._replace(paid=cost.refunded)
        buyer = self.customer(group, shop)
        return Receive(
            order="",
            number="",
            shop=shop.code,
            ext_id=number,
            ext_version=self.version(group, shop.zone),
            channel_state=self._state(group, cost, is_paid=is_paid),
            currency=shop.currency,
            total_minor=cost.total,
            payable_minor=cost.payable,
            paid_minor=cost.paid,
            refunded_minor=cost.refunded,
            receiver=self._receiver(group),
            region=self._region(group, shop),
            lines=lines,
            ordered_at=self.ordered_at(group, shop.zone),
            ship_by_at=self._moment("ship_by_at", group, shop.zone),
            customer=buyer.code if buyer else "",
            is_cod=is_cod,
        )

    def _taken_back(self, group: Group, row: Numbered) -> tuple[str, int]:
        article = self._article(self.cell("sku", group, row), self.cell("title", group, row))
        return article, -pieces(self.cell("qty", group, row), self._of["qty"].column)

    def customer(self, group: Group, shop: Shop) -> Customer | None:
        """Return the business an order is for, where the file names one by code and by name."""
        code, title = self.cell("customer", group), self.cell("customer_title", group)
        if not code or not title:
            return None
        return Customer(code=code[:NAME_LIMIT], title=title[:200], currency=shop.currency)

    def _lines(self, group: Group, shop: Shop) -> tuple[tuple[Line, ...], int]:
        rows = [row for row in group if row.file == self.plan.lines]
        if not any(map(self.has, ("sku", "title", "qty", "price", "amount"))):
            return (), 0
        read = [self._line(i, group, row, shop) for i, row in enumerate(rows, 1)]
        return tuple(line for line, _ in read), sum(amount for _, amount in read)

    def _line(self, i: int, group: Group, row: Numbered, shop: Shop) -> tuple[Line, int]:
        """Read one line and what it costs with its freight. Prices are after the discount."""
        qty_at, price_at, amount_at = self._of.get("qty"), self._of.get("price"), self._of.get("amount")
        qty = pieces(self.cell("qty", group, row), qty_at.column) if qty_at else 1
        if qty < 0 and qty_at:
            raise Unreadable(Text(NEGATIVE, {"column": qty_at.column}))
        off = self._of.get("discount")
        kept = 1 - share(self.cell("discount", group, row), off.column, off.reading) if off else Decimal(1)
        places = Decimal(money("1", "", "dot", shop.currency))
        if price_at:
            price = decimal(self.cell("price", group, row), price_at.column, price_at.reading)
            one = price * kept * (1 if price_at.reading == "minor" else places)
            amount = _whole(one * qty)
        else:
            amount = _whole(self._money("amount", group, shop.currency, row) * kept)
            one = Decimal(amount) / qty if qty else Decimal(amount)
        if amount_at and price_at and not is_nothing(self.cell("amount", group, row)):
            amount = _whole(self._money("amount", group, shop.currency, row) * kept)
        if amount < 0 or one < 0:
            column = price_at or amount_at
            raise Unreadable(Text(NEGATIVE, {"column": column.column if column else ""}))
        sku, title = self.cell("sku", group, row), self.cell("title", group, row)
        line = Line(
            id=str(i),
            ext_sku=self._article(sku, title),
            title=title[:200],
            qty=qty,
            unit_price_minor=_whole(one),
        )
        return line, amount + self._money("line_freight", group, shop.currency, row)

    def _article(self, sku: str, title: str) -> str:
        """Return the shop's own code; without one its name stands for it, shortened so that it stays one."""
        at = self._of.get("sku")
        if sku and at:
            return check_code(sku, at.column)
        return title if len(title) <= NAME_LIMIT else f"{title[:47]}~{digest(title)}"

    def _cost(self, group: Group, shop: Shop, goods: int, *, is_paid: bool) -> _Money:
        freight = self._sum("freight", group, shop.currency)
        total = self._sum("total", group, shop.currency) if self.has("total") else goods + freight
        refunded = self._sum("refunded", group, shop.currency)
        paid = self._sum("paid", group, shop.currency) if self.has("paid") else 0
        for field, amount in (("total", total), ("paid", paid), ("refunded", refunded)):
            if amount < 0:
                at = self._of.get(field) or self._of["number"]
                raise Unreadable(Text(NEGATIVE, {"column": at.column}))
        if not self.has("paid"):
            is_due = self.has("paid_at") and not is_paid
            paid = 0 if is_due or self.plan.state == "awaiting_payment" else total
        elif self.has("paid_at") and not is_paid:
            paid = 0
        paid = max(paid, refunded)
        return _Money(total, paid or total, paid, refunded)

    def _state(self, group: Group, cost: _Money, *, is_paid: bool) -> ChannelState:
        """Say how the order stands on the channel; a word nobody knows is no reason to ship.

        Source: capabilities 1, unknown platform status means hold.
        """
        at = self._of.get("state")
        words = {row.cells.get(at.column, "") for row in group if row.file == at.file} if at else {""}
        if len(words) > 1:
            return ChannelState.UNKNOWN
        if word := next(iter(words), ""):
            return ChannelState(self._states.get(plain_name(word)) or ChannelState.UNKNOWN)
        if cost.paid and cost.refunded >= cost.paid:
            return ChannelState.CLOSED_REFUNDED
        if self.has("shipped_at"):
            sent = not is_nothing(self.cell("shipped_at", group))
            return ChannelState.SHIPPED if sent else ChannelState.TO_SHIP
        if self.has("paid_at") and not is_paid:
            return ChannelState.AWAITING_PAYMENT
        return ChannelState(self.plan.state)

    def _receiver(self, group: Group) -> Receiver:
        street, raw = self.cell("street", group), self.cell("address", group)
        return Receiver(
            name=self.cell("receiver", group),
            phone=self.cell("phone", group),
            street=street,
            raw=raw,
            note=self.cell("note", group),
            account=self.cell("account", group),
        )

    def _region(self, group: Group, shop: Shop) -> Region:
        land = self.cell("country", group)
        return Region(
            country=country_of(land) if land else shop.country,
            province=self.cell("province", group),
            city=self.cell("city", group),
            district=self.cell("district", group),
            postcode=self.cell("postcode", group),
        )

    # --- what a person sees -------------------------------------------------------------------------

    def fields(self) -> tuple[str, ...]:
        """Return the bound fields in the order a person reads them."""
        return tuple(code for code in FIELDS if code in self._of)

    def shown(self, field: str, group: Group, row: Numbered, shop: Shop) -> PreviewCell:
        """Return a value as understood: what cannot be is shown as it stands, with the reason."""
        kind, at = FIELDS[field].kind, self._of[field]
        text = self.cell(field, group, row)
        try:
            match kind:
                case "money" if text:
                    return PreviewCell(
                        shown(money(text, at.column, at.reading, shop.currency), shop.currency)
                    )
                case "time" if text:
                    return self._shown_time(text, at, shop)
                case "count":
                    return PreviewCell(str(pieces(text, at.column)))
                case "share" if text:
                    percent = share(text, at.column, at.reading) * 100
                    return PreviewCell(f"{percent.normalize():f} %")
                case "state" if text and plain_name(text) not in self._states:
                    return PreviewCell(text, Text(N_("Nobody knows this state yet; the order will wait.")))
        except Unreadable as trouble:
            return PreviewCell(text, trouble.text)
        return PreviewCell(text)

    def _shown_time(self, text: str, at: Binding, shop: Shop) -> PreviewCell:
        moment(text, at.column, at.reading, shop.zone)
        found = naive(text, at.reading)
        return PreviewCell(found.isoformat(" ", "minutes") if found else text)


def filled_down(rows: Iterable[Numbered], plan: Plan) -> Iterator[Numbered]:
    """Write the columns of an order into its rows below the first, where they were left empty."""
    number = plan.binding("number")
    columns = [b.column for b in plan.bindings if FIELDS[b.field].of == "order" and b.file == plan.main]
    above: dict[str, str] = {}
    for row in rows:
        if number is not None and not row.cells.get(number.column) and above:
            whole = row.cells | {c: row.cells.get(c) or above.get(c, "") for c in columns}
            row = Numbered(row.row_no, whole, row.file)  # noqa: PLW2901 - the row as it was meant
        above = {c: row.cells.get(c, "") for c in columns}
        yield row


def _whole(value: Decimal | int) -> int:
    return int(Decimal(value).to_integral_value(ROUND_HALF_UP))
