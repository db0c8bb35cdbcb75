"""An address nobody accepted yet."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.desk import Limit
from app.domain.gazetteer import Gazetteer
from app.domain.order import Status
from app.domain.values import Receiver, Region
from app.engine import inverse_of
from app.ports import SnagRow
from app.preview import preview
from app.snag_card import Row, card_of
from app.snags.address_invalid import KIND
from app.text import Text
from tests.builders import NOW, RECEIVER, REGION, Company, actor

DOUBTED = msgspec.structs.replace(REGION, verdict="fix")
USE, ASK, KEEP = KIND.repairs


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.from_bytes(Path("resources/geo/regions.json.gz").read_bytes())


def company(gazetteer: Gazetteer | None, receiver: Receiver = RECEIVER, region: Region = DOUBTED) -> Company:
    company = Company(gazetteer=gazetteer)
    company.receive(receiver=receiver, region=region)
    return company


def repair(company: Company, which) -> object:
    return which.build(company.order(), company.facts(Recheck(order="o1"), None))


def test_the_sentence_names_what_is_wrong(gazetteer):
    old = msgspec.structs.replace(DOUBTED, district="下城区", postcode="210000")

    snag = company(gazetteer, region=old).order().snag("address_invalid")

    assert snag.text.params["first"].params == {"before": "下城区", "after": "拱墅区"}
    assert snag.text.params["rest"].params == {"province": "浙江省", "digits": "21"}


def test_the_suggestion_completes_the_address_and_releases_the_order(gazetteer):
    old = msgspec.structs.replace(DOUBTED, district="下城区", postcode="210000")
    at_work = company(gazetteer, region=old)

    at_work.must(repair(at_work, USE))

    order = at_work.order()
    assert (order.region.district, order.region.postcode, order.region.verdict) == (
        "拱墅区",
        "310000",
        "accept",
    )
    assert (order.receiver, order.original, order.status) == (RECEIVER, old, Status.RELEASED)


def test_what_the_buyer_wrote_is_kept(gazetteer):
    wrote = msgspec.structs.replace(RECEIVER, street="", raw="浙江杭州下城区文晖路88号水岸嘉园3幢1单元502")
    at_work = company(gazetteer, wrote, Region(verdict="fix"))

    at_work.must(repair(at_work, USE))

    order = at_work.order()
    assert (order.receiver.raw, order.receiver.name) == (wrote.raw, wrote.name)
    assert (order.region.city, order.receiver.street) == ("杭州市", "文晖路88号水岸嘉园3幢1单元502")


def test_what_cannot_be_read_is_not_suggested(gazetteer):
    at_work = company(gazetteer, msgspec.structs.replace(RECEIVER, street="老地方"), Region(verdict="fix"))

    assert repair(at_work, USE) is None


def test_keeping_it_changes_the_verdict_only(gazetteer):
    at_work = company(gazetteer)
    command = repair(at_work, KEEP)
    undo = inverse_of(command, at_work.facts(command, None))

    at_work.must(command)
    kept = at_work.order().region
    at_work.must(undo)

    assert kept == REGION
    assert (at_work.order().region, at_work.order().original) == (DOUBTED, None)
    assert at_work.order().snag("address_invalid") is not None


def test_without_a_gazetteer_it_is_still_found():
    at_work = company(None)

    assert at_work.order().snag("address_invalid").text.params == {}
    assert repair(at_work, USE) is None


def test_an_order_without_any_address_is_found():
    at_work = company(None, Receiver())

    assert at_work.order().snag("address_invalid") is not None
    assert repair(at_work, KEEP) is None


# --- what the card knows -----------------------------------------------------------------------


def card(company: Company, past: dict[tuple[str, str, str], int]):
    """Lay the exception out for somebody who looks at it."""
    order, facts = company.order(), company.facts(Recheck(order="o1"), None)
    snag = SnagRow(
        id="o1", subject="order", kind=KIND.code, severity="bad", text=Text(""), opened_at=NOW, due_at=NOW
    )
    row = Row(key="o1:address_invalid", snag=snag, title=KIND.title, limit=Limit(left_s=60, used_pct=0))
    nothing = (None,) * len(KIND.repairs)
    return card_of(row, KIND, order, facts, nothing, nothing, (), lambda _code: True, past=past)


def test_a_field_that_stays_in_doubt_is_not_ticked_off(gazetteer):
    receiver = msgspec.structs.replace(RECEIVER, street="中山路1号", raw="鼓楼区中山路1号")
    asked = company(gazetteer, receiver=receiver, region=Region(district="鼓楼区", verdict="fix"))
    command = Hold(order="o1", reason="ask")
    seen = preview(command, asked.order(), asked.facts(command, actor()))

    states = {row.label: row.state for row in seen.rows}
    assert states["District"] == "doubtful"
    assert not any(row.is_changed for row in seen.rows if row.state == "doubtful")


def test_every_place_of_that_name_is_offered_with_its_evidence_and_none_is_picked(gazetteer):
    receiver = msgspec.structs.replace(RECEIVER, street="中山路1号", raw="鼓楼区中山路1号")
    asked = company(gazetteer, receiver=receiver, region=Region(verdict="fix"))

    said = [text for _, text in card(asked, {("福建省", "福州市", "鼓楼区"): 3}).evidence]

    places = [text.params for text in said if text.message.startswith("Perhaps {place}")]
    assert places[0] == {"place": "福建省 福州市 鼓楼区", "count": 3}
    assert {"place": "江苏省 南京市 鼓楼区"} in places
    assert len(places) == 4
    assert asked.order().region.city == ""


def test_a_parcel_that_arrived_at_the_door_tells_what_was_left_out(gazetteer):
    receiver = msgspec.structs.replace(RECEIVER, street="文三路259号", raw="文三路259号")
    asked = company(gazetteer, receiver=receiver, region=Region(verdict="fix"))

    said = [text for _, text in card(asked, {("浙江省", "杭州市", "西湖区"): 2}).evidence]

    assert any(text.params == {"count": 2} for text in said)


def test_the_buyer_is_asked_for_what_is_missing_and_for_nothing_they_wrote(gazetteer):
    lost = company(gazetteer, Receiver(name="季小雨", phone="13800000000", raw="文晖路88号"), Region())

    lost.must(repair(lost, ASK))

    (message,), snag = lost.order().messages, lost.order().snag("address_invalid")
    assert "省份" in message.words
    assert not [word for word in ("季小雨", "13800000000", "文晖路") if word in message.words]
    assert (snag.snooze.wait, snag.stops[-1].wait) == ("customer", "customer")
    assert repair(lost, ASK) is None
