"""Token buckets: so many at once, so many more each second, and a bounded memory."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.trouble import Trouble
from sync.hub import limits
from sync.hub.limits import DEPTH, Limits, Rate, TooMany, check_depth


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    monkeypatch.setitem(limits.RATES, "pc", Rate(3, 0.5))
    return Watch()


def test_a_full_bucket_is_emptied_and_fills_again(watch: Watch):
    made = Limits(watch)
    for _ in range(3):
        made.take("pc", "one")
    with pytest.raises(TooMany) as caught:
        made.take("pc", "one")
    assert caught.value.wait_s == pytest.approx(2.0)

    watch.now_s += 2
    made.take("pc", "one")
    with pytest.raises(TooMany):
        made.take("pc", "one")


def test_one_does_not_pay_for_another(watch: Watch):
    made = Limits(watch)
    for _ in range(3):
        made.take("pc", "one")

    made.take("pc", "two")


def test_a_bucket_never_holds_more_than_it_can(watch: Watch):
    made = Limits(watch)
    made.take("pc", "one")
    watch.now_s += 1_000
    for _ in range(3):
        made.take("pc", "one")
    with pytest.raises(TooMany):
        made.take("pc", "one")


def test_however_many_ask_only_so_many_are_remembered(watch: Watch):
    made = Limits(watch, remembered=50)
    for number in range(1_000):
        made.take("pc", str(number))

    assert len(made) == 50


def test_who_is_refused_stays_refused_while_others_come(watch: Watch):
    made = Limits(watch, remembered=5)
    for _ in range(3):
        made.take("pc", "one")
    for number in range(20):
        made.take("pc", str(number))
        with pytest.raises(TooMany):
            made.take("pc", "one")


NESTED = st.recursive(
    st.text(alphabet='[]{}"\\a', max_size=8) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=30,
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth_of(one) for one in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth_of(one) for one in value), default=0)
    return 0


@given(NESTED, st.integers(0, DEPTH + 4))
@example({"": [[[]]]}, DEPTH - 3)
def test_exactly_what_is_too_deep_is_refused(value: object, more: int):
    import msgspec

    for _ in range(more):
        value = [value]
    body = msgspec.json.encode(value)
    if depth_of(value) <= DEPTH:
        check_depth(body)
    else:
        with pytest.raises(Trouble):
            check_depth(body)
