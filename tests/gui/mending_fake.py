"""A fake hub on which a channel is mended: it reads one record by the note of the manifest."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.mending import AskMending, Bit, Mending, Version, Wrong
from app.domain.tree_edits import overlaid, value_at
from app.text import Text, both
from sync.manifest.reading import BadManifest, built_in, checked
from sync.manifest.worded import worded_schema

RECORD = {"order_sn": "N7", "buyer_memo": "soon", "items[].qty": "2"}


class FakeMending:
    """`given` is what was asked, `patch_at_hub` what was kept last."""

    given: list[Any]
    now: Callable[[], datetime]
    patch_at_hub: dict[str, object]
    versions_at_hub: tuple[Version, ...] = ()
    gone_at_hub: tuple[str, ...] = ()

    def mending(self, shop: str, asked: AskMending | None = None) -> Mending:
        self.given.append(("mending", shop, asked))
        patch = json.loads(asked.patch or "{}") if asked is not None else self.patch_at_hub
        return self.mended(patch, schema="" if asked is not None else worded_schema())

    def keep_mending(self, shop: str, asked: AskMending) -> Mending:
        self.given.append(("keep", shop, asked))
        self.patch_at_hub = json.loads(asked.patch)
        before = self.versions_at_hub or (Version(n=0, by="", at=self.now(), patch="{}"),)
        made = Version(n=before[0].n + 1, by="fang", at=self.now(), patch=asked.patch, changed=("map/tz",))
        self.versions_at_hub = (made, *before)
        return self.mended(self.patch_at_hub)

    def mended(self, patch, schema="") -> Mending:
        """Show the note; a manifest that cannot be used makes nothing."""
        tree = overlaid(built_in("pdd"), patch)
        wrong: tuple[Wrong, ...] = ()
        try:
            checked(tree)
        except BadManifest as bad:
            wrong = tuple(Wrong(block="map", text=text) for text in bad.texts)
        note = RECORD.get(str(value_at(tree, "map/order/buyer_note/path")), "")
        return Mending(
            shop="TM1", channel="pdd", title=both("拼多多", "Pinduoduo"), patch=json.dumps(patch),
            n=self.versions_at_hub[0].n if self.versions_at_hub else 0, schema=schema,
            shipped=json.dumps(built_in("pdd")), sample=tuple(Bit(*one) for one in RECORD.items()),
            made=() if wrong else (Bit("note", note),), wrong=wrong,
            gone=self.gone_at_hub, odd=() if note else (Text("There is no note."),),
            versions=self.versions_at_hub, exported="id: pdd\n",
        )  # fmt: skip
