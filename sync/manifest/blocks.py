"""The blocks of a manifest. Each is one page of its editor, and everything in it is data.

Source: channels.md section 5.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from sync.manifest.block import Block, Code, Condition, Duration, Fields, Long, Scalar, Short, Words
from sync.manifest.map_block import Map, Value

FORMAT = 1


class Setting(Block, frozen=True, kw_only=True):
    """One line of the form that connects a shop. A `secret` is never shown again."""

    type: Literal["text", "secret", "url", "choice", "const"]
    label: Words = Words()
    hint: Words = Words()
    default: Long = ""
    value: Long = ""
    choices: Annotated[tuple[Short, ...], Meta(max_length=50)] = ()
    expires: Short = ""
    """The setting that holds when it ends."""
    optional: bool = False


class Clock(Block, frozen=True, kw_only=True):
    """How the time of a call is written: epoch_s, epoch_ms, iso8601, or a form; %f3 are thousandths."""

    param: Short
    format: Short
    tz: Short = "UTC"
    place: Literal["param", "query", "header"] = "param"
    max_skew: Duration = "PT10M"


class Pack(Block, frozen=True, kw_only=True):
    """What a call says travels as one JSON text in this parameter."""

    param: Short


class Auth(Block, frozen=True, kw_only=True):
    """How a call says who we are; a token is asked for by the caller and kept with the account."""

    strategy: Literal["header", "basic", "oauth1", "oauth2_refresh", "token_call"]
    header: Short = "Authorization"
    value: Short = ""
    user: Short = ""
    password: Short = ""
    url: Short = ""
    method: Literal["GET", "POST"] = "POST"
    body: Literal["form", "json"] = "form"
    ask: Fields = field(default_factory=dict)
    """What the call for a token says."""
    token: Short = "access_token"  # noqa: S105 - where it stands in the answer
    ttl: Short = "expires_in"
    place: Literal["header", "query"] = "header"
    param: Short = "access_token"
    require_https: bool = True
    fallback: Literal["", "oauth1"] = ""
    """What is used where the shop has no HTTPS."""


class Sign(Block, frozen=True, kw_only=True):
    """What is signed and how.

    `sorted_kv` joins every parameter that is sent, sorted by its name; `template` signs a text made of
    `{{name}}`s, of which `body` is what is sent; `python` is the plugin's.
    """

    strategy: Literal["none", "sorted_kv", "template", "python"] = "none"
    algorithm: Literal["md5", "sha1", "sha256", "hmac", "hmac-sha1", "hmac-sha256"] = "md5"
    secret: Short = ""
    wrap: Literal["both", "none"] = "none"
    """Whether the secret stands before and behind the text, as with plain digests."""
    case: Literal["upper", "lower"] = "lower"
    bool: Literal["lower", "digit"] = "lower"
    nested: Literal["json"] = "json"
    exclude: tuple[Short, ...] = ()
    join: Short = ""
    between: Short = ""
    body: Literal["none", "append"] = "none"
    """Whether the raw body follows the parameters."""
    template: Long = ""
    escape: Literal["none", "url"] = "none"
    """Whether the text is URL-encoded before it is signed, as Java does it."""
    encoding: Literal["hex", "base64", "base64_hex"] = "hex"
    param: Short = "sign"
    place: Literal["param", "query", "header"] = "param"


class Answered(Block, frozen=True, kw_only=True):
    """Where an answer says that all is well."""

    path: Short
    equals: Scalar | list[Scalar]


class Failure(Block, frozen=True, kw_only=True):
    """What to do about an answer: the first rule that fits counts."""

    when: Condition
    action: Literal["retry", "throttle", "reauthorize", "fail"]
    wait: Duration = "PT0S"
    say: Words = Words()


class Dotted(Block, frozen=True, kw_only=True):
    """A path made of another value, its dots written otherwise."""

    from_: Short = field(name="from")
    dots: Short = "/"


class Renewal(Block, frozen=True, kw_only=True):
    """The call that gives new keys for old ones, before a person must authorise the shop again."""

    needs: Short
    """The setting without which nothing can be renewed."""
    call: Fields
    base: Short = ""
    """Where it is asked for, if elsewhere: then nothing is signed."""
    unpack: Short = ""
    """Where the answer holds JSON inside a text."""
    gives: Annotated[dict[Code, Short], Meta(min_length=1, max_length=10)]
    """Setting → where its new value stands."""
    ends: Short = ""
    """The setting that says when the new keys end; `ttl` is where the answer says for how many seconds."""
    ttl: Short = ""


class Transport(Block, frozen=True, kw_only=True):
    """How a call travels."""

    base: Short = "{{base_url}}"
    path: Short | Dotted = ""
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    body: Literal["form", "json", "canonical_json", "xml", "none"] = "form"
    """`none`: everything is in the URL."""
    common: Fields = field(default_factory=dict)
    """Said with every call, where the call says its own."""
    query: Fields = field(default_factory=dict)
    """Said in the URL with every call."""
    headers: Annotated[dict[Short, Short], Meta(max_length=30)] = field(default_factory=dict)
    outside: tuple[Short, ...] = ()
    """What of a call is said elsewhere, and not in its body."""
    pack: Pack | None = None
    clock: Clock | None = None
    auth: Auth | None = None
    renew: Renewal | None = None
    sign: Sign = Sign()
    ok: Answered | None = None
    errors: Annotated[tuple[Failure, ...], Meta(max_length=60)] = ()
    timeout: Duration = "PT30S"
    most_mb: Annotated[int, Meta(ge=1, le=64)] = 16


class Budget(Block, frozen=True, kw_only=True):
    """So many calls in so much time, or the points the channel itself counts."""

    per: Literal["shop", "app"] = "shop"
    app: Short = ""
    """What names the app, e.g. `{{app_key}}`: all shops that say the same share one budget."""
    calls: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    every: Duration = "PT1S"
    streams: tuple[Short, ...] = ()
    """Only these; empty: all of them."""
    cost: Short = ""
    """Where an answer says how many points are left; below `keep` the next call waits until they are back."""
    keep: Annotated[int, Meta(ge=0, le=100_000)] = 100
    restore: Annotated[int, Meta(ge=1, le=100_000)] = 50
    """Points that come back in a second."""


class Window(Block, frozen=True, kw_only=True):
    """Which stretch of time a poll asks for: closed, and its end `lag` behind now."""

    field: Short
    start: Short = ""
    """The parameter it goes to; empty: only `{{start}}` in the call."""
    end: Short = ""
    format: Short = "iso8601"
    tz: Short = "UTC"
    max: Duration
    overlap: Duration
    lag: Duration
    history: Duration = "P90D"


class Pages(Block, frozen=True, kw_only=True):
    """How the pages of a window are walked."""

    strategy: Literal["page", "offset", "cursor", "link", "none"]
    param: Short = ""
    size_param: Short = ""
    size: Annotated[int, Meta(ge=1, le=1000)] = 100
    first: Literal[0, 1] = 1
    direction: Literal["backward", "forward"] = "forward"
    total: Short = ""
    """Where the first answer says how many records there are."""
    total_header: Short = ""
    """The header in which it says how many pages there are."""
    next: Short = ""
    more: Short = ""
    max_page: Annotated[int, Meta(ge=1, le=100_000)] = 10_000
    """Pages beyond it come back empty: the window is halved instead."""


class Detail(Block, frozen=True, kw_only=True):
    """The call that reads one record in full, where a list says too little."""

    call: Fields
    record: Short = "."
    into: Short = ""
    """Where it is put in the record of the list; empty: in its place."""
    when: Condition = field(default_factory=dict)
    """Only of records like this; the others are whole."""


class Dedupe(Block, frozen=True, kw_only=True):
    """What names a record, and what grows when it changes; without `version` its content does."""

    key: Annotated[tuple[Short, ...], Meta(min_length=1, max_length=4)]
    version: Short = ""


class Stream(Block, frozen=True, kw_only=True):
    """One list that is polled. `kind` says which part of the map reads its records."""

    kind: Literal["orders", "refunds"] = "orders"
    call: Fields
    method: Short = ""
    body: Literal["", "form", "json", "canonical_json", "xml", "none"] = ""
    needs: Words = Words()
    """What it needs beyond the orders: said where it cannot be read."""
    auth: Short = ""
    """How its calls say the token, where another interface of the channel wants it otherwise."""
    window: Window
    pages: Pages
    records: Short
    detail: Detail | None = None
    one: Fields = field(default_factory=dict)
    """The call that reads one record again, named by `{{id}}`."""
    dedupe: Dedupe


class Verify(Block, frozen=True, kw_only=True):
    """How a delivery proves where it comes from, over the bytes as they came."""

    strategy: Literal["hmac_b64", "hmac", "md5_body", "wechat_aes", "ecdsa", "none", "python"]
    algorithm: Literal["sha256", "sha1"] = "sha256"
    header: Short = ""
    secret: Short = ""
    secret_transform: Literal["none", "wp_specialchars_decode"] = "none"  # noqa: S105 - how it is written
    trim: bool = False
    encoding: tuple[Literal["hex", "base64"], ...] = ("hex",)
    signed: Short = "{{raw_body}}"
    timestamp_header: Short = ""
    max_age: Duration = "PT5M"
    key: Short = ""
    key_call: Fields = field(default_factory=dict)
    """The call that returns the public key a delivery names: `{{key}}`."""
    token: Short = ""
    app_id: Short = ""


class Handshake(Block, frozen=True, kw_only=True):
    """What a channel asks before it sends anything: a challenge to hash, or an echo to give back."""

    param: Short
    answer: Literal["ebay_challenge", "wechat_echo", "echo"]
    token: Short = ""
    endpoint: Short = ""


class PushAnswers(Block, frozen=True, kw_only=True):
    """What a delivery is answered with: numbers of HTTP, and the text a channel waits for."""

    stored: int = 200
    duplicate: int = 200
    bad_signature: int = 401
    body: Long = ""


class Push(Block, frozen=True, kw_only=True):
    """What a channel sends by itself."""

    verify: Verify
    kind: Literal["orders", "events"] = "orders"
    """Whether a message is the order, or only says something of one."""
    topic: Short = ""
    """Header, or path, that says what it is about."""
    refunds: tuple[Short, ...] = ()
    """Topics whose message is no order but a refund, or a return."""
    dedupe: Short = ""
    """Header, or path, that names a delivery, or each message of it; empty: the digest of its body."""
    ping: Literal["", "form"] = ""
    handshake: Handshake | None = None
    answer: PushAnswers = PushAnswers()


class Parts(Block, frozen=True, kw_only=True):
    """What `{{package.items}}` is: one `item` for each `{{line}}` of a parcel.

    Where a channel groups what is sent by itself it is asked first: one for each `{{record}}` that fits.
    Told of all parcels at once it is one for each `{{parcel}}` after the first that it does not know yet.
    """

    item: Fields
    call: Fields = field(default_factory=dict)
    records: Short = ""
    when: Condition = field(default_factory=dict)
    """Which records are meant; what it asks for may be `{{name}}`."""
    entries: Short = ""
    """Where a group lists what is in it; of a parcel that is not all of it only those lines are told."""
    line: Short = ""
    """Where such an entry names the line; without `entries`, where a record does."""
    entry: Fields = field(default_factory=dict)
    into: Short = ""
    """The key of `item` that holds them."""
    also: Annotated[dict[Code, Fields], Meta(max_length=5)] = field(default_factory=dict)
    """More lists of the same lines, each under a name of its own: `{{package.NAME}}`."""


class Write(Block, frozen=True, kw_only=True):
    """A call that tells the channel something, or several in a row."""

    only: Condition = field(default_factory=dict)
    """Where it is made at all, of what is told."""
    parcels: Literal["", "lines", "packages", "whole"] = ""
    """When a shipment in several parcels is told.

    `lines`: each as it leaves, with what is in it, see `parts`. `packages`: each as it leaves, by its number;
    with `{{package.is_last}}` the order is done. `whole`: once, when the last has left, with all numbers.
    Empty: `lines` where there are `parts`, else `whole`.
    """
    parts: Parts | None = None
    call: Fields = field(default_factory=dict)
    method: Short = ""
    path: Short = ""
    body: Fields = field(default_factory=dict)
    batch: Annotated[int, Meta(ge=1, le=1000)] = 1
    each: Short = ""
    """The parameter that holds the list, where `batch` is more than one."""
    item: Fields = field(default_factory=dict)
    """What one of that list says."""
    lookup: Fields = field(default_factory=dict)
    """The call that tells whether it happened, after a time out."""
    steps: Annotated[tuple[Write, ...], Meta(max_length=5)] = ()
    keep: Annotated[dict[Code, Value], Meta(max_length=10)] = field(default_factory=dict)
    """What later steps say as `{{kept.NAME}}`: read from the answer, and from what is told."""

    @property
    def told(self) -> str:
        """How a shipment in several parcels is told: a call that names no lines would say that all left."""
        return self.parcels or ("lines" if self.parts is not None else "whole")


class File(Block, frozen=True, kw_only=True):
    """How tables of this channel are read: rows alike in one of these columns are lines of one order."""

    group_by: Annotated[tuple[Short, ...], Meta(min_length=1, max_length=10)]


class Guards(Block, frozen=True, kw_only=True):
    """What may not pass in silence."""

    totals: Literal["off", "warn", "hold"] = "warn"
    """What becomes of an order whose amounts do not add up; `hold` treats its state as unknown."""
    tolerance: Short = "0"
    """So much may they differ, in the units of the record."""


class Manifest(Block, frozen=True, kw_only=True):
    """A channel as data. `id` is the name of its file."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)] = FORMAT
    id: Code
    version: Annotated[int, Meta(ge=1)] = 1
    title: Words
    about: Words = Words()
    """What it needs, and what of it was only tried against a simulator."""
    currency: Short = ""
    settings: Annotated[dict[Code, Setting], Meta(max_length=40)] = field(default_factory=dict)
    transport: Transport | None = None
    budget: Annotated[tuple[Budget, ...], Meta(max_length=20)] = ()
    streams: Annotated[dict[Code, Stream], Meta(max_length=10)] = field(default_factory=dict)
    push: Push | None = None
    writes: Annotated[dict[Code, Write], Meta(max_length=20)] = field(default_factory=dict)
    map: Map
    file: File | None = None
    guards: Guards = Guards()
