"""Guide: write to an order what colleagues must know."""

from __future__ import annotations

from collections.abc import Mapping

from app.command import Command, Facts
from app.commands.write_memo import MEMO_MOST, WriteMemo
from app.domain.order import Order
from app.domain.values import Receiver
from app.domain.wording import is_chinese
from app.form import Advice, Answers, Choice, Field, Form, Note, Step, Verdict
from app.text import N_, Text

OTHER = "other"
ABOUT: Mapping[str, tuple[str, str, str]] = {
    OTHER: (N_("Something else"), "", ""),
    "gift": (N_("A gift"), "礼品，统一包装，不放价格单。", "A gift: pack it as one, no prices inside."),
    "call": (N_("Call first"), "派送前先打电话。", "Call before it is delivered."),
    "urgent": (N_("Urgent"), "加急，今天发出。", "Urgent: send it today."),
    "apart": (N_("More follows"), "这位买家还有一个包裹。", "Another parcel of this buyer follows."),
}
"""What memos are mostly about, in words that everybody writes alike: shop's language decides."""


def subjects(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer what memos are mostly about."""
    return tuple(Choice(code, Text(title)) for code, (title, _, _) in ABOUT.items())


def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the usual words, behind what stands there already."""
    _, chinese, english = ABOUT.get(answers.get("about", OTHER), ABOUT[OTHER])
    shop = facts.shop_of(order)
    words = chinese if is_chinese(shop.country if shop is not None else order.region.country) else english
    if not words or words in answers.get("memo", ""):
        return None
    memo = " ".join(filter(None, (order.receiver.memo, words)))
    reason = Text(N_("In the same words every time it is found by searching."))
    return Advice(Text(N_("Write: {words}"), {"words": words}), reason, {"memo": memo})


def check_memo(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want other words than there are, and no more than channels take."""
    text = value.strip()
    if len(text) > MEMO_MOST:
        return Verdict(is_error=True, text=Text(N_("A memo has up to 300 characters. Shorten it.")))
    if text == order.receiver.memo:
        new = N_("The memo says this already. Write what is new.") if text else N_("What should others know?")
        return Verdict(is_error=True, text=Text(new))
    if not text:
        return Verdict(is_error=False, text=Text(N_("The memo is deleted.")))
    return None


def notes(_answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Say who reads it, and who wrote what stands there."""
    shop = facts.shop_of(order)
    is_told = bool(order.ext_id) and shop is not None and "memo" in shop.hears
    said = (
        N_("Here and on the channel's own page.") if is_told else N_("Only here: the channel takes no memo.")
    )
    where = Note(N_("Read by"), Text(said))
    if not order.receiver.memo:
        return (where,)
    by = order.receiver.memo_by
    return (where, Note(N_("Written by"), Text(facts.refs.called("user", by) if by else N_("The channel"))))


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with what stands there."""
    return {"about": OTHER, "memo": order.receiver.memo}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return WriteMemo(order=order.id, memo=Receiver(memo=answers["memo"].strip()))


FORM: Form[Order] = Form(
    code="write_memo",
    title=N_("Write a memo"),
    steps=(
        Step(
            name="about",
            title=N_("About"),
            question=N_("What is it about?"),
            reason=N_("The usual words are offered in the next step."),
            fields=(Field("about", N_("About"), N_("What comes closest."), "choice", choices=subjects),),
        ),
        Step(
            name="memo",
            title=N_("Memo"),
            question=N_("What must colleagues know of this order?"),
            reason=N_("It stands beside the buyer's note and changes nothing by itself. No buyer sees it."),
            fields=(
                Field(
                    "memo",
                    N_("Memo"),
                    N_("One thought, in a few words."),
                    check=check_memo,
                    is_optional=True,
                    is_personal=True,
                ),
            ),
            advice=advise,
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Memo"),
    key="8",
    grant="write_memo",
    is_offered=lambda order, _facts: not order.replaced_by,
)
