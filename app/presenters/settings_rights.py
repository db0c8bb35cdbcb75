"""Rights: what each person may do, their role's bundle with single rights more or fewer."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import override

from app.command import Command, Refs
from app.commands.set_grants import SetGrants
from app.desk import Desk
from app.domain.company import (
    AFTERSALE_GRANTS,
    DESK_GRANTS,
    DUTY_GRANTS,
    GOODS_GRANTS,
    GRANTS,
    LETS_PCS_IN,
    READS_BOOKS,
    READS_FIGURES,
    SETTINGS_GRANTS,
    TRAINING_GRANTS,
    WAREHOUSE_GRANTS,
    Grants,
)
from app.editor import Editor, Input, Item, Wrong
from app.text import N_, Text

AREAS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("people", N_("People and PCs"), frozenset({"set_user", "set_grants", LETS_PCS_IN, READS_FIGURES})),
    ("settings", N_("Settings"), SETTINGS_GRANTS | TRAINING_GRANTS | {"set_key"}),
    ("desk", N_("What every desk does"), DESK_GRANTS),
    ("review", N_("Review"), frozenset({"sign_off", "reject_review", "answer_drill"})),
    ("exceptions", N_("Exceptions"), DUTY_GRANTS | {"let_go", "read_again", "settle", "reopen", "classify"}),
    ("aftersales", N_("Returns and refunds"), AFTERSALE_GRANTS | {"grade_return", "undo_grading"}),
    (
        "goods",
        N_("Warehouse and goods"),
        GOODS_GRANTS
        | WAREHOUSE_GRANTS
        | {"repair_shelf", "set_stock", "change_warehouse", "new_article", "set_article", "recall_lot"},
    ),
    (
        "money",
        N_("Money, invoices, contracts"),
        frozenset({
            READS_BOOKS, "receive_payment", "correct_price", "set_credit", "waive", "end_waiver",
            "set_invoice", "resubmit_invoice", "send_contract", "sign_contract", "take_contract_back",
            "restore_terms",
        }),
    ),
    (
        "delivery",
        N_("Delivery and installation"),
        frozenset({
            "fix_address", "take_phone", "take_address", "redeliver", "call_back", "plan_visit", "move_visit",
            "cancel_visit", "finish_visit", "send_message", "withdraw_message",
        }),
    ),
)  # fmt: skip
"""Where a right stands; each in the first that names it, what none names among the orders."""
REST = ("orders", N_("Orders"))
UNSAID = frozenset({"recheck"})
"""What everybody may and nobody asks about."""


class SettingsRights(Editor):
    """Verbs of the section; who gives no rights sees their own."""

    verb = "set_grants"
    tables = ("user", "grants")
    may_add = False
    why_closed = N_("You see your own rights. Administrators give and take them.")

    def __init__(self, desk: Desk, names: Mapping[str, str]) -> None:
        """`names`: what each right is called."""
        super().__init__(desk)
        self.names = names

    @override
    def items(self, refs: Refs) -> tuple[Item, ...]:
        is_giver = self.desk.may(self.verb)
        me = self.desk.login.user.code
        people = [user for user in refs.users.values() if user.active and (is_giver or user.code == me)]
        return tuple(
            Item(code=user.code, title=user.title, note=_note(refs.grants.get(user.code)))
            for user in sorted(people, key=lambda user: user.code)
        )

    @override
    def inputs(self, refs: Refs, code: str) -> tuple[Input, ...]:
        user = refs.users[code]
        single = refs.grants.get(code) or Grants(user=code)
        held = (GRANTS[user.role] | frozenset(single.more)) - frozenset(single.fewer)
        told = Text(N_("Nobody gives what they do not hold, or changes their own rights."))
        return tuple(
            Input(
                name=name,
                label=label,
                value=" ".join(each for each in codes if each in held),
                kind="many",
                options=tuple((each, Text(self.names.get(each, each))) for each in codes),
                hint=told if at == 0 else None,
                is_fixed=code == self.desk.login.user.code,
            )
            for at, (name, label, codes) in enumerate(by_area())
        )

    @override
    def command(self, refs: Refs, code: str, answers: Mapping[str, str]) -> Command | Wrong:
        before = refs.grants.get(code)
        bundle = GRANTS[refs.users[code].role] - UNSAID
        wanted = frozenset(" ".join(answers[name] for name, _label, _codes in by_area()).split())
        return SetGrants(
            grants=Grants(
                user=code,
                more=tuple(sorted(wanted - bundle)),
                fewer=tuple(sorted(bundle - wanted)),
                rev=before.rev if before else 0,
            )
        )

    @override
    def done(self, code: str) -> Text:
        return Text(N_("Rights published"))


def by_area() -> list[tuple[str, str, list[str]]]:
    """Sort everything people may do by what it is about: the orders first, the rare ones last."""
    left, found = set(_all() - UNSAID), []
    for name, label, codes in AREAS:
        found.append((name, label, sorted(codes & left)))
        left -= codes
    return [(*REST, sorted(left)), *reversed(found)]


def _all() -> frozenset[str]:
    return frozenset[str]().union(*(codes for role, codes in GRANTS.items() if role.person))


def _note(single: Grants | None) -> Text:
    if single is None or not (single.more or single.fewer):
        return Text(N_("As the role has them"))
    return Text(N_("{more} more, {fewer} fewer"), {"more": len(single.more), "fewer": len(single.fewer)})
