"""Stock policies: what shops are not offered although it is there, and from when until when."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_stock_policy import SetStockPolicy
from app.domain.offering import EVERY, MODES, PIECES_MOST, Mode, StockPolicy
from app.editor import NEW, Editor, Input, Item, Wrong, day_text, in_use_first, read_days, words
from app.text import N_, Text

FRESH = StockPolicy(code="", title="", mode=Mode.BUFFER)


class SettingsStock(Editor):
    """Verbs of the section."""

    verb = "set_stock_policy"
    tables = ("stock_policy", "shop", "sku")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.stock_policies.values(), lambda one: _note(one, refs))

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.stock_policies.get(code, FRESH)
        channels = dict.fromkeys(shop.channel for shop in refs.shops.values())
        everybody = Text(N_("No shop and no channel: all of them. The most restrictive policy wins."))
        articles = N_("A code a line, or LN-* for all that begin so. Empty: every article.")
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: HOT. It stays for ever.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="mode", label=N_("What it does"), value=one.mode, kind="combo",
                options=tuple((mode, Text(title)) for mode, title in MODES.items()),
            ),
            Input(
                name="amount", label=N_("Pieces or percent"), value=str(one.amount), kind="number",
                most=PIECES_MOST, hint=Text(N_("Percent where a share is kept back.")),
            ),
            Input(
                name="shops", label=N_("For shops"), value=" ".join(one.shops), kind="many",
                options=tuple((shop.code, words(shop.title)) for shop in refs.shops.values()),
                hint=everybody,
            ),
            Input(
                name="channels", label=N_("For channels"), value=" ".join(one.channels), kind="many",
                options=tuple((channel, words(channel)) for channel in channels),
            ),
            Input(
                name="articles", label=N_("Of articles"), kind="lines", hint=Text(articles),
                value="\n".join(_article_line(each, refs) for each in one.articles),
            ),
            Input(
                name="since_on", label=N_("Holds from"), value=day_text(one.since_on),
                hint=Text(N_("The first day, like 2026-07-01. Empty: always so far.")),
            ),
            Input(
                name="until_on", label=N_("Holds until"), value=day_text(one.until_on),
                hint=Text(N_("The last day. Empty: no end.")),
            ),
            Input(name="active", label=N_("In use"), value="1" if one.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.stock_policies.get(code)
        days = read_days(answers, "since_on", "until_on")
        if isinstance(days, Wrong):
            return days
        articles = read_articles(answers["articles"], refs)
        if isinstance(articles, Text):
            return Wrong("articles", articles)
        mode = Mode(answers["mode"])
        return SetStockPolicy(
            policy=StockPolicy(
                code=code,
                title=answers["title"].strip(),
                mode=mode,
                amount=0 if mode is Mode.EXCLUDE else int(answers["amount"] or 0),
                shops=tuple(answers["shops"].split()),
                channels=tuple(answers["channels"].split()),
                articles=articles,
                active=bool(answers["active"]),
                rev=before.rev if before else 0,
                **days,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Stock policy published"))


def read_articles(text: str, refs: Refs) -> tuple[str, ...] | Text:
    """Read a code a line, whatever stands behind it, or say what is wrong."""
    codes: dict[str, None] = {}
    for line in text.splitlines():
        code = line.split()[0] if line.split() else ""
        if not code:
            continue
        is_known = code in refs.articles
        if code.endswith(EVERY):
            is_known = any(one.startswith(code[:-1]) for one in refs.articles)
        if not is_known:
            return Text(N_("No article {sku}. Look for its code on the stock page."), {"sku": code[:60]})
        codes[code] = None
    return tuple(codes)


def _note(one: StockPolicy, refs: Refs) -> Text:
    whom = [refs.called("shop", code) for code in one.shops] + list(one.channels)
    what = ", ".join(one.articles[:3]) + (" …" if len(one.articles) > 3 else "")
    return Text(
        N_("{what}: {does}, {whom}"),
        {
            "what": what or Text(N_("All articles")),
            "does": one.says(),
            "whom": ", ".join(whom) or Text(N_("every shop")),
        },
    )


def _article_line(code: str, refs: Refs) -> str:
    article = refs.articles.get(code)
    return f"{code} {article.title}" if article is not None else code
