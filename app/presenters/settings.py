"""The settings: which sections there are, what each is about, whom each is open to, and a search over all."""

from __future__ import annotations

import msgspec

from app.desk import Desk, Screen
from app.domain.company import GRANTS, READS_SETTINGS
from app.domain.event import listed
from app.domain.rules import CATALOGUE
from app.ports import Changes, Views
from app.text import N_, Text

VERBS = {
    "accept_return": N_("Accept return"),
    "adjust_stock": N_("Correct the count"),
    "amend": N_("Change the order"),
    "approve_pc": N_("Let PCs in"),
    "call_back": N_("Bring parcel back"),
    "cancel": N_("Cancel order"),
    "choose_carrier": N_("Choose a carrier"),
    "count_bin": N_("Count a bin"),
    "count_sheet": N_("Take a count in"),
    "export_orders": N_("Export in full"),
    "correct_price": N_("Correct a price"),
    "end_waiver": N_("End a waiver"),
    "fix_address": N_("Fix the address"),
    "grade_return": N_("Take returns in"),
    "hold": N_("Hold"),
    "import_file": N_("Import files"),
    "lease_stock": N_("Hold for desk"),
    "let_go": N_("Let go"),
    "match_sku": N_("Match an article"),
    "new_article": N_("Make an article"),
    "set_article": N_("Change an article"),
    "new_order": N_("New order"),
    "open_return": N_("Open a return"),
    "merge": N_("Merge orders"),
    "pack": N_("Pack"),
    "pick": N_("Pick"),
    "postpone": N_("Postpone"),
    "change_warehouse": N_("Change warehouse"),
    "claim": N_("Claim"),
    "classify": N_("Read the state"),
    "give_back": N_("Give back"),
    "snooze": N_("Put off"),
    "wake": N_("Wake"),
    "escalate": N_("Send to lead"),
    "recall": N_("Take from lead"),
    "print_paper": N_("Print"),
    "put_back": N_("Take back"),
    "read_receiver": N_("Read receiver"),
    "receive_payment": N_("Note a payment"),
    "receive_stock": N_("Receive stock"),
    "receive_transfer": N_("Take transfer in"),
    "recheck": N_("Check again"),
    "record_scan": N_("Note carrier news"),
    "redeliver": N_("Deliver again"),
    "take_phone": N_("Take earlier phone"),
    "refund_return": N_("Refund buyer"),
    "redo_effect": N_("Send again"),
    "withdraw_effect": N_("Not send again"),
    "refuse_order": N_("Refuse order"),
    "reject_return": N_("Reject return"),
    "reject_review": N_("Send back"),
    "repair_shelf": N_("Repair a shelf"),
    "reopen": N_("Open again"),
    "reopen_return": N_("Decide again"),
    "restore": N_("Restore"),
    "cancel_visit": N_("Call off visit"),
    "finish_visit": N_("Note as installed"),
    "move_visit": N_("Move a visit"),
    "plan_visit": N_("Plan a visit"),
    "set_outlet": N_("Change an outlet"),
    "set_stock_policy": N_("Change stock policies"),
    "restore_terms": N_("Restore terms"),
    "resubmit_invoice": N_("Resubmit invoice"),
    "resume": N_("Resume"),
    "return_lease": N_("Give held back"),
    "reverse_refund": N_("Take refund back"),
    "send_replacement": N_("Send replacement"),
    "send_transfer": N_("Send a transfer"),
    "set_carrier": N_("Change a carrier"),
    "set_credit": N_("Change credit"),
    "set_customer": N_("Change a customer"),
    "set_grants": N_("Change rights"),
    "set_hint": N_("Change a hint"),
    "note_habit": N_("Note practice"),
    "note_guide": N_("Note suggestions"),
    "read_notices": N_("Read notices"),
    "read_figures": N_("Read figures"),
    "set_holidays": N_("Change holidays"),
    "set_invoice": N_("Set invoice data"),
    "set_key": N_("Let systems in"),
    "set_price_list": N_("Change a price list"),
    "set_rules": N_("Change the rules"),
    "set_shift": N_("Change a shift"),
    "set_shop": N_("Change a shop"),
    "set_snag_rule": N_("Change a type"),
    "set_wording": N_("Change a message"),
    "set_stock": N_("Take stock over"),
    "set_source_policy": N_("Change a sourcing policy"),
    "set_user": N_("Change a person"),
    "send_contract": N_("Send a contract"),
    "set_template": N_("Change contract text"),
    "sign_contract": N_("Note a signature"),
    "take_contract_back": N_("Undo a contract"),
    "set_view": N_("Share a view"),
    "set_warehouse": N_("Change a warehouse"),
    "settle": N_("Decide"),
    "settle_effect": N_("Done by hand"),
    "send_message": N_("Write to buyer"),
    "ship": N_("Ship"),
    "sign_off": N_("Sign"),
    "take_address": N_("Take the new address"),
    "undo_grading": N_("Take grades back"),
    "withdraw_message": N_("Message not sent"),
    "withdraw_refusal": N_("Send after all"),
    "withdraw_replacement": N_("Withdraw replacement"),
    "withdraw_return": N_("Withdraw a return"),
    "withdraw_stock_doc": N_("Take booking back"),
    "split": N_("Split the order"),
    "swap_item": N_("Swap an article"),
    "watch_buyer": N_("Watch a buyer"),
    "clear_buyer": N_("Take off the list"),
    "waive": N_("Waive a gate"),
}
"""What the outbox calls the commands of people."""

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
            about=N_("Which systems come by themselves, and for what"),
            closed=N_("Administrators let other systems in."),
            settings=(N_("Key"), N_("May do"), N_("Last used"), N_("Runs out"))),
    Section(code="settings_hooks", title=N_("News to systems"), group=COMPANY, grants=("set_key",),
            about=N_("Which systems are told what happens"),
            closed=N_("Administrators let other systems in."),
            settings=(N_("Address"), N_("Is told"), N_("Last trouble"))),
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
            N_("Channel"),
            N_("Currency"),
            N_("Time zone"),
            N_("Warehouses, best first"),
            N_("Invoice services"),
        ),
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
    Section(
        code="settings_tariffs",
        title=N_("Price tables"),
        about=N_("Take fares of carriers out of a sheet"),
        group=COMPANY,
        grants=("set_carrier",),
        closed=N_("Leads change what carriers charge."),
        settings=(N_("Fares"), N_("First weight"), N_("Zones"), N_("Import a file")),
    ),
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
            N_("Sign-in name"),
            N_("Role"),
            N_("Works in"),
            N_("Works for shops"),
            N_("Works for warehouses"),
            N_("First password"),
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
            s.code: [Text(who.title) for who in people if GRANTS[who.role] & set(s.grants)] for s in SECTIONS
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
