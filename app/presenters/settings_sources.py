"""Policies of sourcing: what a split, an hour and the last pieces weigh, for which orders."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_source_policy import SetSourcePolicy
from app.domain.money import read_money, shown, written_money
from app.domain.source_policy import SPLIT_MOST, Policy
from app.editor import NEW, Editor, Input, Item, Wrong, day_text, in_use_first, read_days
from app.text import N_, Text

MONEY = "CNY"
WEIGHTS = ("split_minor", "late_minor", "scarce_minor")
FRESH = Policy(code="", title="")


class SettingsSources(Editor):
    """Verbs of the section."""

    verb = "set_source_policy"
    tables = ("source_policy", "shop", "customer", "sku")

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        return in_use_first(refs.source_policies.values(), _note)

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        one = refs.source_policies.get(code, FRESH)
        channels = sorted({shop.channel for shop in refs.shops.values()})
        there: dict[str, str | int | Text] = {"codes": " ".join((*channels, *sorted(refs.shops)))}
        asked = (
            Input(
                name="code", label=N_("Code"), value=one.code,
                hint=Text(N_("Short: ALL. It stays for ever, and stands beside every decision.")),
            ),
            Input(name="title", label=N_("Title"), value=one.title),
            Input(
                name="split_most", label=N_("Splits at most"), value=str(one.split_most), kind="number",
                most=SPLIT_MOST, hint=Text(N_("0 keeps an order whole, 2 lets it go in three parcels.")),
            ),
            Input(
                name="split_minor", label=N_("A further parcel weighs"), value=_amount(one.split_minor),
                unit=MONEY, hint=Text(N_("As if each parcel beyond the first cost so much more.")),
            ),
            Input(
                name="late_minor", label=N_("An hour late weighs"), value=_amount(one.late_minor),
                unit=MONEY, hint=Text(N_("As if each begun hour after the promise cost so much.")),
            ),
            Input(
                name="scarce_minor", label=N_("The last pieces weigh"),
                value=_amount(one.scarce_minor), unit=MONEY,
                hint=Text(N_("As if taking all that is free in a place cost so much, half of it half.")),
            ),
            Input(
                name="channels", label=N_("Channels and shops"), value=" ".join(one.channels),
                hint=Text(N_("Codes with spaces between; empty: all of them. There are: {codes}"), there),
            ),
            Input(
                name="customers", label=N_("Customers"), value=" ".join(one.customers),
                hint=Text(N_("Codes of businesses with spaces between; empty: everybody.")),
            ),
            Input(
                name="skus", label=N_("Articles"), value=" ".join(one.skus),
                hint=Text(N_("It decides about orders with one of them; empty: about all.")),
            ),
            Input(
                name="valid_from", label=N_("Holds from"), value=day_text(one.valid_from),
                hint=Text(N_("The first day of a campaign, like 2026-11-01. Empty: always so far.")),
            ),
            Input(
                name="valid_until", label=N_("Holds until"), value=day_text(one.valid_until),
                hint=Text(N_("The last day; after it the others decide. Empty: no end.")),
            ),
            Input(
                name="lends", label=N_("Across companies"), value="1" if one.lends else "", kind="check",
                hint=Text(N_("Warehouses of one company of the group send for shops of another.")),
            ),
            Input(name="active", label=N_("In use"), value="1" if one.active else "", kind="check"),
        )  # fmt: skip
        return asked if code == NEW else asked[1:]

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.source_policies.get(code)
        weights: dict[str, int] = {}
        for name in WEIGHTS:
            weight = read_money(answers[name].strip() or "0", MONEY)
            if weight is None:
                return Wrong(name, Text(N_("Write an amount like 3.00.")))
            weights[name] = weight
        days = read_days(answers, "valid_from", "valid_until")
        if isinstance(days, Wrong):
            return days
        return SetSourcePolicy(
            policy=Policy(
                code=code,
                title=answers["title"].strip(),
                split_most=int(answers["split_most"] or 0),
                channels=_codes(answers["channels"]),
                customers=_codes(answers["customers"]),
                skus=_codes(answers["skus"]),
                active=bool(answers["active"]),
                lends=bool(answers["lends"]),
                rev=before.rev if before else 0,
                split_minor=weights["split_minor"],
                late_minor=weights["late_minor"],
                scarce_minor=weights["scarce_minor"],
                valid_from=days["valid_from"],
                valid_until=days["valid_until"],
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Policy published"))


def _note(one: Policy) -> Text:
    params: dict[str, str | int | Text] = {
        "parcels": one.split_most + 1,
        "split": shown(one.split_minor, MONEY),
        "late": shown(one.late_minor, MONEY),
    }
    return Text(N_("{parcels} parcels at most, further parcel {split}, hour late {late}"), params)


def _amount(minor: int) -> str:
    return written_money(minor, MONEY)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace("，", " ").split()))
