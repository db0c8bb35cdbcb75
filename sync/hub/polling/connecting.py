"""A shop is connected from a desk: its keys are tried once on the channel itself, then kept sealed.

Who may connect a shop must not reach what only the hub can reach: an address typed here is a public one over
TLS, or one of a host the operator has named. The hub of one PC also talks to that PC, where a simulator is.
Source: channels.md section 5, settings; DECISIONS 107.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from app.domain.channels import ANY, LIKELY
from app.domain.company import Shop
from app.domain.connecting import Asked, Begun, Platform, Platforms, ShopKeys, Tried
from app.domain.scopes import Reach, works_for
from app.text import N_, Text, both
from app.trouble import Trouble
from sync.connection_tables import connection
from sync.hub.database import reading, writing
from sync.hub.outward.addresses import House, check_reach
from sync.hub.polling.connections import STOCK, Connected, connect, connected, tells_stock
from sync.hub.polling.taking import Tools
from sync.hub.polling.understood import understood
from sync.manifest.block import Words
from sync.manifest.blocks import Manifest, Setting
from sync.manifest.caller import Answer, Caller, Line, Refused, with_defaults
from sync.manifest.durations import duration
from sync.manifest.paging import Span
from sync.manifest.reading import built_in_ids, manifest_of
from sync.manifest.request import Request
from sync.tables import ref

SAMPLE = 5
"""Orders of a page in a test call: each may cost a call of its own."""
WINDOWS = 6
"""So many of the last windows are looked into until one holds an order."""
TIMEOUT_S = 10.0
TELLS_STOCK: Final[dict[str, Any]] = {
    "type": "switch",
    "is_optional": True,
    "label": both("回写库存", "Publish stock"),
    "hint": both(
        "打开后，每次库存变动都把可卖数告诉平台，先扣掉“设置 › 店铺可售”里留的安全库存。"
        "不开，平台上的数由你自己填。",
        "On: the channel is told after every change how much it may sell, less the buffer that Settings,"
        " Stock for shops, keeps for this shop. Off: you set its figures there yourself.",
    ),
}
NO_SHOP = Text(N_("There is no such shop, or you do not work for it."))


def platforms(tools: Tools, reach: Reach, shop: str) -> Platforms:
    """Say what each channel asks for; a key that is kept for this shop is not asked for again.

    Raises:
        Trouble: no_shop.
    """
    with reading(tools.engine) as db:
        known = _shop(db, tools, reach, shop)
        kept = _kept(db, tools, shop)
    here = kept.manifest.id if kept is not None else LIKELY.get(known.channel, ANY)
    found = [_platform(manifest_of(each), kept) for each in built_in_ids()]
    return Platforms(here=here, all=tuple(one for one in found if one is not None))


def _platform(manifest: Manifest, kept: Connected | None) -> Platform | None:
    """Describe a channel; one that is neither called nor sends anything takes files, and needs no keys."""
    if manifest.transport is None and manifest.push is None:
        return None
    has = kept.settings if kept is not None and kept.manifest.id == manifest.id else {}
    asks: list[Asked | None] = [_asked(name, one, has) for name, one in manifest.settings.items()]
    if STOCK in manifest.writes:
        asks.append(Asked(name=STOCK, start="on" if tells_stock(has) else "off", **TELLS_STOCK))
    return Platform(
        id=manifest.id,
        title=_both(manifest.title),
        about=_both(manifest.about),
        asks=tuple(one for one in asks if one is not None),
        is_read=manifest.transport is not None and bool(manifest.streams),
    )


def _asked(name: str, setting: Setting, has: Mapping[str, str]) -> Asked | None:
    if setting.type == "const":
        return None
    is_secret = setting.type == "secret"
    return Asked(
        name=name,
        type=setting.type,
        label=_both(setting.label) or name,
        hint=_both(setting.hint),
        start="" if is_secret else has.get(name, setting.default),
        choices=setting.choices,
        is_optional=setting.optional,
        is_kept=is_secret and bool(has.get(name)),
    )


def try_out(tools: Tools, reach: Reach, shop: str, keys: ShopKeys, house: House, line: Line) -> Tried:
    """Make one real call with these keys and read what it brings; nothing is kept.

    Raises:
        Trouble: no_shop, settings, bad_hook.
    """
    one = _typed(tools, reach, shop, keys, house)
    name = next((n for n, stream in one.manifest.streams.items() if stream.kind == "orders"), "")
    if one.manifest.transport is None or not name:
        return Tried()
    small = _small(one.manifest, name)
    caller = Caller(
        small,
        one.settings,
        _short(line),
        tools.clock,
        _hurry(),
        lambda: token_hex(8),
        plugin=tools.plugin(one),
    )
    try:
        records = _sample(caller, small, name, tools.clock())
    except Refused as refused:
        return Tried(wrong=refused.said)
    except Trouble as trouble:
        return Tried(wrong=trouble.hint)
    read = understood(one, tools.seal, records, tools.clock(), tools.plugin(one))
    return Tried(
        orders=len(read.drafts),
        unread=len(read.rejected),
        odd=read.rejected[0].reason if read.rejected else None,
        newest_at=read.newest_at,
    )


def begin(tools: Tools, reach: Reach, shop: str, keys: ShopKeys, house: House) -> Begun:
    """Keep the keys sealed; the hub talks to the shop from now on.

    Raises:
        Trouble: no_shop, settings, bad_hook.
    """
    one = _typed(tools, reach, shop, keys, house)
    now = tools.clock()
    with writing(tools.engine) as db:
        c = connection.c
        lies_over = db.execute(
            select(c.override).where(c.feed_id == tools.feed_id, c.shop == shop, c.manifest == keys.channel)
        ).scalar()
        override = msgspec.json.decode(lies_over or "{}", type=dict)
        since = now - timedelta(days=keys.days)
        who = db, tools.feed_id, tools.seal, shop, keys.channel
        hook_key = connect(*who, one.settings, now, since=since, override=override)
    return Begun(hook=f"/hooks/{hook_key}" if one.manifest.push is not None else "")


def _typed(tools: Tools, reach: Reach, shop: str, keys: ShopKeys, house: House) -> Connected:
    """Put what was typed over what is kept, and look where it leads."""
    if keys.channel not in built_in_ids():
        raise Trouble("settings", Text(N_("There is no manifest called {id}."), {"id": keys.channel}))
    with reading(tools.engine) as db:
        known = _shop(db, tools, reach, shop)
        kept = _kept(db, tools, shop)
    same = kept if kept is not None and kept.manifest.id == keys.channel else None
    manifest = same.manifest if same is not None else manifest_of(keys.channel)
    typed = {name: value.strip() for name, value in keys.settings.items() if value.strip()}
    had = same.settings if same is not None else {}
    settings = {**had, **typed}
    _check_addresses(manifest, settings, house)
    _check_keys_stay(manifest, had, typed)
    return Connected(known, manifest, settings, "", tools.clock(), 0)


def _check_addresses(manifest: Manifest, settings: Mapping[str, str], house: House) -> None:
    """Let no address lead into a private net."""
    filled = with_defaults(manifest, settings)
    for name, setting in manifest.settings.items():
        url = filled.get(name, "")
        if setting.type == "url" and url and url not in (setting.default, setting.value):
            check_reach(url, house)


def _check_keys_stay(manifest: Manifest, had: Mapping[str, str], typed: Mapping[str, str]) -> None:
    """Send no key that is kept to another address: whoever types one could read the key there."""
    was, now = with_defaults(manifest, had), with_defaults(manifest, {**had, **typed})
    of = {kind: [n for n, one in manifest.settings.items() if one.type == kind] for kind in ("url", "secret")}
    moves = any(was[name] and was[name] != now[name] for name in of["url"])
    if moves and any(had.get(name) and name not in typed for name in of["secret"]):
        raise Trouble("settings", Text(N_("The address is another one. Type the secret keys again too.")))


def _sample(caller: Caller, manifest: Manifest, name: str, now: datetime) -> list[object]:
    """Return the first orders of the last windows that hold any."""
    window = manifest.streams[name].window
    length = duration(window.max)
    end = now - duration(window.lag)
    for _ in range(WINDOWS):
        span = Span(end - length, end)
        for page in caller.pages(name, span):
            if page.records:
                return page.records[:SAMPLE]
            break
        end = span.start
    return []


def _small(manifest: Manifest, name: str) -> Manifest:
    """Ask for few orders, each may cost a call, and for no new keys: nobody would keep them."""
    stream = manifest.streams[name]
    few = msgspec.structs.replace(stream.pages, size=min(stream.pages.size, SAMPLE))
    streams = {**manifest.streams, name: msgspec.structs.replace(stream, pages=few)}
    transport = msgspec.structs.replace(manifest.transport, renew=None) if manifest.transport else None
    return msgspec.structs.replace(manifest, streams=streams, transport=transport)


def _short(line: Line) -> Line:
    """Let nobody before a screen wait as long as a reader at night."""

    def asked(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        return line(request, min(timeout_s, TIMEOUT_S), most_bytes)

    return asked


def _hurry() -> Callable[[float], None]:
    """Refuse to wait: somebody sits before the screen.

    Raises:
        Trouble: channel_busy.
    """

    def wait(seconds: float) -> None:
        raise Trouble(
            "channel_busy",
            Text(
                N_("The channel answers, but asks to wait {seconds} seconds. Try again then."),
                {"seconds": int(seconds) + 1},
            ),
        )

    return wait


def _shop(db: Connection, tools: Tools, reach: Reach, shop: str) -> Shop:
    at = ref.c.feed_id == tools.feed_id, ref.c.tbl == "shop", ref.c.pk == shop
    doc = db.execute(select(ref.c.doc).where(*at)).scalar()
    if doc is None or not works_for(reach, shop):
        raise Trouble("no_shop", NO_SHOP)
    return msgspec.json.decode(doc, type=Shop)


def _kept(db: Connection, tools: Tools, shop: str) -> Connected | None:
    found = connected(db, tools.feed_id, tools.seal, shop=shop, are_off=True)
    return found[0] if found else None


def _both(words: Words) -> str:
    return both(words.zh or words.en, words.en)
