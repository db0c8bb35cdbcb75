"""Every platform that can be simulated, by its code."""

from __future__ import annotations

from collections.abc import Mapping

from sync.simulators.pdd import Pinduoduo
from sync.simulators.platform import Platform
from sync.simulators.taobao import Taobao

PLATFORMS: Mapping[str, type[Platform]] = {one.code: one for one in (Taobao, Pinduoduo)}
