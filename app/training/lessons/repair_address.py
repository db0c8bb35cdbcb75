"""Three addresses: a province that is not its city's, a postcode cut short, and a street two cities have."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order
from app.domain.reading import ACCEPT
from app.domain.values import Region
from app.forms.fix_address import FORM
from app.snags.address_invalid import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_kind, at_repair, at_step
from app.training.standing import go_on, order_is

SKU = "TW-1W"
GOODS = (Piece(SKU, 2, 5_900),)
OTHER = Region(province="江苏省", city="杭州市", district="西湖区", postcode="310012")
SHORT = Region(province="浙江省", city="宁波市", district="鄞州区", postcode="31510")
TWO = Region()


def lay(deck: Deck) -> Iterator[Given]:
    """Whatever can be read by a machine is right already: these three cannot."""
    yield from lies(deck, SKU, 30)
    yield sale(deck, "other", GOODS, buyer(deck, "叶知秋", "1101", "文三路88号水岸嘉园3幢1单元"), OTHER)
    yield sale(deck, "short", GOODS, buyer(deck, "梁思远", "1102", "天童北路16号金桂苑7幢1单元"), SHORT)
    yield sale(deck, "two", GOODS, buyer(deck, "宋雨桐", "1103", "鼓楼区中山北路20号书香里5幢1单元"), TWO)


def _in(order: Order, city: str, district: str) -> bool:
    region = order.region
    return region.verdict == ACCEPT and (region.city, region.district) == (city, district)


def _kept(floor: Floor) -> bool:
    doors = {"other": "文三路88号", "short": "天童北路16号", "two": "中山北路20号"}
    found = {name: floor.order(name) for name in doors}
    return all(one is not None and doors[name] in one.receiver.street for name, one in found.items())


LESSON = Lesson(
    code="repair_address",
    title=Text(N_("Repair an address")),
    brief=Text(
        N_(
            "Three orders do not know where they go. One names the wrong province, one has a postcode of "
            "five digits. The third names no city: its buyer says on the phone that it is Nanjing in "
            "Jiangsu."
        )
    ),
    par_s=60,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal(
            "province",
            Text(N_("The parcel for Hangzhou is sent to Zhejiang")),
            order_is(
                "other", lambda order: order.region.province == "浙江省" and _in(order, "杭州市", "西湖区")
            ),
        ),
        Goal(
            "postcode",
            Text(N_("The parcel for Ningbo has a whole postcode, or none")),
            order_is(
                "short", lambda order: len(order.region.postcode) in (0, 6) and _in(order, "宁波市", "鄞州区")
            ),
        ),
        Goal(
            "asked",
            Text(N_("The order without a city goes where its buyer says")),
            order_is("two", lambda order: _in(order, "南京市", "鼓楼区")),
        ),
        Goal("on", Text(N_("All three go on")), go_on("other", "short", "two")),
        Goal("door", Text(N_("Every house number is as it was")), _kept, keeps=True),
    ),
    hints=(
        Hint("province", at("inbox", "inbox/rows")),
        Hint("province", at_kind(KIND)),
        Hint("province", at_repair(KIND, "use_suggestion")),
        Hint("postcode", at_repair(KIND, "use_suggestion")),
        Hint("asked", at_step(FORM, "place"), frozenset({"incomplete_address"})),
        Hint("asked", at_step(FORM, "check")),
        Hint("on", at_step(FORM, "check")),
        Hint("door", at_step(FORM, "street")),
    ),
    page="inbox",
)
