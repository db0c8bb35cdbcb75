"""How each event changes an order."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain import events as e
from app.domain.account import Credited
from app.domain.agreement import lines_of
from app.domain.announced import Announced
from app.domain.classed import Classed
from app.domain.effect import EffectState, Held, Outcome, outcome_of, with_outcome, without_held
from app.domain.evolve_aftersale import evolve_aftersale
from app.domain.evolve_duty import evolve_duty
from app.domain.kit_lines import sold
from app.domain.lot import FromLot, with_taken
from app.domain.message import with_message, without_message
from app.domain.order import ChannelState, Line, Order, Status
from app.domain.review import content_hash
from app.domain.scan import with_scan
from app.domain.told import Said
from app.domain.vouching import Reviewed, Waiver

_with = msgspec.structs.replace
ADDRESSED = frozenset({"label", "slip"})
"""Papers that say where an order goes."""


def evolve_order(  # noqa: C901, PLR0912, PLR0915 - one arm per event
    order: Order | None, event: e.Event
) -> Order:
    """Apply one event to an order.

    Raises:
        LookupError: the order was never received, or the event is not about orders.
    """
    if isinstance(event, e.OrderReceived):
        return _sealed(event.content)
    if isinstance(event, e.OrderMade):
        return _sealed(event.content if order is None else _with(event.content, ver=order.ver))
    if order is None:
        raise LookupError("no such order")
    match event:  # what nearly every order meets comes first: it is asked arm by arm
        case e.StatusChanged():
            return _moved(order, event)
        case e.StockReserved():
            return _with(
                order,
                warehouse=event.warehouse,
                reserved=event.items,
                awaits=None,
                by_lease=event.by_lease,
                is_overpromised=False,
                sourced=event.decision if event.decision is not None else order.sourced,
            )
        case e.StockAwaited(awaits=awaits) | e.AwaitMoved(awaits=awaits):
            return _with(order, awaits=awaits)
        case e.AwaitEnded():
            return _with(order, awaits=None)
        case e.CarrierChosen():
            return _with(order, carriage=event.carriage)
        case e.ParcelCounted(now=now):
            return _with(order, counted=now)
        case e.OrderAmended():
            return _amended(order, event.amendment)
        case e.AddressFixed():
            first = order.original or order.region
            original = None if event.region == first else first
            return _sealed(order, receiver=event.receiver, region=event.region, original=original)
        case e.OrderClassed(classed=classed):
            return _classed(order, classed)
        case e.MemoWritten(memo=said, by=by, is_ours=is_ours):
            return _with(order, receiver=order.receiver.with_memo(said.memo, by if is_ours else ""))
        case e.AddressTaken(there=there):
            return _sent_elsewhere(order, there)
        case e.LinesMatched():
            skus = dict(event.skus)
            lines = sold(order.lines, skus)
            return _sealed(order, lines=tuple(_with(ln, sku=skus.get(ln.id, ln.sku)) for ln in lines))
        case e.ItemSwapped():
            return _sealed(order, lines=tuple(_swapped(line, event) for line in order.lines))
        case e.PriceCorrected():
            return _repriced(order, event)
        case e.KitUnpacked(line=line, parts=parts):
            return _sealed(order, lines=_unpacked(order.lines, line, parts))
        case e.StockKept(until=until):
            return _with(order, kept_until=until)
        case e.StockReleased():
            return _with(order, warehouse="", reserved=(), by_lease=False)
        case e.EffectRecorded() | e.EffectWithdrawn():
            held = without_held(order.held, event.outcome.key)
            known = _with(order, effects=with_outcome(order.effects, event.outcome), held=held)
            return _numbered(known) if _is_label_of(order, event.outcome) else known
        case e.EffectAskedAgain():
            return _asked_again(order, event)
        case e.VisitPlanned(visit=visit) | e.VisitFinished(visit=visit):
            return _with(order, visit=visit)
        case e.VisitCancelled():
            return _with(order, visit=None)
        case e.ContractSent() | e.ContractSigned() | e.ContractTakenBack() | e.TermsRestored():
            return _agreed(order, event)
        case e.BillAsked(bill=bill):
            return _with(order, bills=(*(one for one in order.bills if one.key != bill.key), bill))
        case e.OrderRefused(refusal=refusal):
            return _with(order, refusals=(*order.refusals, refusal))
        case e.RefusalWithdrawn():
            return _with(order, refusals=order.refusals[:-1])
        case e.MessageWritten(message=message):
            return _with(order, messages=with_message(order.messages, message))
        case e.MessageWithdrawn(key=key):
            return _with(order, messages=without_message(order.messages, key))
        case e.LeaseExceeded():
            return _with(order, is_overpromised=True)
        case e.StockShipped():
            return order
        case e.StateClassified(before=before, after=after):
            is_back = after == order.classified_from
            return _with(order, channel_state=after, classified_from="" if is_back else before)
        case e.OrderWithdrawn():
            return _with(order, channel_state=ChannelState.WITHDRAWN, said=Said())
        case e.SnagRaised():
            kept = tuple(s for s in order.snags if s.kind != event.snag.kind)
            return _with(order, snags=(*kept, event.snag))
        case e.SnagCleared():
            return _with(order, snags=tuple(s for s in order.snags if s.kind != event.kind))
        case e.SnagSettled():
            asked = (event.settled.kind, event.settled.digest)
            kept_settled = tuple(s for s in order.settled if (s.kind, s.digest) != asked)
            return _with(order, settled=(*kept_settled, event.settled))
        case e.SnagReopened():
            again = (event.kind, event.digest)
            return _with(order, settled=tuple(s for s in order.settled if (s.kind, s.digest) != again))
        case e.HoldOpened():
            kept_holds = tuple(h for h in order.holds if h.gate != event.hold.gate)
            return _with(order, holds=(*kept_holds, event.hold))
        case e.HoldClosed():
            return _with(order, holds=tuple(h for h in order.holds if h.gate != event.gate))
        case e.OrderPaused() | e.PauseMoved():
            return _with(order, pause=event.pause)
        case e.OrderResumed():
            return _with(order, pause=None)
        case e.LineHeld(line=line, reason=why, rule=rule):
            return _line_kept(order, line, why, rule)
        case e.LineResumed(line=line):
            return _line_kept(order, line)
        case e.SignaturesAsked():
            return _with(order, signatures_needed=event.count)
        case e.VerdictGiven(user=user, vote=vote):
            if vote is not None and vote.unread:
                return order
            was = order.reviewed
            return _with(order, reviewed=_with(was, people=(*was.people, user), verdicts=was.verdicts + 1))
        case e.SignedOff():
            kept_names = tuple(s for s in order.signatures if s.user != event.signature.user)
            return _with(order, signatures=(*kept_names, event.signature), rejection=None)
        case e.ReviewRejected():
            reviewed = _with(order.reviewed, verdicts=0)
            return _with(order, signatures=(), reviewed=reviewed, rejection=event.says())
        case e.PaymentReceived():
            return _with(order, paid_minor=order.paid_minor + event.amount_minor)
        case e.RoomCounted(now=now):
            return _with(order, room=now)
        case e.CreditMoved(customer=customer, amount_minor=amount_minor):
            credited = Credited(customer=customer, amount_minor=amount_minor) if amount_minor else None
            return _with(order, credited=credited)
        case e.InvoiceSet(invoice=invoice):
            return _with(order, invoice=invoice)
        case e.LinePicked():
            return _with(
                order,
                lines=tuple(
                    _with(ln, picked=ln.picked + event.qty) if ln.id == event.line else ln
                    for ln in order.lines
                ),
            )
        case e.LotsTaken(line=line, lots=lots):
            return _with(order, lines=tuple(_from_lots(one, line, lots) for one in order.lines))
        case e.OrderPacked() | e.ReceiverRead():
            return order
        case e.PaperPrinted():
            return _with(order, prints={**order.prints, event.paper: order.prints.get(event.paper, 0) + 1})
        case e.OrderShipped():
            named = {"carrier": event.carrier, "tracking_no": event.tracking_no}
            return _with(order, told_by=event.told_by, **named)
        case e.ParcelScanned():
            return _with(order, scans=with_scan(order.scans, event.scan))
        case e.ScanTakenBack():
            return _with(order, scans=tuple(one for one in order.scans if one != event.scan))
        case e.CarrierAsked():
            return _sealed(order, errand=event.errand, receiver=event.receiver, region=event.region)
        case e.LabelAsked():
            return _with(order, waybill=event.waybill, waybills=order.waybills + 1)
        case e.LabelVoided():
            return _with(order, waybill=None)
        case e.OrderReplaced():
            return _with(order, replaced_by=event.by, sourced=event.decision or order.sourced)
        case e.OrderPutBack(snags=snags):
            had = tuple(snag for snag in snags if order.snag(snag.kind) is None)
            is_whole = order.stays_whole or (order.sourced is not None and order.sourced.is_split)
            return _with(order, replaced_by=(), snags=(*order.snags, *had), stays_whole=is_whole)
        case e.SourceShipped():
            told = filter(None, (order.tracking_no, event.tracking_no))
            return _with(order, carrier=event.carrier, tracking_no=" ".join(dict.fromkeys(told)))
        case e.NumberCorrected(was=was, now=now):
            numbers = [now if each == was else each for each in order.tracking_no.split()]
            return _with(order, tracking_no=" ".join(numbers))
        case e.GateWaived():
            return _with(order, waivers=(*_other_waivers(order, event.waiver.gate), event.waiver))
        case e.WaiverEnded():
            return _with(order, waivers=_other_waivers(order, event.gate))
        case e.OrderTouched():
            return _with(order, touched=True)
        case e.MakerChanged():
            return _with(order, maker=event.maker)
    if isinstance(event, e.AftersaleEvent):
        return evolve_aftersale(order, event)
    if isinstance(event, e.DutyEvent):
        return evolve_duty(order, event)
    raise LookupError(f"{type(event).__name__} is not about an order")


def _is_label_of(order: Order, outcome: Outcome) -> bool:
    """Tell whether the carrier gave the label that is asked for."""
    is_given = outcome.state is EffectState.DONE and bool(outcome.ref)
    return is_given and order.waybill is not None and order.waybill.key == outcome.key


def _numbered(order: Order) -> Order:
    """Void a label that was printed before its number came: the next one is no copy of it."""
    return _with(order, prints={paper: count for paper, count in order.prints.items() if paper != "label"})


def _agreed(
    order: Order, event: e.ContractSent | e.ContractSigned | e.ContractTakenBack | e.TermsRestored
) -> Order:
    """Keep contracts in the order in which they were sent; restored terms are what a signature binds."""
    if isinstance(event, e.TermsRestored):
        terms = event.terms
        order = _with(order, customer=terms.customer, terms_days=terms.pay_days)
        money = {"total_minor": terms.total_minor, "payable_minor": terms.payable_minor}
        return _sealed(order, lines=lines_of(terms), **money)
    new = event.contract
    if isinstance(event, e.ContractTakenBack) and event.is_unsent:
        return _with(order, contracts=tuple(one for one in order.contracts if one.id != new.id))
    known = any(one.id == new.id for one in order.contracts)
    kept = tuple(new if one.id == new.id else one for one in order.contracts)
    return _with(order, contracts=kept if known else (*kept, new))


def _sent_elsewhere(order: Order, there: Announced) -> Order:
    """Go to an address the channel announced, or back; what was printed with the other one is void."""
    here = Announced(receiver=order.receiver, region=order.region, said=order.said.address)
    is_new = there == order.announced
    moved = _sealed(order, receiver=there.receiver, region=there.region)
    return _with(
        moved,
        original=None,
        said=_with(order.said, address=there.said),
        announced=None if is_new else here,
        left_address=here if is_new else None,
        prints={paper: count for paper, count in order.prints.items() if paper not in ADDRESSED},
    )


def _from_lots(one: Line, line: str, lots: tuple[FromLot, ...]) -> Line:
    return _with(one, lots=with_taken(one.lots, lots)) if one.id == line else one


def _swapped(line: Line, event: e.ItemSwapped) -> Line:
    """Another article in a line; back at what was ordered, nothing is swapped any more."""
    if line.id != event.line:
        return line
    ordered = line.swapped_from or line.sku
    return _with(line, sku=event.after, swapped_from="" if event.after == ordered else ordered)


def _line_kept(order: Order, line: str, why: str = "", rule: str = "") -> Order:
    """Keep a line back, or without a reason let it go."""
    lines = (_with(one, held=why, held_by=rule) if one.id == line else one for one in order.lines)
    return _with(order, lines=tuple(lines))


def _repriced(order: Order, event: e.PriceCorrected) -> Order:
    lines = tuple(_priced(line, event.after_minor) if line.id == event.line else line for line in order.lines)
    return _sealed(
        order,
        lines=lines,
        total_minor=order.total_minor + event.delta_minor,
        payable_minor=order.payable_minor + event.delta_minor,
    )


def _priced(line: Line, after_minor: int) -> Line:
    """Give a line another price; back at the one it came with, nothing was changed."""
    came_with = line.unit_price_minor if line.priced_from is None else line.priced_from
    priced_from = None if after_minor == came_with else came_with
    return _with(line, unit_price_minor=after_minor, priced_from=priced_from)


def _other_waivers(order: Order, gate: str) -> tuple[Waiver, ...]:
    return tuple(waiver for waiver in order.waivers if waiver.gate != gate)


def _sealed(order: Order, **changes: Any) -> Order:
    """Change what a signature binds: all that reviewers said of the old content is void, for good."""
    order = _with(order, **changes)
    seal = content_hash(order)
    if seal == order.content_hash:
        return order
    reviewed = Reviewed(revision=order.reviewed.revision + 1)
    return _with(order, content_hash=seal, signatures=(), reviewed=reviewed, rejection=None)


def _classed(order: Order, classed: Classed | None) -> Order:
    """What nobody has claimed is handed out anew, where it goes to another queue."""
    queue = classed.queue if classed is not None else ""
    snags = tuple(
        one if one.queue == queue else _with(one, queue=queue, owner=one.owner if one.claimed_at else "")
        for one in order.snags
    )
    return _with(order, classed=classed, snags=snags)


def _amended(order: Order, amendment: e.Amendment) -> Order:
    changes = amendment.changes()
    if "region" in changes:
        changes["original"] = None  # the channel spoke anew: earlier repairs are void
    if isinstance(amendment.lines, tuple):
        held = {ln.kit.line: (ln.held, ln.held_by) for ln in order.lines if ln.kit is not None and ln.held}
        held |= {ln.id: (ln.held, ln.held_by) for ln in order.lines}
        said = ((line, held.get(line.id, ("", ""))) for line in amendment.lines)
        changes["lines"] = tuple(_with(line, held=why, held_by=rule) for line, (why, rule) in said)
    if changes.keys() & _BOUND:
        return _sealed(order, **changes)
    return _with(order, **changes)


_BOUND = frozenset({"lines", "payable_minor", "currency", "receiver", "region"})
"""Fields of the order that `content_hash` digests."""


def _moved(order: Order, event: e.StatusChanged) -> Order:
    if event.after is Status.RELEASED and event.before is Status.GATED:
        return _with(order, status=event.after, released_at=event.at)
    return _with(order, status=event.after)


def _asked_again(order: Order, event: e.EffectAskedAgain) -> Order:
    was, held = outcome_of(order.effects, event.key), without_held(order.held, event.key)
    if was is not None and event.until is not None:
        held = (*held, Held(until=event.until, was=was))
    return _with(order, effects=tuple(one for one in order.effects if one.key != event.key), held=held)


def _unpacked(lines: tuple[Line, ...], kit: str, parts: tuple[Line, ...]) -> tuple[Line, ...]:
    """Put the parts of a kit where it stood."""
    at = next(n for n, line in enumerate(lines) if line.id == kit)
    return (*lines[:at], *parts, *lines[at + 1 :])
