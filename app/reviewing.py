"""What a verdict in review leads to: two people who do not hear each other, and a third where they differ.

Both always look, whatever the first one said, so an order in the list tells nothing of an earlier verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from app.command import NO_ORDER, Decided, Facts, Refusal, refuse
from app.domain import review
from app.domain.duplicate import block_keys
from app.domain.event import listed
from app.domain.events import Event, ReviewRejected, SignedOff, VerdictGiven
from app.domain.order import EDITABLE, Order
from app.domain.rules import Rules
from app.domain.sign_policy import ROLES, fitting, lacks_other_role
from app.domain.values import Keys, ballot_key, order_key
from app.domain.vouching import Ballot, Signature, Vote
from app.text import N_, Text

REASON_MOST = 500


def signatures_asked(order: Order, rules: Rules, facts: Facts) -> int:
    """Return how many people must look at `order` now; never fewer than already asked.

    Source: rules review_*; sync.md section 1 (only a command may lower it); capabilities 10, quiet sample.
    """
    if rules.review_signatures <= order.signatures_needed:
        return order.signatures_needed
    is_new = rules.review_new_points > 0 and _is_new(order, facts)
    is_wanted = review.points_of(order, rules, is_new=is_new) >= review.ENOUGH_POINTS
    if not (is_wanted or _is_drawn(order, rules, facts)) or not _is_time(order, rules, facts):
        return order.signatures_needed
    return rules.review_signatures


def _is_time(order: Order, rules: Rules, facts: Facts) -> bool:
    """Tell whether the review is on where the goods lie, else where the shop is."""
    place = facts.refs.warehouses.get(order.warehouse) or facts.shop_of(order)
    zone = place.zone if place is not None else "UTC"
    if review.is_night(facts.now, zone, rules):
        return True
    today = facts.now.astimezone(ZoneInfo(zone)).date()
    return rules.review_on_holidays > 0 and any(
        today in calendar.closed for calendar in facts.refs.holidays.values()
    )


def _is_new(order: Order, facts: Facts) -> bool:
    """Tell whether nobody has bought under this phone, address or account before; a desk cannot know."""
    if not facts.at_hub:
        return False
    blocks = [facts.block(key) for key in block_keys(order.receiver, order.region)]
    return bool(blocks) and all(block is None or not block.knew_before(order.id) for block in blocks)


def _is_drawn(order: Order, rules: Rules, facts: Facts) -> bool:
    """Tell whether the hub drew the order for the quiet sample. Source: rules review_sample_pct."""
    pct = rules.review_sample_pct
    return pct > 0 and facts.draw is not None and facts.draw(f"review/{order.id}") < pct * 100


def ballot_of(command: object) -> Keys:
    """Name the order a verdict is about and what others said of it."""
    order: str = command.order  # type: ignore[attr-defined]
    return frozenset({order_key(order), ballot_key(order)})


def judged(
    id: str,
    seal: str,
    revision: int | None,
    facts: Facts,
    *,
    is_pass: bool,
    reason: str = "",
    read_ms: int = 0,
) -> Decided:
    """Take a verdict down; where enough people now agree, draw what follows.

    Refuses: `no_order`, `too_late`, `not_asked`, `stale_content`, `own_work`, `signed_already`, and what
    `may_not_sign` refuses.
    Source: capabilities 10.1, 10.2, 10.6; DECISIONS, two reviewers do not hear each other.
    """
    order = facts.order(id)
    if order is None:
        return NO_ORDER
    stop = _may_not(order, seal, revision, facts)
    if stop is not None:
        return stop
    vote = Vote(
        user=facts.by.user,
        content_hash=seal,
        revision=order.reviewed.revision,
        maker=order.maker,
        is_pass=is_pass,
        at=facts.now,
        reason=reason[:REASON_MOST],
        read_ms=read_ms,
    )
    if not facts.at_hub:
        return [] if review.is_unread(vote) else [VerdictGiven(order=id, user=vote.user)]
    if review.is_unread(vote):
        before = sum(one.unread > 0 and one.user == vote.user for one in _votes(id, facts))
        return [VerdictGiven(order=id, user=vote.user, vote=msgspec.structs.replace(vote, unread=before + 1))]
    votes = (*review.in_this_round(order, _votes(id, facts)), vote)
    return [VerdictGiven(order=id, user=vote.user, vote=vote), *_then(order, votes)]


def _votes(order: str, facts: Facts) -> tuple[Vote, ...]:
    ballot: Ballot | None = facts.row(ballot_key(order))
    return ballot.votes if ballot is not None else ()


def _may_not(order: Order, seal: str, revision: int | None, facts: Facts) -> Refusal | None:
    if order.status not in EDITABLE:
        return refuse("too_late", N_("This order has left review. Hold it if it must not leave."))
    if order.content_hash != seal or revision not in (None, order.reviewed.revision):
        return refuse("stale_content", N_("The order changed since you looked. Read it again, then decide."))
    if order.maker == facts.by.user:
        return refuse("own_work", N_("You changed this order last. Somebody else must review it."))
    if facts.by.user in review.reviewed_by(order):
        return refuse("signed_already", N_("You have reviewed this. Another person must look at it too."))
    if (stop := may_not_sign(order, facts)) is not None:
        return stop
    if review.is_approved(order):
        return refuse("not_asked", N_("No signature is missing here. Take the next order."))
    return None


def may_not_sign(order: Order, facts: Facts) -> Refusal | None:
    """Say who may sign this order now, where whoever asks may not by the company's policies.

    Refuses: `not_signer`, `other_role`.
    """
    refs, by = facts.refs, facts.by
    if not refs.sign_policies:
        return None
    is_on = _is_time(order, facts.rules, facts)
    earlier = review.reviewed_by(order)
    for policy in fitting(refs.sign_policies.values(), order.payable_minor, is_on=is_on):
        if not policy.lets(by.user, by.role.value):
            who = [Text(ROLES.get(role, role)) for role in policy.roles]
            who += [Text(refs.called("user", person)) for person in policy.people]
            said: dict[str, str | int | Text] = {"policy": policy.title, "who": listed(who)}
            return Refusal("not_signer", Text(N_("{policy}: {who} may sign this. Ask one of them."), said))
        asked = order.signatures_needed
        if policy.other_role and lacks_other_role(by.role.value, earlier, asked, refs.users):
            role = Text(ROLES.get(by.role.value, by.role.value))
            said = {"policy": policy.title, "role": role}
            message = N_("{policy}: {role} looked already. Somebody of another role must look too.")
            return Refusal("other_role", Text(message, said))
    return None


def _then(order: Order, votes: tuple[Vote, ...]) -> Iterator[Event]:
    """Open the verdicts once as many people agree as are asked; until then one more looks."""
    names = [one.user for one in votes]
    older = [one for one in order.signatures if one.user not in names and one.user != order.maker]
    yes, no = [one for one in votes if one.is_pass], [one for one in votes if not one.is_pass]
    if len(yes) + len(older) >= order.signatures_needed:
        for one in yes:
            name = Signature(user=one.user, content_hash=one.content_hash, maker=order.maker, at=one.at)
            yield SignedOff(order=order.id, signature=name)
    elif len(no) >= order.signatures_needed:
        reason = " / ".join(dict.fromkeys(one.reason for one in no))
        yield ReviewRejected(order=order.id, reason=reason, by=no[-1].user)
