"""Say something to the buyer of an order, in words the company has chosen, and wait for what they do."""

from __future__ import annotations

from datetime import timedelta

from app.claims import no_claim
from app.command import NO_ORDER, NO_SNAG, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain import duty
from app.domain.destination import reading_of
from app.domain.effect import HOLD
from app.domain.events import Event, MessageWritten, SnagSnoozed
from app.domain.message import Message, message_in
from app.domain.money import shown
from app.domain.order import Order
from app.domain.reading import DOUBTFUL
from app.domain.sourcing import missing
from app.domain.wording import ASKED, BUILT, is_chinese, way_to, words_of, written
from app.text import N_


class SendMessage(Command, frozen=True, kw_only=True):
    """`key` names the message, see `wording.message_key`; `kind` is the exception it is sent for."""

    order: str
    kind: str
    template: str
    key: str


def decide(command: SendMessage, facts: Facts) -> Decided:
    """Write the message down, to leave when it cannot be taken back any more; the exception sleeps meanwhile.

    Refuses: `no_order`, `no_snag`, `claimed`, `no_template`, `asleep`, `unchanged`, `no_way`.
    Source: capabilities 15, ask the buyer by template; capabilities 5.3, effects leave after the undo.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    snag = order.snag(command.kind)
    if snag is None:
        return NO_SNAG
    if (kept := no_claim(snag, facts)) is not None:
        return kept
    built = BUILT.get(command.template)
    if built is None:
        return refuse("no_template", N_("There is no such message. Choose one of the list."))
    if snag.snooze is not None:
        return refuse("asleep", N_("It is put off already. Wake it first."))
    if message_in(order.messages, command.key) is not None:
        return refuse("unchanged", N_("The buyer was told this already. Nothing to do."))
    if not command.key.startswith(f"notify:{order.id}:"):
        return refuse("no_template", N_("There is no such message. Choose one of the list."))
    if not way_to(order):
        return refuse("no_way", N_("No channel and no phone to reach the buyer by. Find out who placed it."))
    message = Message(
        key=command.key,
        template=command.template,
        kind=snag.kind,
        words=words_for(order, command.template, facts),
        by=facts.by.user,
        at=facts.now,
        leaves_at=facts.now + HOLD,
    )
    events: list[Event] = [MessageWritten(order=order.id, message=message)]
    until = facts.now + timedelta(hours=facts.rules.answer_h)
    snooze = duty.Snooze(by=facts.by.user, at=facts.now, until=until, wait=built.wait)
    stops = built.wait in snag.may_stop
    return [*events, SnagSnoozed(order=order.id, kind=snag.kind, snooze=snooze, stops=stops)]


def words_for(order: Order, code: str, facts: Facts) -> str:
    """Return what a message would say to the buyer of an order."""
    shop = facts.shop_of(order)
    chinese = is_chinese(shop.country if shop is not None else order.region.country)
    comma, space = ("、", "") if chinese else (", ", " ")
    values = {
        "number": order.ext_id or order.number,
        "shop": shop.title if shop is not None else order.shop,
        "amount": shown(order.payable_minor - order.received_money_minor, order.currency),
    }
    places = BUILT[code].places
    if "asked" in places:
        values["asked"] = comma.join(_asked(order, facts, chinese=chinese))
    if "articles" in places:
        values["articles"] = comma.join(_articles(order, facts, space))
    return written(words_of(code, facts.refs.wordings, chinese=chinese), values)


def _asked(order: Order, facts: Facts, *, chinese: bool) -> list[str]:
    """Name the parts of an address that are missing or doubtful; all of them where none stands out."""
    region = order.region
    parts = {"province": region.province, "city": region.city, "district": region.district}
    if region.country != "CN":
        parts = {"city": region.city, "postcode": region.postcode}
    lacking = {name for name, value in {**parts, "street": order.receiver.street}.items() if not value}
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is not None:
        lacking |= {part.field for part in reading.parts if part.verdict == DOUBTFUL}
    asked = lacking & ASKED.keys() or {*parts, "street"}
    return [zh if chinese else en for name, (zh, en) in ASKED.items() if name in asked]


def _articles(order: Order, facts: Facts, space: str) -> list[str]:
    """Name what is missing, with the pieces where it is more than one."""
    short = missing(order, facts.warehouses_of(order), facts.free)
    named = []
    for code, count in sorted(short.items()):
        article = facts.sku(code)
        title = article.title if article is not None else code
        named.append(title if count == 1 else f"{title}{space or ' '}× {count}")
    return named or [line.title or line.ext_sku for line in order.lines]


def inverse(command: SendMessage, _facts: Facts) -> Undo | None:
    """Take it back before it leaves."""
    args = {"order": command.order, "kind": command.kind, "template": command.template, "key": command.key}
    return Undo("withdraw_message", args)


SPEC = Spec("send_message", SendMessage, order_of, decide, Authority.DESK, inverse=inverse)
