"""What the channels of the demo company say of every third order beyond its fields."""

from __future__ import annotations

from app.domain.beside import Beside, Extra, beside_of
from app.text import both

_FLAGS = (("红旗", "Red flag"), ("黄旗", "Yellow flag"), ("蓝旗", "Blue flag"))
_SAID = (
    Extra(name="kind", label=both("交易类型", "Kind of trade"), value="普通订单"),
    Extra(name="pay", label=both("付款方式", "Paid by"), kind="word", value=both("在线支付", "Online")),
    Extra(name="platform_off", label=both("平台优惠", "Discount of the channel"), kind="money", value="500"),
    Extra(name="buyer", label=both("买家昵称", "Buyer"), kind="person", value="小雨的小店", is_personal=True),
)


def demo_beside(nth: int) -> Beside:
    """Return what stands beside the nth order."""
    if nth % 3:
        return Beside()
    flag = Extra(
        name="flag", label=both("旗帜", "Flag"), kind="word", value=both(*_FLAGS[nth // 3 % len(_FLAGS)])
    )
    gift = Extra(name="gift", label=both("礼物单", "Gift"), kind="yes", value="yes")
    return beside_of((flag, *_SAID, gift) if nth % 2 else (flag, *_SAID))
