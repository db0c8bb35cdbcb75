"""Price lists: what some customers pay for an article, what for the rest, and from when until when."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_price_list import PRICES_MOST, SHARE_MOST_PCT, SetPriceList
from app.domain.company import PriceList
from app.domain.money import read_money, written_money
from app.editor import NEW, Editor, Input, Item, Wrong, day_text, read_days, words
from app.text import N_, Text

CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "INR", "BRL")
FRESH = PriceList(code="", title="")
_LINE = N_('"{line}" is no price. Write an article and its price: LN-220 240.00')
ODD_PCT = 50
"""A price below this share of the list price is said before it is published: it may be a slip of the hand."""


class SettingsPrices(Editor):
    """Verbs of the section."""

    verb = "set_price_list"
    tables = ("price_list", "customer", "sku")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return tuple(
            Item(code=each.code, title=each.title, note=_note(each, refs))
            for each in sorted(refs.price_lists.values(), key=lambda each: each.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        known = refs.price_lists.get(code, FRESH)
        currencies = tuple((each, words(each)) for each in dict.fromkeys((*CURRENCIES, known.currency)))
        how = N_("One article a line: code and price. The name behind is for reading. Rows of a sheet fit.")
        prices = (_price_line(*each, known.currency, refs) for each in sorted(known.prices.items()))
        asked = (
            Input(
                name="code", label=N_("Code"), value=known.code,
                hint=Text(N_("Short: HOTEL. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=known.title),
            Input(
                name="currency", label=N_("Currency"), value=known.currency, kind="combo", options=currencies,
                is_fixed=code != NEW,
            ),
            Input(
                name="share_pct", label=N_("Share of the list price"), value=str(known.share_pct),
                kind="number", unit="%", least=1, most=SHARE_MOST_PCT,
                hint=Text(N_("What every article costs that has no price of its own below.")),
            ),
            Input(
                name="since_on", label=N_("Holds from"), value=day_text(known.since_on),
                hint=Text(N_("The first day, like 2026-07-01. Empty: always so far.")),
            ),
            Input(
                name="until_on", label=N_("Holds until"), value=day_text(known.until_on),
                hint=Text(N_("The last day; after it the list price holds. Empty: no end.")),
            ),
            Input(
                name="prices", label=N_("Prices of articles"), kind="lines", hint=Text(how),
                value="\n".join(prices),
            ),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.price_lists.get(code)
        days = read_days(answers, "since_on", "until_on")
        if isinstance(days, Wrong):
            return days
        prices = read_prices(answers["prices"], answers["currency"], refs)
        if isinstance(prices, Text):
            return Wrong("prices", prices)
        return SetPriceList(
            price_list=PriceList(
                code=code,
                title=answers["title"].strip(),
                currency=answers["currency"],
                share_pct=int(answers["share_pct"] or 0),
                prices=prices,
                rev=before.rev if before else 0,
                **days,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Price list published"))

    @override
    async def foresee(self, refs: Refs, answers: Mapping[str, str]) -> tuple[Text, ...]:
        currency = answers.get("currency", "")
        prices = read_prices(answers.get("prices", ""), currency, refs)
        if isinstance(prices, Text):
            return ()
        here = refs.price_lists.get(self.state.here)
        in_force = here.prices if here is not None else {}
        shares = [
            (price * 100 // refs.articles[sku].list_price_minor, sku)
            for sku, price in prices.items()
            if price != in_force.get(sku)
            and refs.articles[sku].list_price_minor
            and refs.articles[sku].currency == currency
        ]
        low = [one for one in shares if one[0] < ODD_PCT]
        if not low:
            return ()
        share, sku = min(low)
        params: dict[str, str | int | Text] = {
            "count": len(low), "sku": sku, "title": refs.articles[sku].title, "share": share,
        }  # fmt: skip
        if len(low) == 1:
            return (Text(N_("{sku} {title} at {share} % of its list price. Is that meant?"), params),)
        message = N_("{count} prices under half the list price, the lowest {sku} {title} at {share} %.")
        return (Text(message, params),)


def read_prices(text: str, currency: str, refs: Refs) -> dict[str, int] | Text:
    """Read an article and its price a line, whatever stands behind them, or say what is wrong."""
    prices: dict[str, int] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        sku, *rest = line.split()
        price = read_money(rest[0], currency) if rest else None
        if price is None:
            return Text(_LINE, {"line": line.strip()[:60]})
        if sku not in refs.articles:
            return Text(N_("No article {sku}. Look for its code on the stock page."), {"sku": sku[:60]})
        if sku in prices:
            return Text(N_("{sku} stands here twice. Leave one out."), {"sku": sku})
        prices[sku] = price
    if len(prices) > PRICES_MOST:
        return Text(N_("A list prices up to 1,000 articles. Use a share for the rest."))
    return prices


def _note(known: PriceList, refs: Refs) -> Text:
    users = sum(1 for one in refs.customers.values() if one.price_list == known.code and one.active)
    params: dict[str, str | int | Text] = {
        "count": len(known.prices), "share": known.share_pct, "users": users,
    }  # fmt: skip
    if known.until_on is None:
        return Text(N_("{count} articles, else {share} %, for {users} customers"), params)
    params["day"] = known.until_on.isoformat()
    return Text(N_("{count} articles, else {share} %, for {users} customers, until {day}"), params)


def _price_line(sku: str, price: int, currency: str, refs: Refs) -> str:
    article = refs.articles.get(sku)
    return f"{sku} {written_money(price, currency)} {article.title if article is not None else ''}".rstrip()
