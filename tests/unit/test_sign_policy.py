"""Who may sign which review is data of the company; the refusal names who may."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.command import Refusal
from app.commands.set_sign_policy import SetSignPolicy
from app.commands.sign_off import SignOff
from app.domain.company import GRANTS, User
from app.domain.sign_policy import SignPolicy, lacks_other_role
from app.domain.values import Actor, Role
from tests.builders import NIGHT, Company, line

ROLE_OF = {"an": Role.REVIEWER, "bo": Role.REVIEWER, "lea": Role.LEAD, "mo": Role.LEAD}


def company(*policies: SignPolicy) -> Company:
    made = Company(now=NIGHT)
    for code, role in ROLE_OF.items():
        made.rows["user", code] = User(code=code, title=code.title(), role=role)
    made.set_rules(review_above_minor=1)
    for policy in policies:
        made.must(SetSignPolicy(policy=policy), Role.LEAD)
    made.receive("o1", lines=(line(qty=4),))
    return made


def sign(made: Company, who: str) -> str:
    actor = Actor(who, ROLE_OF[who], GRANTS[ROLE_OF[who]])
    command = SignOff(order="o1", content_hash=made.order("o1").content_hash, read_ms=9_000)
    done = made.do(command, actor)
    return done.code if isinstance(done, Refusal) else ""


def test_without_a_policy_whoever_holds_the_right_signs():
    made = company()

    assert [sign(made, who) for who in ("an", "bo")] == ["", ""]


@pytest.mark.parametrize(
    ("policy", "an", "lea"),
    [
        (SignPolicy(code="L", title="Large", roles=("lead",)), "not_signer", ""),
        (SignPolicy(code="L", title="Large", roles=("lead",), people=("an",)), "", ""),
        (SignPolicy(code="L", title="Large", roles=("lead",), least_minor=10**9), "", ""),
        (SignPolicy(code="L", title="Large", roles=("lead",), below_minor=2), "", ""),
        (SignPolicy(code="L", title="Large", roles=("lead",), when="day"), "", ""),
        (SignPolicy(code="L", title="Large", roles=("lead",), when="night"), "not_signer", ""),
    ],
)
def test_amount_and_time_say_whom_it_holds_for(policy, an, lea):
    made = company(policy)

    assert (sign(made, "an"), sign(made, "lea")) == (an, lea)


def test_the_refusal_names_who_may():
    made = company(SignPolicy(code="L", title="Large", roles=("lead",), people=("bo",)))
    actor = Actor("an", Role.REVIEWER, GRANTS[Role.REVIEWER])
    done = made.do(SignOff(order="o1", content_hash=made.order("o1").content_hash), actor)

    assert isinstance(done, Refusal)
    assert done.text.params["policy"] == "Large"
    assert [str(one) for one in said(done.text.params["who"])] == ["Lead", "Bo"]


def said(text):
    """Every name in a listed text."""
    found = [one for one in text.params.values() if not isinstance(one, int)]
    return [name for one in found for name in (said(one) if getattr(one, "params", None) else [one.message])]


def test_all_policies_that_fit_must_let_whoever_signs():
    made = company(
        SignPolicy(code="A", title="A", roles=("reviewer", "lead")),
        SignPolicy(code="B", title="B", roles=("lead",), when="night"),
    )

    assert (sign(made, "an"), sign(made, "lea")) == ("not_signer", "")


def test_two_signatures_are_of_two_roles_where_that_is_asked():
    made = company(SignPolicy(code="T", title="Two", other_role=True))

    assert [sign(made, who) for who in ("an", "bo", "lea")] == ["", "other_role", ""]
    assert {one.user for one in made.order("o1").signatures} == {"an", "lea"}


def test_a_third_who_decides_may_be_of_either_role():
    users = {code: User(code=code, title=code, role=role) for code, role in ROLE_OF.items()}

    assert not lacks_other_role("reviewer", ("an", "lea"), 2, users)
    assert lacks_other_role("reviewer", ("an",), 2, users)
    assert not lacks_other_role("reviewer", (), 2, users)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roles": ("king",)}, "bad_role"),
        ({"people": ("nobody",)}, "unknown_user"),
        ({"least_minor": 5, "below_minor": 5}, "bad_amount"),
        ({"when": "dawn"}, "bad_time"),
        ({"roles": ()}, "nobody"),
        ({"title": ""}, "bad_title"),
        ({"code": "a b"}, "bad_code"),
    ],
)
def test_what_makes_no_sense_is_not_published(changes, code):
    policy = msgspec.structs.replace(SignPolicy(code="L", title="Large", roles=("lead",)), **changes)

    done = company().do(SetSignPolicy(policy=policy), Role.LEAD)

    assert isinstance(done, Refusal)
    assert done.code == code


def test_only_who_may_publishes_and_what_is_new_goes_out_of_use_when_taken_back():
    made = company()
    asked = SetSignPolicy(policy=SignPolicy(code="L", title="L", roles=("lead",)))
    refused = made.do(asked, Role.REVIEWER)
    back = engine.inverse_of(asked, made.facts(asked, Actor("lea", Role.LEAD, GRANTS[Role.LEAD])))
    made.must(asked, Role.LEAD)
    made.must(back, Role.LEAD)

    assert isinstance(refused, Refusal)
    assert refused.code == "not_allowed"
    assert not made.rows["sign_policy", "L"].active
    assert sign(made, "an") == ""
