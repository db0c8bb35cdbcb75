"""A fake hub on which a channel is mended: it knows one small manifest and one record."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.mending import AskMending, Bit, Leaf, Mending, Version, Wrong, leaves_of
from app.text import Text, both


class FakeMending:
    """`given` is what was asked, `patch_at_hub` what was kept last."""

    given: list[Any]
    now: Callable[[], datetime]
    patch_at_hub: dict[str, object]
    versions_at_hub: tuple[Version, ...] = ()

    def mending(self, shop: str, asked: AskMending | None = None) -> Mending:
        self.given.append(("mending", shop, asked))
        return self.mended(json.loads(asked.patch or "{}") if asked is not None else self.patch_at_hub)

    def keep_mending(self, shop: str, asked: AskMending) -> Mending:
        self.given.append(("keep", shop, asked))
        self.patch_at_hub = json.loads(asked.patch)
        before = self.versions_at_hub or (Version(n=0, by="", at=self.now(), patch="{}"),)
        made = Version(n=before[0].n + 1, by="fang", at=self.now(), patch=asked.patch, changed=("map/tz",))
        self.versions_at_hub = (made, *before)
        return self.mended(self.patch_at_hub)

    def mended(self, patch) -> Mending:
        """A hub that knows three values; an amount of gold is none."""
        values = {
            "map/order/note/path": "memo",
            "map/order/paid/type": "money",
            "transport/base": "https://x",
        }
        said = {key: json.loads(value) for key, value in leaves_of(patch)}
        now = values | said
        wrong = Text("{key} is not as it must be.", {"key": "type"})
        is_gold = now["map/order/paid/type"] == "gold"
        note = {"order_sn": "N7"}.get(str(now["map/order/note/path"]), "soon")
        return Mending(
            shop="TM1", channel="pdd", title=both("拼多多", "Pinduoduo"), patch=json.dumps(patch),
            n=self.versions_at_hub[0].n if self.versions_at_hub else 0,
            leaves=tuple(
                Leaf(
                    key=key, value=json.dumps(value), is_locked=key.startswith("transport"),
                    shipped=json.dumps(values[key]) if key in values else "",
                )
                for key, value in sorted(now.items())
            ),
            sample=(Bit("order_sn", "N7"), Bit("buyer_memo", "soon"), Bit("items[].qty", "2")),
            made=() if is_gold else (Bit("note", note),),
            wrong=(Wrong(block="map", text=wrong),) if is_gold else (),
            versions=self.versions_at_hub, exported="id: pdd\n",
        )  # fmt: skip
