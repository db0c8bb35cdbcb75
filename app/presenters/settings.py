"""The settings: which sections there are, what each is about, whom each is open to, and a search over all."""

from __future__ import annotations

import msgspec

from app.desk import Desk, Screen
from app.domain.company import GRANTS, READS_SETTINGS
from app.domain.event import listed
from app.domain.rules import CATALOGUE
from app.ports import Changes, Views
from app.text import N_, Text
from app.verb_names import VERBS

DESK, COMPANY = "desk", "company"
GROUPS = {DESK: N_("This desk"), COMPANY: N_("The company")}
ASKED_MOST = 3


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the settings, drawn by the page and presenter of its code.

    `grants`: holding one of them opens the section; none means that it is everybody's to read.
    `settings` are the names of what stands there: the search finds the section by them.
    """

    code: str
    title: str
    about: str
    group: str
    grants: tuple[str, ...] = ()
    closed: str = ""
    """Why it is closed to those who hold none of the grants."""
    settings: tuple[str, ...] = ()


_SYSTEMS = (
    Section(code="settings_keys", title=N_("Other systems"), group=COMPANY, grants=("set_key",),
            about=N_("Systems that come by themselves"),
            closed=N_("Administrators let other systems in."),
            settings=(N_("Key"), N_("May do"), N_("Last used"), N_("Runs out"))),
    Section(code="settings_hooks", title=N_("News to systems"), group=COMPANY, grants=("set_key",),
            about=N_("Which systems are told what happens"),
            closed=N_("Administrators let other systems in."),
            settings=(N_("Address"), N_("Is told"), N_("Last trouble"))),
    Section(code="settings_services", title=N_("Services and systems"), group=COMPANY, grants=("set_key",),
            about=N_("WMS, carriers, invoices, books, CRM"),
            closed=N_("Administrators connect systems."),
            settings=(N_("Test call"), N_("Let rest"), N_("Disconnect"), N_("Warehouses it sends from"))),
)  # fmt: skip
_CARRIAGE = (
    Section(code="settings_tariffs", title=N_("Price tables"), group=COMPANY, grants=("set_carrier",),
            about=N_("Take fares of carriers out of a sheet"),
            closed=N_("Leads change what carriers charge."),
            settings=(N_("Fares"), N_("First weight"), N_("Zones"), N_("Import a file"))),
    Section(code="settings_lanes", title=N_("Lanes"), group=COMPANY,
            about=N_("Lines between warehouses, hubs and places"), settings=(N_("Lanes"), N_("Runs"))),
)  # fmt: skip
_SCHOOL = (
    Section(code="settings_skills", title=N_("Skills"), group=COMPANY,
            about=N_("What people passed, and rights by hand"),
            settings=(N_("Lessons asked for"), N_("Open a right"), N_("Close a right"))),
    Section(code="settings_lessons", title=N_("Words of lessons"), group=COMPANY,
            about=N_("What a lesson says before it begins"),
            settings=(N_("Chinese"), N_("English"), N_("Lessons"))),
    Section(code="settings_licences", title=N_("Lessons before rights"), group=COMPANY,
            about=N_("Which rights ask for a pass"),
            settings=(N_("Lessons"), N_("For roles"), N_("Days a pass holds"), N_("In force"))),
)  # fmt: skip
SECTIONS = (
    Section(
        code="settings_look",
        title=N_("Look and language"),
        about=N_("Language, colours, density, keys"),
        group=DESK,
        settings=(N_("Language"), N_("Look"), N_("Density"), N_("Motion"), N_("Single keys")),
    ),
    Section(
        code="settings_hub",
        title=N_("Hub and outbox"),
        about=N_("The line to the hub, what is not sent yet, versions"),
        group=DESK,
        settings=(N_("Hub"), N_("Outbox"), N_("Address"), N_("About Docket"), N_("Fonts")),
    ),
    Section(
        code="settings_signature",
        title=N_("My signature"),
        about=N_("PIN and badge to sign on another's screen"),
        group=DESK,
        settings=(N_("PIN"), N_("Badge"), N_("Second person here")),
    ),
    Section(
        code="settings_notices",
        title=N_("Told outside"),
        about=N_("Held orders in DingTalk, WeCom, Feishu"),
        group=DESK,
        settings=(N_("Notices"), N_("Robot"), N_("E-mail"), N_("Web hook")),
    ),
    Section(
        code="settings_papers",
        title=N_("Labels, printers, folders"),
        about=N_("Printers, test pages, where files go"),
        group=DESK,
        settings=(N_("Printer"), N_("Paper"), N_("Dots per inch"), N_("Test page"), N_("Papers as PDF")),
    ),
    Section(
        code="settings_shops",
        title=N_("Shops"),
        about=N_("Channel, currency, zone, warehouses"),
        group=COMPANY,
        settings=(
            *(N_("Channel"), N_("Currency"), N_("Time zone"), N_("Warehouses, best first")),
            N_("Invoice services"),
        ),
    ),
    Section(
        code="settings_channels",
        title=N_("Channels"),
        about=N_("How each shop does that the hub talks to"),
        group=COMPANY,
        settings=(N_("Last order"), N_("Read behind"), N_("Let rest"), N_("Read again")),
    ),
    Section(
        code="settings_warehouses",
        title=N_("Warehouses"),
        about=N_("City, time zone, when the last van leaves"),
        group=COMPANY,
        settings=(N_("City"), N_("Time zone"), N_("Last van leaves"), N_("Carriers, best first")),
    ),
    Section(
        code="settings_carriers",
        title=N_("Carriers"),
        about=N_("Where each goes, what it costs, who gives labels"),
        group=COMPANY,
        settings=(N_("Services"), N_("Fares"), N_("Areas not served"), N_("Pick-up points")),
    ),
    *_CARRIAGE,
    Section(
        code="settings_sources",
        title=N_("Choice of warehouse"),
        about=N_("What splits and hours weigh, for which orders"),
        group=COMPANY,
        grants=("set_source_policy",),
        closed=N_("Leads say how a warehouse is chosen."),
        settings=(N_("Splits at most"), N_("A further parcel weighs"), N_("An hour late weighs")),
    ),
    Section(
        code="settings_gates",
        title=N_("Gate profiles"),
        about=N_("Which gates orders meet, by shop and type"),
        group=COMPANY,
        grants=("set_gate_profile",),
        closed=N_("Leads say which gates orders meet."),
        settings=(N_("Gates"), N_("For shops"), N_("For orders"), N_("Reviewed by day too")),
    ),
    Section(
        code="settings_signers",
        title=N_("Who may sign"),
        about=N_("Who signs the review of which orders"),
        group=COMPANY,
        grants=("set_sign_policy",),
        closed=N_("Leads say who may sign."),
        settings=(N_("Amounts from"), N_("Who may sign: roles"), N_("Signatures of two roles")),
    ),
    Section(
        code="settings_screening",
        title=N_("Learned check"),
        about=N_("What the hub learned from past orders"),
        group=COMPANY,
        settings=(N_("Learned from"), N_("Calibration"), N_("Drift"), N_("Switch on")),
    ),
    Section(
        code="settings_customers",
        title=N_("Customers"),
        about=N_("Businesses: credit, terms, price list, tax data"),
        group=COMPANY,
        grants=("set_customer", "new_order"),
        closed=N_("Order clerks and leads see what businesses agreed with us."),
        settings=(N_("Credit"), N_("Days to pay"), N_("Price list"), N_("Invoice title"), N_("Tax number")),
    ),
    Section(
        code="settings_prices",
        title=N_("Price lists"),
        about=N_("What some customers pay, and when"),
        group=COMPANY,
        grants=("set_price_list", "new_order"),
        closed=N_("Order clerks and leads see what businesses agreed with us."),
        settings=(
            N_("Share of the list price"),
            N_("Prices of articles"),
            N_("Holds from"),
            N_("Holds until"),
        ),
    ),
    Section(
        code="settings_stock",
        title=N_("Stock for shops"),
        about=N_("What shops are not offered although it is there"),
        group=COMPANY,
        settings=(N_("What it does"), N_("For shops"), N_("For channels"), N_("Of articles")),
    ),
    Section(
        code="settings_contracts",
        title=N_("Contract texts"),
        about=N_("What customers sign, filled in by each order"),
        group=COMPANY,
        settings=(N_("Text"),),
    ),
    Section(
        code="settings_outlets",
        title=N_("Outlets"),
        about=N_("Who installs, where they come to, how often"),
        group=COMPANY,
        settings=(N_("Comes to"), N_("Visits each half day"), N_("Days of the week")),
    ),
    Section(
        code="settings_shifts",
        title=N_("Shifts"),
        about=N_("Working hours and the days they hold"),
        group=COMPANY,
        settings=(N_("Begins"), N_("Ends"), N_("Days of the week"), N_("Keeps the holidays of")),
    ),
    Section(
        code="settings_holidays",
        title=N_("Holidays"),
        about=N_("Days nobody works, days of rest that are worked"),
        group=COMPANY,
        settings=(N_("Closed days"), N_("Worked days of rest")),
    ),
    Section(
        code="settings_rules",
        title=N_("Rules"),
        about=N_("Thresholds of review, prices, duplicates, times"),
        group=COMPANY,
        settings=tuple(rule.title for rule in CATALOGUE),
    ),
    Section(
        code="settings_types",
        title=N_("Exception types"),
        about=N_("Your own types: condition, owner, time limit"),
        group=COMPANY,
        settings=(N_("Condition"), N_("How grave"), N_("Who gets it"), N_("Done within")),
    ),
    Section(
        code="settings_classes",
        title=N_("Classes of orders"),
        about=N_("Who works on which orders, and their invoice"),
        group=COMPANY,
        settings=(N_("Condition"), N_("Place in the table"), N_("Who works on it"), N_("Invoice")),
    ),
    Section(
        code="settings_messages",
        title=N_("Messages to buyers"),
        about=N_("What buyers are asked and told"),
        group=COMPANY,
        settings=(N_("Chinese"), N_("English")),
    ),
    Section(
        code="settings_people",
        title=N_("People"),
        about=N_("Who may sign in, their role, first passwords"),
        group=COMPANY,
        grants=("set_user",),
        closed=N_("Administrators take people in and close accounts."),
        settings=(
            *(N_("Sign-in name"), N_("Role"), N_("Works in"), N_("First password")),
            *(N_("Works for shops"), N_("Works for warehouses")),
        ),
    ),
    Section(
        code="settings_pcs",
        title=N_("PCs"),
        about=N_("Which PCs may work with the hub, which wait"),
        group=COMPANY,
        grants=("approve_pc",),
        closed=N_("Administrators let PCs in and put them out."),
        settings=(N_("Code"), N_("Let in"), N_("Put out"), N_("Last sign-in")),
    ),
    *_SCHOOL,
    *_SYSTEMS,
    Section(
        code="settings_rights",
        title=N_("Rights"),
        about=N_("What each person may do"),
        group=COMPANY,
        settings=tuple(VERBS.values()),
    ),
    Section(
        code="settings_history",
        title=N_("History of settings"),
        about=N_("Who changed what; one key takes it back"),
        group=COMPANY,
        grants=(*sorted(READS_SETTINGS), "set_hint"),
        closed=N_("Leads see what was changed, and take it back."),
    ),
)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`found`: the sections that the search leaves; `closed`: those of them this person may not enter."""

    here: str = SECTIONS[0].code
    text: str = ""
    found: tuple[Section, ...] = SECTIONS
    closed: frozenset[str] = frozenset()
    ask: dict[str, Text] = {}
    """Whom to ask about a closed section, by name."""
    is_loaded: bool = False
    notice: Text | None = None

    def section(self) -> Section:
        """The section in front."""
        return next(section for section in SECTIONS if section.code == self.here)


class Settings(Screen[State]):
    """Verbs of the frame around the sections."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """See who sits here and what is open to them."""
        if changes is not None and not changes.touches("user"):
            return
        people = await self.desk.look(Views.people)
        closed = {s.code for s in SECTIONS if s.grants and not any(self.desk.may(g) for g in s.grants)}
        helpers = {
            s.code: [Text(w.title) for w in people if GRANTS[w.role] & set(s.grants)] for s in SECTIONS
        }
        ask = {code: listed(names[:ASKED_MOST]) for code, names in helpers.items() if names}
        self.show(msgspec.structs.replace(self.state, closed=frozenset(closed), ask=ask, is_loaded=True))

    def open(self, code: str) -> None:
        """Go to a section."""
        if code != self.state.here and any(section.code == code for section in SECTIONS):
            self.show(msgspec.structs.replace(self.state, here=code))

    def search(self, text: str, words: dict[str, str]) -> None:
        """Leave the sections that hold every word; `words`: what each is found by, as it is on screen."""
        asked = text.casefold().split()
        found = tuple(
            section for section in SECTIONS if all(word in words[section.code].casefold() for word in asked)
        )
        here = self.state.here
        if found and here not in {section.code for section in found}:
            here = found[0].code
        self.show(msgspec.structs.replace(self.state, text=text, found=found, here=here))
