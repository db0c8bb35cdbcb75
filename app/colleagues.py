"""Who may sign on the screen of another, as far as this desk knows; the hub has the last word."""

from __future__ import annotations

import msgspec

from app.command import Command, Refs, Refusal
from app.desk import Desk
from app.domain.company import grants_of
from app.domain.presence import PREFIX, AskPresence, digest_of
from app.engine import spec_of
from app.ports import Login, Submitted
from app.text import N_, Text
from app.trouble import Trouble

NOT_BESIDE = N_("A second person signs here only with the hub. Offline they sign in with their password.")


def beside(refs: Refs, user: str, command: str) -> tuple[Login, ...]:
    """Return who else may give `command`, by name, as whom the screen is looked at meanwhile.

    Such a login opens nothing: what is given goes under the one the hub makes for it.
    """
    found = []
    for one in refs.users.values():
        grants = grants_of(one, refs.grants.get(one.code))
        if one.code != user and command in grants:
            found.append(Login(login_id=f"{PREFIX}{one.code}", user=one, grants=grants))
    return tuple(sorted(found, key=lambda login: (login.user.title, login.user.code)))


async def submit_beside(
    desk: Desk, command: Command, user: str, secret: str, because: str = "", seen_ver: int | None = None
) -> Submitted:
    """Do `command` as a colleague who stands here too; whoever is signed in stays so.

    The hub checks the PIN or badge and lets exactly this command be theirs: without it nobody signs here.
    """
    code = spec_of(command).code
    digest = digest_of(code, msgspec.json.encode(command))
    asked = AskPresence(user=user, secret=secret, command=code, digest=digest)
    if desk.link().state == "offline":
        return Submitted(refusal=Refusal("offline", Text(NOT_BESIDE)))
    try:
        known = await desk.ask_hub(lambda hub: hub.present(asked))
    except Trouble as trouble:
        hint = Text(NOT_BESIDE) if trouble.code == "hub_unreachable" else trouble.hint
        return Submitted(refusal=Refusal(trouble.code, hint))
    theirs = Login(login_id=known.login, user=known.user, grants=known.grants)
    return await desk.submit(command, because, seen_ver, theirs)
