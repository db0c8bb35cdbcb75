"""The history of the settings: who published what, when, before and after; and the way back to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from app.command import TABLES, Refs
from app.desk import Desk, Screen, Undo, zone_of
from app.domain.billing import BILLED_TITLES, Billed
from app.domain.carrier import NotServed, PickUp
from app.domain.carrier_rows import area_row, fare_row, point_row, zone_row
from app.domain.event import listed
from app.domain.freight import Fare, Zone
from app.domain.gate_profile import ORDER_TYPES, Limit
from app.domain.lane_rows import lane_row
from app.domain.money import shown
from app.domain.offering import MODES
from app.domain.revision import PASSWORD, Changed, Revision, Setting, changed, earlier, revision_key, what
from app.domain.route import Lane
from app.domain.rules import CATALOGUE
from app.domain.sign_policy import ROLES, WHEN
from app.domain.snag_rule import GROUPS, SEVERITIES, Clause, clause_said
from app.domain.visit import Area, area_written
from app.domain.wording import BUILT
from app.domain.written_time import shown_days
from app.editor import words
from app.engine import GATES
from app.hint_editor import hint_title
from app.ports import Changes, Views, touches
from app.publishes import PUBLISHES
from app.setting_said import NOTHING, PEOPLE_LABELS, TRAINING_ROWS, limit_said, view_said
from app.text import N_, Text

LABELS = {
    "title": N_("Title"), "channel": N_("Channel"), "currency": N_("Currency"), "zone": N_("Time zone"),
    "country": N_("Country"), "warehouses": N_("Warehouses, best first"), "city": N_("City"),
    "cut_off": N_("Last van leaves"), "role": N_("Role"), "warehouse": N_("Works in"),
    "active": N_("In use"), "more": N_("Rights beside the role"), "fewer": N_("Rights taken from the role"),
    "since": N_("Begins"), "until": N_("Ends"), "days": N_("Days of the week"),
    "holidays": N_("Keeps the holidays of"), "place": N_("Works in"), "closed": N_("Closed days"),
    "worked": N_("Worked days of rest"), "credit_minor": N_("Credit"), "terms_days": N_("Days to pay"),
    "dunning": N_("Dunning level"), "deputy": N_("Deputy"), "price_list": N_("Price list"),
    "invoice_title": N_("Invoice title"), "tax_no": N_("Tax number"),
    "share_pct": N_("Share of the list price"), "since_on": N_("Holds from"), "until_on": N_("Holds until"),
    "view": N_("View"), "state": N_("State"), "zh": N_("Chinese"), "en": N_("English"),
    "services": N_("Services"), "countries": N_("Countries"), "first_g": N_("First weight"),
    "step_g": N_("Further weight"), "fares": N_("Fares"), "not_served": N_("Areas not served"),
    "points": N_("Pick-up points"), "gives_labels": N_("Gives labels"), "zones": N_("Zones"),
    "volume_divisor": N_("Volume divisor"), "most_g": N_("Heaviest parcel"),
    "daily_quota": N_("Parcels a day"), "monthly_quota": N_("Parcels a month"), "takes_cod": N_("Takes cash"),
    "takes_battery": N_("Takes batteries"), "by_cost": N_("By cost and time"), "lanes": N_("Lanes"),
    "carriers": N_("Carriers, best first"), "handling_min": N_("Closed after"),
    "is_stopped": N_("Sends nothing now"), "parcels_a_day": N_("Parcels a day"),
    "clauses": N_("Condition"), "is_any": N_("Any condition"), "after": N_("Asked after"),
    "severity": N_("How grave"), "group": N_("Who gets it"), "goal_min": N_("Done within"),
    "merge_wait_min": N_("Waits for merging"), "keeps_unpaid_min": N_("Keeps unpaid goods"),
    "freight_contract": N_("Freight contract"),
    "blocks": N_("Keeps the order back"), "hint": N_("What to do"), "title_en": N_("Title in English"),
    "areas": N_("Comes to"), "per_part": N_("Visits each half day"),
    "mode": N_("What it does"), "amount": N_("Pieces or percent"), "shops": N_("For shops"),
    "channels": N_("For channels"), "articles": N_("Of articles"),
    "text": N_("Text"), "invoicers": N_("Invoice services"), "invoiced_when": N_("Invoice asked for"),
    "invoices_from": N_("Orders from"), "tax_pct": N_("Tax in the price"),
    "commission_bp": N_("Commission of the channel"), "payment_bp": N_("Payment fees"),
    "split_most": N_("Splits at most"), "split_minor": N_("A further parcel weighs"),
    "late_minor": N_("An hour late weighs"), "scarce_minor": N_("The last pieces weigh"),
    "customers": N_("Customers"), "skus": N_("Articles"),
    "valid_from": N_("Holds from"), "valid_until": N_("Holds until"), "kind": N_("For orders"),
    "entity": N_("Company"), "lends": N_("Across companies"), "gates": N_("Gates"),
    "limits": N_("Limits"), "all_day": N_("Reviewed by day too"),
    **{rule.name: rule.title for rule in CATALOGUE}, **PEOPLE_LABELS,
}  # fmt: skip
"""What each field of a setting is called."""
NAMES = {
    "warehouses": ("warehouse",), "warehouse": ("warehouse",), "holidays": ("holidays",),
    "place": ("warehouse", "shop"), "price_list": ("price_list",), "shops": ("shop",), "shifts": ("shift",),
    "carriers": ("carrier",), "people": ("user",),
}  # fmt: skip
"""Fields that hold the code of something else."""
CHOICES: Mapping[str, Mapping[str, str]] = {
    "severity": SEVERITIES, "group": GROUPS, "mode": MODES, "kind": ORDER_TYPES, "when": WHEN,
    "invoiced_when": {each.value: BILLED_TITLES[each] for each in Billed},
}  # fmt: skip
MONEY = "CNY"
WEIGHTS = frozenset({"split_minor", "late_minor", "scarce_minor"})
OF_PEOPLE = {
    "title": N_("Name"), "active": N_("May sign in"), "shops": N_("Works for shops"),
    "warehouses": N_("Works for warehouses"), "skills": N_("Handles exceptions"),
    "shifts": N_("Works in shifts"),
}  # fmt: skip
WEEK = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
UNITS = {
    "pct": N_("{n} %"), "h": N_("{n} h"), "min": N_("{n} min"), "days": N_("{n} days"),
    "pieces": N_("{n} pieces"), "g": N_("{n} g"),
}  # fmt: skip
_UNIT_OF = {
    "share_pct": "pct", "tax_pct": "pct", "terms_days": "days",
    "first_g": "g", "step_g": "g", "most_g": "g",
}  # fmt: skip
ROWS: Mapping[str, Callable[[Any, str], str]] = {
    **TRAINING_ROWS,
    "fares": lambda row, currency: fare_row(msgspec.convert(row, Fare), currency),
    "lanes": lambda row, currency: lane_row(msgspec.convert(row, Lane), currency),
    "zones": lambda row, _currency: zone_row(msgspec.convert(row, Zone)),
    "not_served": lambda row, _currency: area_row(msgspec.convert(row, NotServed)),
    "points": lambda row, _currency: point_row(msgspec.convert(row, PickUp)),
}
"""How rows of a setting are written where its form writes one a line."""
ALL = Text(N_("all"))
DAYS_SHOWN = 6
PRICES_SHOWN = 12
"""So many prices of a publication are named, each on a line of its own."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One field, before and after, in words."""

    label: str
    before: Text
    after: Text


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One publication; `why_not`: why the values before it cannot be published again."""

    key: str
    at: datetime
    who: str
    what: Text
    lines: tuple[Line, ...] = ()
    why_not: Text | None = None


class State(msgspec.Struct, frozen=True, kw_only=True):
    deeds: tuple[Deed, ...] = ()
    here: str = ""
    zone: str = "Asia/Shanghai"
    now: datetime | None = None
    undo: Undo | None = None
    is_loaded: bool = False
    notice: Text | None = None

    def deed(self) -> Deed | None:
        """The publication that is looked at."""
        return next((deed for deed in self.deeds if deed.key == self.here), None)


class SettingsHistory(Screen[State]):
    """Verbs of the section."""

    def __init__(self, desk: Desk, names: Mapping[str, str]) -> None:
        """`names`: what each right is called."""
        super().__init__(desk, State())
        self.names = names
        self._revisions: dict[str, Revision] = {}

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read what was published."""
        if changes is not None and not touches(changes, "revision", "user"):
            return
        refs = await self.desk.look(Views.refs)
        revisions, now = await self.desk.look(Views.revisions), await self.desk.now()
        self._revisions = {revision_key(r.kind, r.code, r.rev)[1]: r for r in revisions}
        deeds = tuple(self._deed(key, revision, refs) for key, revision in self._revisions.items())
        here = self.state.here if self.state.here in self._revisions else next(iter(self._revisions), "")
        self.show(
            msgspec.structs.replace(
                self.state,
                deeds=deeds,
                here=here,
                zone=zone_of(refs),
                now=now,
                is_loaded=True,
            )
        )

    def choose(self, key: str) -> None:
        """Look at one publication."""
        if key != self.state.here:
            self.show(msgspec.structs.replace(self.state, here=key, notice=None))

    async def go_back(self) -> None:
        """Publish the values from before it, as the newest revision."""
        deed, revision = self.state.deed(), self._revisions.get(self.state.here)
        if deed is None or revision is None:
            return
        if deed.why_not is not None:
            self._say(deed.why_not)
            return
        refs = await self.desk.look(Views.refs)
        row, newest = earlier(revision), _in_force(refs, revision)
        if row is None or newest is None:
            return
        command = PUBLISHES[revision.kind][1](msgspec.structs.replace(row, rev=newest.rev))
        refusal = await self.desk.objection(command)
        done = None if refusal else await self.desk.submit(command, "settings")
        if done is None or done.refusal is not None:
            told = refusal or (done.refusal if done else None)
            self._say(told.text if told else NOTHING)
            return
        undo = None
        if done.inverse is not None:
            said = Text(N_("Earlier values published"))
            undo = Undo(text=said, number=_called(revision, refs), command=done.inverse)
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=None))

    async def undo(self) -> None:
        """Publish again what was in force before going back."""
        if self.state.undo is not None:
            done = await self.desk.submit(self.state.undo.command, "undo")
            notice = done.refusal.text if done.refusal else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))

    def _deed(self, key: str, revision: Revision, refs: Refs) -> Deed:
        who = refs.users.get(revision.by)
        return Deed(
            key=key,
            at=revision.at,
            who=who.title if who is not None else revision.by,
            what=_titled(revision, refs),
            lines=tuple(
                line
                for each in changed(revision)
                for line in self._lines(revision, each, refs)
                if line.before != line.after
            ),
            why_not=self._why_not(revision),
        )

    def _why_not(self, revision: Revision) -> Text | None:
        if revision.kind == PASSWORD:
            return Text(N_("A password never comes back. Give another first one under People."))
        if revision.kind == "skill":
            return Text(N_("What somebody proved stays. Open or close a right under Training."))
        if revision.before is None:
            return Text(N_("It was new here: nothing was before."))
        if not self.desk.may(PUBLISHES[revision.kind][0]):
            return Text(N_("You are not allowed to do this. Ask your lead."))
        return None

    def _lines(self, revision: Revision, one: Changed, refs: Refs) -> list[Line]:
        currency = str(revision.after.get("currency", MONEY))
        if one.name == "prices":
            return _price_lines(one.before or {}, one.after or {}, currency)
        label = OF_PEOPLE.get(one.name) if revision.kind == "user" else None
        label = label or LABELS.get(one.name, one.name)
        sides = (one.before, one.after)
        if one.name == "credit_minor" or one.name in WEIGHTS:
            before, after = (Text(shown(side, currency)) if side is not None else NOTHING for side in sides)
        elif one.name == "view":
            before, after = (view_said(side) for side in sides)
        elif revision.kind == "user" and one.name in ("shops", "warehouses", "skills", "shifts"):
            before, after = (self._said(one.name, side, refs) if side else ALL for side in sides)
        else:
            before, after = (self._said(one.name, side, refs, currency) for side in sides)
        return [Line(label=label, before=before, after=after)]

    def _said(self, name: str, value: Any, refs: Refs, currency: str = "") -> Text:
        """Say a stored value as the page of its section shows it."""
        rule = next((rule for rule in CATALOGUE if rule.name == name), None)
        if value is None or value in ("", []):
            return NOTHING
        if isinstance(value, bool) or (rule is not None and rule.unit == "yes"):
            return Text(N_("yes") if value else N_("no"))
        if isinstance(value, list):
            return self._listed(name, value, refs, currency)
        if rule is not None and rule.unit == "money":
            return words(f"¥{int(value) / 100:,.2f}")
        unit = rule.unit if rule is not None else _UNIT_OF.get(name, "")
        if unit in UNITS:
            return Text(UNITS[unit], {"n": value})
        if name in CHOICES:
            return Text(CHOICES[name].get(value, value))
        if name == "role":
            return Text(ROLES.get(value, value))
        if name in NAMES:
            return words(_named(name, value, refs))
        is_clock = name in ("cut_off", "since", "until") or (rule is not None and rule.unit == "time")
        return Text(str(value)[:5] if is_clock else str(value))

    def _listed(self, name: str, values: list[Any], refs: Refs, currency: str) -> Text:
        if name == "clauses":
            return listed([clause_said(msgspec.convert(each, Clause)) for each in values])
        if name == "limits":
            return listed([limit_said(msgspec.convert(each, Limit)) for each in values])
        if name == "gates":
            return listed([Text(GATES[each].title if each in GATES else each) for each in values])
        if name in ROWS:
            values = [ROWS[name](each, currency) for each in values]
        if name == "areas":
            return listed([words(area_written(msgspec.convert(each, Area))) for each in values[:DAYS_SHOWN]])
        if name == "days":
            return listed([Text(WEEK[day]) for day in values])
        if name in ("more", "fewer", "roles"):
            return listed([Text(self.names.get(code, ROLES.get(code, code))) for code in values])
        if name in ("closed", "worked"):
            values = shown_days(date.fromisoformat(day) for day in values)
        said = [words(_named(name, str(each), refs)) for each in values[:DAYS_SHOWN]]
        if len(values) > DAYS_SHOWN:
            said.append(Text(N_("{count} others"), {"count": len(values) - DAYS_SHOWN}))
        return listed(said)

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))


def _titled(revision: Revision, refs: Refs) -> Text:
    """Say what was published by the name it has today."""
    if revision.kind == "hint":
        return Text(N_("Hint of {guide}"), {"guide": hint_title(revision.code)})
    if revision.kind == "wording" and revision.code in BUILT:
        return Text(N_("Message: {title}"), {"title": Text(BUILT[revision.code].title)})
    return what(msgspec.structs.replace(revision, code=_called(revision, refs)))


def _price_lines(before: Mapping[str, int], after: Mapping[str, int], currency: str) -> list[Line]:
    """One line for each price that changed, until there are too many to read."""
    moved = [sku for sku in sorted(before.keys() | after.keys()) if before.get(sku) != after.get(sku)]
    lines = [
        Line(
            label=sku,
            before=Text(shown(before[sku], currency)) if sku in before else NOTHING,
            after=Text(shown(after[sku], currency)) if sku in after else NOTHING,
        )
        for sku in moved[:PRICES_SHOWN]
    ]
    if len(moved) > PRICES_SHOWN:
        more = Text(N_("{count} others"), {"count": len(moved) - PRICES_SHOWN})
        lines.append(Line(label=N_("Prices of articles"), before=Text(""), after=more))
    return lines


def _called(revision: Revision, refs: Refs) -> str:
    if revision.kind == "rules":
        return ""
    return refs.called(
        "user" if revision.kind in ("grants", "skill", PASSWORD) else revision.kind, revision.code
    )


def _named(name: str, code: str, refs: Refs) -> str:
    """Name what a field points to; a place is a shop or a warehouse."""
    return next((said for table in NAMES.get(name, ()) if (said := refs.called(table, code)) != code), code)


def _in_force(refs: Refs, revision: Revision) -> Setting | None:
    if revision.kind == "rules":
        return refs.rules
    found: Setting | None = getattr(refs, TABLES[revision.kind]).get(revision.code)
    return found
