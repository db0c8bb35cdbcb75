"""First passwords over real HTTP: an administrator asks, the colleague chooses their own at the door."""

from __future__ import annotations

from test_api import Desk, served  # noqa: F401 - the fixture

CHOSEN = "the tea went cold"


def ask(desk: Desk, user: str):
    return desk.http.post(f"{desk.url}/v1/first_password", json={"user": user})


def sign_in(desk: Desk, password: str, new: str = ""):
    return desk.sign_in(password, new)


def test_the_road_of_a_first_password(served):  # noqa: F811
    admin, clerk = served("admin"), served("clerk")

    given = ask(admin, "clerk")
    first = given.json()["password"]

    assert given.status_code == 200
    assert clerk.pull(cursor=0).status_code == 401
    assert (sign_in(clerk, first).status_code, sign_in(clerk, first).json()["code"]) == (403, "new_password")
    assert sign_in(clerk, first, "short").json()["code"] == "weak_password"
    assert sign_in(clerk, first, CHOSEN).status_code == 200
    assert sign_in(clerk, CHOSEN).status_code == 200


def test_a_clerk_gets_no_password_for_anybody(served):  # noqa: F811
    refused = ask(served("clerk"), "lead")

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "password" not in refused.json()
