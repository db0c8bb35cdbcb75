"""Shops: what each sells in, where its clock stands, which warehouses serve it."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_shop import FEES_MOST_BP, TAX_MOST_PCT, SetShop
from app.domain.billing import BILLED_TITLES
from app.domain.company import Shop
from app.domain.event import listed
from app.domain.owing import KEEPS_MOST_MIN
from app.domain.waiting import WAIT_MOST_MIN
from app.domain.written_time import written_day
from app.editor import NEW, Editor, Input, Item, Wrong, words
from app.text import N_, Text

CHANNELS = (
    ("TM", N_("Tmall")), ("JD", N_("JD.com")), ("PD", N_("Pinduoduo")), ("DY", N_("Douyin")),
    ("XH", N_("Xiaohongshu")), ("AZ", N_("Amazon")), ("SH", N_("Own shop")), ("WX", N_("WeChat store")),
    ("WC", N_("WooCommerce")), ("EB", N_("eBay")), ("VE", N_("Vendure")), ("B2", N_("Wholesale")),
)  # fmt: skip
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "INR", "BRL")
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Europe/Berlin",
    "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "UTC",
)  # fmt: skip
FEES = N_("What the channel keeps")
INVOICES = N_("Invoices")
FRESH = Shop(code="", title="", channel="TM")


class SettingsShops(Editor):
    """Verbs of the section."""

    verb = "set_shop"
    tables = ("shop", "warehouse")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(code=shop.code, title=shop.title, note=words(f"{shop.channel} · {shop.currency}"))
            for shop in sorted(refs.shops.values(), key=lambda shop: shop.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        shop = refs.shops.get(code, FRESH)
        is_new = code == NEW
        houses = listed([words(f"{house.code} {house.title}") for house in refs.warehouses.values()])
        code_hint = Text(N_("Short, as it stands on order numbers: TM1. It stays for ever."))
        stays = Text(N_("Orders stand in it, so it stays. Set up another shop for another one."))
        whens = tuple((when.value, Text(title)) for when, title in BILLED_TITLES.items())
        asked = (
            Input(name="code", label=N_("Code"), value=shop.code, hint=code_hint),
            Input(name="title", label=N_("Title"), value=shop.title),
            Input(
                name="channel", label=N_("Channel"), value=shop.channel, kind="combo",
                options=_known(CHANNELS, shop.channel), hint=None if is_new else stays, is_fixed=not is_new,
            ),
            Input(
                name="currency", label=N_("Currency"), value=shop.currency, kind="combo",
                options=_plain(CURRENCIES, shop.currency), is_fixed=not is_new,
                hint=None if is_new else Text(N_("Its orders are priced in it, so it stays.")),
            ),
            Input(
                name="zone", label=N_("Time zone"), value=shop.zone, kind="combo",
                options=_plain(ZONES, shop.zone),
                hint=Text(N_("Times in its files, and its night, are of this zone.")),
            ),
            Input(name="country", label=N_("Country"), value=shop.country, hint=Text(N_("Two letters: CN."))),
            Input(
                name="warehouses", label=N_("Warehouses, best first"), value=" ".join(shop.warehouses),
                hint=Text(N_("Codes with spaces between. There are: {houses}"), {"houses": houses}),
            ),
            Input(
                name="merge_wait", label=N_("Waits for merging"), kind="number",
                value=str(shop.merge_wait_min), unit=N_("min"), most=WAIT_MOST_MIN,
                hint=Text(N_("A new order waits so long where its buyer has another one open; 0: never.")),
            ),
            Input(
                name="keeps_unpaid", label=N_("Keeps unpaid goods"), kind="number",
                value=str(shop.keeps_unpaid_min), unit=N_("min"), most=KEEPS_MOST_MIN,
                hint=Text(N_("An order not paid yet keeps its goods so long; 0: none before the money.")),
            ),
            Input(
                name="freight_contract", label=N_("Freight contract"), value=shop.freight_contract,
                hint=Text(N_("Fares with this contract are for this shop. Empty: those for all.")),
            ),
            Input(
                name="entity", label=N_("Company that sells"), value=shop.entity, group=INVOICES,
                hint=Text(N_("As its invoices call it: only its own warehouses send. Empty: there is one.")),
            ),
            Input(
                name="invoicers", label=N_("Invoice services"), value=" ".join(shop.invoicers),
                group=INVOICES,
                hint=Text(N_("Names as the hub knows them, the first one first. Empty: made elsewhere.")),
            ),
            Input(
                name="invoiced_when", label=N_("Invoice asked for"), value=shop.invoiced_when, kind="combo",
                options=whens, group=INVOICES,
            ),
            Input(
                name="invoices_from", label=N_("Orders from"), group=INVOICES,
                value=shop.invoices_from.isoformat() if shop.invoices_from else "",
                hint=Text(N_("2026-07-01: older orders were invoiced elsewhere. Empty: all orders.")),
            ),
            Input(
                name="tax_pct", label=N_("Tax in the price"), value=str(shop.tax_pct), kind="number",
                unit="%", most=TAX_MOST_PCT, group=INVOICES,
            ),
            Input(
                name="commission", label=N_("Commission of the channel"), value=str(shop.commission_bp),
                kind="number", unit=N_("per 10,000"), most=FEES_MOST_BP, group=FEES,
                hint=Text(N_("500 is 5 %. Vouchers book it; it comes back with a refund.")),
            ),
            Input(
                name="payment_fee", label=N_("Payment fees"), value=str(shop.payment_bp), kind="number",
                unit=N_("per 10,000"), most=FEES_MOST_BP, group=FEES,
                hint=Text(N_("60 is 0.6 %. Vouchers book it; it does not come back.")),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.shops.get(code)
        typed = answers["invoices_from"].strip()
        since = written_day(typed) if typed else None
        if typed and since is None:
            return Wrong("invoices_from", Text(N_("Write the day like 2026-07-01.")))
        return SetShop(
            shop=Shop(
                code=code,
                title=answers["title"].strip(),
                channel=answers["channel"],
                currency=answers["currency"],
                zone=answers["zone"],
                country=answers["country"].strip().upper(),
                warehouses=tuple(answers["warehouses"].replace(",", " ").split()),
                rev=before.rev if before else 0,
                invoicers=tuple(answers["invoicers"].replace(",", " ").split()),
                invoiced_when=answers["invoiced_when"],
                invoices_from=since,
                tax_pct=int(answers["tax_pct"] or 0),
                merge_wait_min=int(answers["merge_wait"] or 0),
                keeps_unpaid_min=int(answers["keeps_unpaid"] or 0),
                freight_contract=answers["freight_contract"].strip(),
                entity=answers["entity"].strip(),
                commission_bp=int(answers["commission"] or 0),
                payment_bp=int(answers["payment_fee"] or 0),
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Shop published"))


def _known(options: tuple[tuple[str, str], ...], value: str) -> tuple[tuple[str, Text], ...]:
    known = tuple((code, Text(label)) for code, label in options)
    return known if any(code == value for code, _ in known) else (*known, (value, words(value)))


def _plain(options: tuple[str, ...], value: str) -> tuple[tuple[str, Text], ...]:
    return tuple((each, words(each)) for each in dict.fromkeys((*options, value)))
