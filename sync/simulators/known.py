"""Every platform that can be simulated, by its code."""

from __future__ import annotations

from collections.abc import Mapping

from sync.simulators.amazon import Amazon
from sync.simulators.douyin import Douyin
from sync.simulators.ebay import Ebay
from sync.simulators.jd import Jd
from sync.simulators.pdd import Pinduoduo
from sync.simulators.platform import Platform
from sync.simulators.shopify import Shopify
from sync.simulators.taobao import Taobao
from sync.simulators.wechat_store import WechatStore
from sync.simulators.woocommerce import Woo

PLATFORMS: Mapping[str, type[Platform]] = {
    one.code: one for one in (Taobao, Jd, Pinduoduo, Douyin, WechatStore, Shopify, Woo, Amazon, Ebay)
}
