"""An order that two people let go may still be sent elsewhere; what they signed is void then."""

from __future__ import annotations

import msgspec
from builders import NIGHT, RECEIVER, line, receive

from app.commands.pick import Pick
from app.commands.sign_off import SignOff
from app.commands.take_address import TakeAddress
from app.domain.order import Status
from app.domain.rules import Rules
from app.domain.values import Role

ELSEWHERE = msgspec.structs.replace(RECEIVER, street="湖墅南路9号金桂苑2幢301")


def test_another_address_for_what_was_signed_waits_until_it_can_be_signed_anew(make_hub):
    hub = make_hub(rules=Rules(review_above_minor=50_000, review_signatures=1))
    hub.clock.now = NIGHT
    big = (line(ext_sku="A-2", qty=3, unit_price_minor=19_900),)
    floor, clerk = hub.desk(Role.WAREHOUSE), hub.desk()
    hub.channel.must(receive("o1", lines=big))
    hub.desk(Role.REVIEWER).must(SignOff(order="o1", content_hash=hub.order().content_hash, read_ms=9_000))
    floor.must(Pick(order="o1", line="1"))
    hub.channel.must(receive("o1", lines=big, ext_version="2", receiver=ELSEWHERE))
    said = hub.order().announced.said

    while_picked = clerk.ask(TakeAddress(order="o1", said=said))
    floor.must(Pick(order="o1", line="1", qty=-1))
    clerk.must(TakeAddress(order="o1", said=said))

    assert while_picked.refusal.code == "signed"
    assert hub.order().receiver.street == ELSEWHERE.street
    assert hub.order().status is Status.GATED, "it is reviewed again"
