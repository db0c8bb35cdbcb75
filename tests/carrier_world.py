"""Carriers for a company of `builders`: one that goes nearly everywhere, one that goes where it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from builders import REGION, Company, receive

from app.commands.record_effect import RecordEffect
from app.domain.carrier import Carrier, NotServed
from app.domain.effect import Effect, EffectState
from app.domain.freight import Fare
from app.domain.values import Region, Role
from app.text import Text

XINJIANG = Region(province="新疆维吾尔自治区", city="乌鲁木齐市", district="天山区", verdict="accept")
QINGHAI = Region(province="青海省", city="西宁市", district="城中区", verdict="accept")
NEAR = Carrier(
    code="SJ",
    title="山脊快运",
    services=("标准快递", "次日达"),
    fares=(Fare(first_minor=800, step_minor=200), Fare(province="青海省", first_minor=1_200, step_minor=600)),
    not_served=(
        NotServed(province="新疆维吾尔自治区"),
        NotServed(province="青海省", city="西宁市", until_on=date(2026, 6, 20)),
    ),
)
FAR = Carrier(
    code="YX",
    title="远信物流",
    services=("标准快递",),
    fares=(
        Fare(first_minor=1_000, step_minor=300),
        Fare(province="新疆维吾尔自治区", first_minor=2_200, step_minor=1_400),
    ),
)

GIVES = msgspec.structs.replace(NEAR, gives_labels=True)


def with_carriers(*carriers: Carrier, **changes: Any) -> Company:
    """Return a company whose warehouses may use these carriers, the two of this world where none is named."""
    company = Company(**changes)
    company.rows |= {("carrier", one.code): one for one in carriers or (NEAR, FAR)}
    return company


def bought(company: Company, region: Region = REGION, id: str = "o1", **changes: Any) -> None:
    """Take a paid order for a region in."""
    company.must(receive(id, region=region, **changes), Role.CHANNEL)


def released() -> Company:
    """Return a company with a released order whose carrier gives labels."""
    company = with_carriers(GIVES, FAR)
    bought(company)
    return company


def answered(company: Company, state: EffectState, ref: str = "") -> None:
    """Let the worker report what became of the label."""
    waybill = company.order().waybill
    key = waybill.key if waybill is not None else ""
    company.rows["effect", key] = Effect(key=key, kind="label", order="o1", state=EffectState.LEASED, fence=1)
    said = RecordEffect(key=key, order="o1", fence=1, state=state, text=Text("said"), ref=ref)
    company.must(said, Role.WORKER)
