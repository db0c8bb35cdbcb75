"""What the hub answers, as OpenAPI 3.1, made from the messages themselves: `docket hub --openapi` prints it.

A test holds it against the routes, another one asks a hub everything it says, so it cannot drift.
Source: DECISIONS 61; OpenAPI 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from app.domain.attempt import Beat
from app.domain.bell import Told
from app.domain.channels import FETCHES, KEEPS_SHOPS, Channels
from app.domain.company import READS_BOOKS, READS_FIGURES, SWITCHES_MODEL
from app.domain.connecting import CONNECTS, Begun, Platforms, ShopKeys, Tried
from app.domain.deck import OwnDeck
from app.domain.mending import MENDS, AskMending, Mending
from app.domain.outbound import CONNECTS_SERVICES, AskService, OutServices, SaidService
from app.domain.own_address import NewAddress, OwnAddress, OwnAddresses
from app.domain.presence import AskPresence, KeepSigner, Present, SignerState
from app.domain.systems import (
    MAKES_KEYS,
    Again,
    Delivery,
    Hook,
    MadeHook,
    MadeKey,
    NewHook,
    NewKey,
    SystemKey,
)
from app.domain.values import Receiver
from app.figures import (
    Backlog,
    GateReport,
    GuideReport,
    ReplanReport,
    Report,
    TrainingReport,
    VoucherReport,
)
from app.imports import FileLook, ImportRow, Matching, Reading, Retake, Sample, SheetRows, UndoPlan
from app.people_figures import PeopleReport, RosterReport
from app.ports import Pc
from app.review_figures import ReviewReport
from sync.chain import SEEN_BYTES, ChainReply, Seen
from sync.hub.figures import BEAT_BYTES, DAYS_MOST
from sync.hub.limits import DEPTH
from sync.hub.outward.ears import MOST_BYTES as EAR_BYTES
from sync.hub.outward.problems import MEDIA as PROBLEM
from sync.hub.outward.services_api import ASK_BYTES as SERVICE_BYTES
from sync.hub.outward.ways import SYSTEM_WAYS
from sync.hub.polling.connecting_api import ASK_BYTES as KEYS_BYTES
from sync.hub.polling.hooks import MOST_BYTES as HOOK_BYTES
from sync.hub.polling.mending_api import ASK_BYTES as MENDING_BYTES
from sync.hub.way import BYTES, JSON, MESSAGE_BYTES, Way
from sync.import_wire import ASK_BYTES, FILE_BYTES, PART_BYTES, AskMatch, AskRetake, AskRows, NewFile
from sync.outward_wire import Problem
from sync.wire import (
    PULL_ROWS,
    PUSH_BYTES,
    SCHEMA,
    WAIT_S,
    AskEnrolment,
    AskRaw,
    Enrolment,
    FirstPassword,
    GiveFirstPassword,
    Health,
    PullReply,
    Push,
    PushReply,
    RawText,
    Refresh,
    Reveal,
    SignedIn,
    SignIn,
    Stop,
)

FIGURES = "text/plain"
Count = Annotated[int, Meta(ge=0, lt=10**18)]
Part = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[A-Za-z0-9-]+$")]


class _Pull(msgspec.Struct):
    epoch: str = ""
    cursor: Count = 0
    last_n: Count = 0
    limit: Annotated[int, Meta(ge=1, le=PULL_ROWS)] = PULL_ROWS
    wait: Annotated[int, Meta(ge=0, le=WAIT_S)] = 0
    schema: Annotated[int, Meta(ge=0, le=SCHEMA)] = 0
    scope_rev: str = ""
    own: Annotated[int, Meta(ge=0, le=1)] = 0


class _Snapshot(msgspec.Struct):
    had: Annotated[str, Meta(description="The `Reach` a desk has the rows of, as JSON.")] = ""
    sha256: Annotated[str, Meta(description="Of the file it began to fetch.")] = ""
    packing: Annotated[str, Meta(description="zstd where it unpacks that; everybody unpacks gzip.")] = "gzip"
    since: Count = 0


class _Chain(msgspec.Struct):
    since: Count
    to: Count


class _Days(msgspec.Struct):
    days: Annotated[int, Meta(ge=1, le=DAYS_MOST, description="Today is the last of them.")] = 7


class _Imports(msgspec.Struct):
    limit: Count = 50


class _Rejected(msgspec.Struct):
    lang: Literal["zh_CN", "en"] = "zh_CN"


_FILES = "import_file"

WAYS: tuple[Way, ...] = (
    Way("GET", "/v1/health", "Whether the hub is there, and its time.", Health, is_open=True),
    Way("POST", "/v1/sign_in", "A person at a known PC gets a token.", SignedIn, SignIn, is_open=True),
    Way("POST", "/v1/refresh", "The next token of a login.", SignedIn, Refresh, is_open=True),
    Way("POST", "/v1/enrolment", "Whether a PC was let in.", Enrolment, AskEnrolment, is_open=True),
    Way("POST", "/v1/first_password", "A first password for a colleague, told once.", FirstPassword,
        GiveFirstPassword, right="set_user"),
    Way("GET", "/v1/signer", "Whether one has a PIN or a badge; never which.", SignerState),
    Way("POST", "/v1/signer", "One's own PIN or badge, with the password once more.", asks=KeepSigner),
    Way("POST", "/v1/presence", "A colleague signs one command on this PC.", Present, AskPresence),
    Way("GET", "/v1/addresses", "Where one hears of holds outside the program, masked.", OwnAddresses),
    Way("POST", "/v1/addresses", "Another address of one's own.", OwnAddress, NewAddress, most=4_096),
    Way("POST", "/v1/addresses/{id}/test", "A word to that address."),
    Way("POST", "/v1/addresses/{id}/end", "Nothing there any more."),
    Way("GET", "/v1/pcs", "Every PC that ever asked.", list[Pc], right="approve_pc"),
    Way("POST", "/v1/pcs/{id}/approve", "Let a PC in.", right="approve_pc"),
    Way("POST", "/v1/pcs/{id}/revoke", "Put a PC out.", right="approve_pc"),
    Way("POST", "/v1/screening/on", "Let the learned check find.", right=SWITCHES_MODEL),
    Way("POST", "/v1/screening/off", "Let rules check alone.", right=SWITCHES_MODEL),
    Way("GET", "/v1/keys", "The keys of other systems.", list[SystemKey], right=MAKES_KEYS),
    Way("POST", "/v1/keys", "A key for another system, told once.", MadeKey, NewKey, right=MAKES_KEYS),
    Way("POST", "/v1/keys/{id}/revoke", "Take a key back.", right=MAKES_KEYS),
    Way("GET", "/v1/hooks", "Where news is sent by itself.", list[Hook], right=MAKES_KEYS),
    Way("POST", "/v1/hooks", "Send news there; what they are signed with is told once.", MadeHook, NewHook,
        right=MAKES_KEYS),
    Way("POST", "/v1/hooks/{id}/end", "Send nothing there any more.", right=MAKES_KEYS),
    Way("GET", "/v1/hooks/{id}/deliveries", "What became of the news.", list[Delivery], right=MAKES_KEYS),
    Way("POST", "/v1/hooks/{id}/again", "Send one piece of news again.", asks=Again, right=MAKES_KEYS),
    Way("GET", "/v1/services", "How the systems do that the hub does something at.", OutServices,
        right=CONNECTS_SERVICES),
    Way("POST", "/v1/services/{id}", "Connect, try, let rest, go on with or end one.", SaidService,
        AskService, right=CONNECTS_SERVICES, most=SERVICE_BYTES),
    Way("GET", "/v1/shops", "How every shop does, and what is missing where none is connected.", Channels),
    Way("POST", "/v1/shops/{id}/rest", "Stop talking to a shop; its keys are kept.", right=KEEPS_SHOPS),
    Way("POST", "/v1/shops/{id}/go_on", "Go on with a shop where it was left.", right=KEEPS_SHOPS),
    Way("GET", "/v1/shops/{id}/platforms", "What each channel asks for; kept keys are not told.", Platforms,
        right=CONNECTS),
    Way("POST", "/v1/shops/{id}/try", "Try keys on the channel itself; nothing is kept.", Tried, ShopKeys,
        KEYS_BYTES, right=CONNECTS),
    Way("POST", "/v1/shops/{id}/connect", "Keep the keys of a shop, talk to it from now on.", Begun, ShopKeys,
        KEYS_BYTES, right=CONNECTS),
    Way("GET", "/v1/shops/{id}/manifest", "How its channel is read, a real record, what it makes.", Mending,
        right=MENDS),
    Way("POST", "/v1/shops/{id}/manifest/try", "The same with a patch; nothing is kept.", Mending, AskMending,
        MENDING_BYTES, right=MENDS),
    Way("POST", "/v1/shops/{id}/manifest", "Keep a patch as the next version.", Mending, AskMending,
        MENDING_BYTES, right=MENDS),
    Way("POST", "/v1/shops/{id}/again", "Read its last three days once more.", right=KEEPS_SHOPS),
    Way("POST", "/v1/orders/{id}/fetch", "Read one order again from its channel.", right=FETCHES),
    Way("POST", "/v1/push", "Commands of a replica, in order, each signed by its PC.", PushReply, Push,
        PUSH_BYTES + MESSAGE_BYTES),
    Way("GET", "/hooks/{key}", "What a channel asks before it sends anything.", bytes, is_open=True,
        media=BYTES),
    Way("POST", "/hooks/{key}", "What a channel sends by itself; proven by its signature.", bytes, bytes,
        HOOK_BYTES, is_open=True, media=BYTES),
    Way("POST", "/services/{name}", "What a service sends by itself; proven by its signature.", bytes, bytes,
        EAR_BYTES, is_open=True, media=BYTES),
    Way("GET", "/v1/pull", "The rows after a cursor; waits where there are none.", PullReply, query=_Pull),
    Way("GET", "/v1/snapshot", "All a person may hold, as one file, by Range; HEAD names it.", bytes,
        query=_Snapshot, media=BYTES),
    Way("POST", "/v1/receiver", "One receiver in full, for a label; written down.", Receiver, Reveal,
        right="print_paper"),
    Way("POST", "/v1/raw", "A delivery nobody could read, as it came; each look is written down.", RawText,
        AskRaw, right="let_go"),
    Way("GET", "/v1/handling", f"How long exceptions took; without `{READS_FIGURES}` one's own only.", Report,
        query=_Days),
    Way("GET", "/v1/reviewers",
        f"How well reviewers see; without `{READS_FIGURES}` one's own only.", ReviewReport, query=_Days),
    Way("GET", "/v1/people_time",
        f"Where people's time went, stage by stage; without `{READS_FIGURES}` one's own only.", PeopleReport,
        query=_Days),
    Way("GET", "/v1/roster", "A roster from the last two weeks, played again beside the one there was.",
        RosterReport, right=READS_FIGURES),
    Way("GET", "/v1/gates", "How many orders were released with every gate met.", GateReport, query=_Days,
        right=READS_FIGURES),
    Way("GET", "/v1/replans", "Which orders were planned anew, why, and what it changed.", ReplanReport,
        query=_Days, right=READS_FIGURES),
    Way("GET", "/v1/backlog", "How many deliveries have come and are not decided yet.", Backlog),
    Way("GET", "/v1/notices", "Who was told of which hold, and what became of it.", list[Told],
        right=READS_FIGURES),
    Way("GET", "/v1/guide_use", "What became of suggestions, step by step.", GuideReport, query=_Days,
        right=READS_FIGURES),
    Way("GET", "/v1/training", f"Who practises, how lessons went; without `{READS_FIGURES}` one's own only.",
        TrainingReport, query=_Days),
    Way("GET", "/v1/own_deck", "A deck of the exceptions dealt with lately, with nobody in it.", OwnDeck,
        query=_Days, right="set_deck"),
    Way("POST", "/v1/practising", "Where whoever asks is in a lesson; it is forgotten soon.", asks=Beat,
        most=BEAT_BYTES),
    Way("GET", "/v1/vouchers", "What shops sold and gave back, in double entry.", VoucherReport, query=_Days,
        right=READS_BOOKS),
    Way("GET", "/v1/chain", "What lies between two heads.", ChainReply, query=_Chain),
    Way("POST", "/v1/witness", "What a desk has seen of the history.", dict[str, bool], Seen, SEEN_BYTES),
    Way("POST", "/v1/files", "Announce a file; its id.", str, NewFile, ASK_BYTES, right=_FILES),
    Way("PUT", "/v1/files/{file}/{at}", f"A part of a file; how much is there, of {FILE_BYTES}.",
        int, bytes, PART_BYTES, right=_FILES, media=BYTES),
    Way("POST", "/v1/files/{file}/look", "How a file is understood.", FileLook, Reading, ASK_BYTES,
        right=_FILES),
    Way("POST", "/v1/files/{file}/rows", "All rows of a small sheet, as they stand.", SheetRows, Reading,
        ASK_BYTES, right=_FILES),
    Way("POST", "/v1/imports/match", "Which column fills which field.", Matching, AskMatch, ASK_BYTES,
        right=_FILES),
    Way("POST", "/v1/imports/retake", "Rows nobody could read, laid out once more.", Retake, AskRetake,
        ASK_BYTES, right=_FILES),
    Way("POST", "/v1/imports/sample", "The first rows as understood.", Sample, AskRows, 2 * ASK_BYTES,
        right=_FILES),
    Way("POST", "/v1/imports/rehearse", "Try it without writing; its id.", str, AskRows, 2 * ASK_BYTES,
        right=_FILES),
    Way("POST", "/v1/imports", "Take the rows; its id.", str, AskRows, 2 * ASK_BYTES, right=_FILES),
    Way("GET", "/v1/imports", "Imports, the newest first.", list[ImportRow], query=_Imports,
        right=_FILES),
    Way("GET", "/v1/imports/{id}", "One import and its account.", ImportRow, right=_FILES),
    Way("POST", "/v1/imports/{id}/stop", "Stop it after the rows under way.", ImportRow, right=_FILES),
    Way("GET", "/v1/imports/{id}/undo", "What taking it back would do.", UndoPlan, right=_FILES),
    Way("POST", "/v1/imports/{id}/undo", "Take it back.", ImportRow, right=_FILES),
    Way("GET", "/v1/imports/{id}/rejected", "The rows not taken, to put right and bring again.", bytes,
        query=_Rejected, right=_FILES, media=BYTES),
)  # fmt: skip
FIGURES_WAY = Way("GET", "/metrics", "Figures for Prometheus, at a door of their own.", str, media=FIGURES)


_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[ -~]+$"},
}
_ABOUT = (
    "JSON in UTF-8. Bodies may be packed (`Content-Encoding: gzip`); they count unpacked and are nested "
    f"{DEPTH} deep at most. Fields nobody knows are left alone. What cannot be is answered with a `Stop`: a "
    "code and a sentence; 429 and 503 say when to ask again. Below `/api` is the way in for other systems: "
    "with a key from the settings, problems as RFC 9457 has them, pages that go on after `next`, and an "
    "`Idempotency-Key` with everything that is reported: the same key again is answered as it was."
)


def document(version: str, ways: Sequence[Way] = (*WAYS, *SYSTEM_WAYS)) -> dict[str, Any]:
    """Return the description of every way in."""
    kinds = [kind for way in ways for kind in (way.says, way.asks) if kind not in {None, bytes}]
    schemas, components = msgspec.json.schema_components(
        [Stop, Problem, FIGURES_WAY.says, *kinds], ref_template="#/components/schemas/{name}"
    )
    stop, problem, figures, *told = schemas
    left, paths = iter(told), dict[str, dict[str, Any]]()
    for way in ways:
        schema = {kind: next(left) for kind in ("says", "asks") if getattr(way, kind) not in {None, bytes}}
        paths.setdefault(way.path, {})[way.method.lower()] = _operation(way, schema)
    door = {"url": "http://127.0.0.1:9465", "description": "hub --metrics"}
    paths[FIGURES_WAY.path] = {"servers": [door], "get": _operation(FIGURES_WAY, {"says": figures})}
    why = "Why this cannot be, in a sentence."
    return {
        "openapi": "3.1.0",
        "info": {"title": "Docket hub", "version": version, "description": _ABOUT},
        "paths": paths,
        "security": [{"token": []}],
        "components": {
            "schemas": components,
            "responses": {
                "Stop": {"description": why, "content": {JSON: {"schema": stop}}},
                "Problem": {"description": why, "content": {PROBLEM: {"schema": problem}}},
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "key": {"type": "http", "scheme": "bearer", "description": "A key from the settings."},
            },
        },
    }


def _operation(way: Way, schema: dict[str, Any]) -> dict[str, Any]:
    """Return one operation; what travels as bytes has no schema."""
    place = f"{way.method} {way.path.removeprefix('/v1')}".lower()
    said = {"description": way.about, "content": {way.media: {"schema": schema.get("says", {})}}}
    refused = {"$ref": f"#/components/responses/{'Problem' if way.is_system else 'Stop'}"}
    made: dict[str, Any] = {
        "operationId": re.sub("[^a-z0-9]+", "_", place).strip("_"),
        "summary": way.about,
        "parameters": [*_in_path(way.path), *_in_query(way.query)],
        "responses": {str(way.status): said, "default": refused},
    }
    if way.asks is not None:
        media = BYTES if way.asks is bytes else JSON
        most = f"At most {way.most} bytes."
        made["requestBody"] = {
            "required": True, "description": most, "content": {media: {"schema": schema.get("asks", {})}},
        }  # fmt: skip
    if way.right:
        made["description"] = f"For who holds the {'scope' if way.is_system else 'right'} `{way.right}`."
    if way.is_system:
        made["security"] = [{"key": []}]
        if way.asks is not None:
            made["parameters"].append(_IDEMPOTENCY)
    if way.is_open:
        made["security"] = []
    return made


def _in_path(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        kind = Count if name == "at" else Part
        yield {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(kind)}


def _in_query(query: type[msgspec.Struct] | None) -> Iterator[dict[str, Any]]:
    if query is None:
        return
    told = msgspec.json.schema(query)["$defs"][query.__name__]
    for name, schema in told["properties"].items():
        yield {"name": name, "in": "query", "required": name in told["required"], "schema": schema}
