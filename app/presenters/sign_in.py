"""Who sits down at this desk."""

from __future__ import annotations

import msgspec

from app.desk import Desk, Screen
from app.domain.company import User
from app.ports import Replica, Views
from app.text import N_, Text
from app.trouble import Trouble

NOT_LET_IN = N_("This PC is not let in. Ask your administrator.")


class State(msgspec.Struct, frozen=True, kw_only=True):
    people: tuple[User, ...] = ()
    """Colleagues known to this desk."""
    user: str = ""
    notice: Text | None = None
    """Why nobody sits here yet, and what to do."""
    is_busy: bool = False
    is_done: bool = False
    wants_new: bool = False
    """The person chooses another password at the door: theirs was a first one, or they asked to."""
    must_change: bool = False
    """Theirs was a first one: without another nobody sits down."""
    waits: bool = False
    """This PC is new: it waits until somebody lets it in."""
    demo_password: str = ""
    """Shown on the page of the demo company only; empty elsewhere."""
    hub: str = ""
    """The address of the central hub; empty for the hub of this PC."""
    is_practice: bool = False
    """Somebody practises here already: there is no other hub and no other practice."""
    link: str = "starting"
    """How the desk stands to the hub: online | weak | offline | starting."""

    @property
    def is_demo(self) -> bool:
        """This desk shows the made-up company."""
        return bool(self.demo_password)


class SignIn(Screen[State]):
    """Verbs of the sign-in page."""

    def __init__(
        self,
        desk: Desk,
        *,
        hub: str = "",
        demo_people: tuple[User, ...] = (),
        demo_password: str = "",
        is_practice: bool = False,
    ) -> None:
        known = State(people=demo_people, demo_password=demo_password, hub=hub, is_practice=is_practice)
        super().__init__(desk, known)

    async def refresh(self) -> None:
        """Show the people of this desk, the last one first."""
        last = await self.desk.keep(Replica.setting, "last_user")
        people = tuple(await self.desk.look(Views.people))
        people = people or self.state.people
        self.show(msgspec.structs.replace(self.state, people=people, user=self.state.user or last))

    def look(self) -> None:
        """See whether the hub is there; cheap, asked every second."""
        link = self.desk.link().state
        if link != self.state.link:
            self.show(msgspec.structs.replace(self.state, link=link))

    async def ask_in(self) -> None:
        """See whether this PC has been let in meanwhile; the person then types their password again."""
        try:
            state = await self.desk.enrolment()
        except Trouble:
            return  # asked again soon
        if self.state.waits and state != "waits":
            self.show(msgspec.structs.replace(self.state, waits=False))
            said = N_("This PC is let in. Type your password.") if state == "approved" else NOT_LET_IN
            self._say(Text(said))

    def choose(self, user: str) -> None:
        """Point at the one who sits down."""
        if user != self.state.user:
            self.show(
                msgspec.structs.replace(
                    self.state, user=user, notice=None, wants_new=False, must_change=False
                )
            )

    def change_password(self) -> None:
        """Ask for another password beside the present one, or leave it."""
        wants_new = not self.state.wants_new
        self.show(msgspec.structs.replace(self.state, wants_new=wants_new, must_change=False, notice=None))

    async def speak(self, language: str) -> None:
        """Remember the language of this desk."""
        await self.desk.keep(Replica.set_setting, "language", language)

    async def enter(self, user: str, password: str, new_password: str = "", again: str = "") -> None:
        """Sign in; a refusal says what to do. A new password is typed twice."""
        if not user.strip() or not password:
            self._say(Text(N_("Type your name and your password.")))
            return
        if self.state.wants_new and (not new_password or new_password != again):
            self._say(Text(N_("Type the new password twice, the same both times.")))
            return
        new_password = new_password if self.state.wants_new else ""
        self.show(msgspec.structs.replace(self.state, is_busy=True, notice=None, user=user))
        try:
            await self.desk.sign_in(user.strip(), password, new_password)
        except Trouble as trouble:
            must_change = self.state.must_change or trouble.code == "new_password"
            found = {"wants_new": self.state.wants_new or must_change, "must_change": must_change}
            self.show(msgspec.structs.replace(self.state, **found, waits=trouble.code == "enrol"))
            self._say(trouble.hint)
            return
        await self.desk.keep(Replica.set_setting, "last_user", user.strip())
        self.show(
            msgspec.structs.replace(
                self.state, is_busy=False, is_done=True, wants_new=False, must_change=False, waits=False
            )
        )

    def leave(self) -> None:
        """Make room for the next person; the outbox stays."""
        self.desk.sign_out()
        fresh = {"is_done": False, "is_busy": False, "notice": None, "wants_new": False, "waits": False}
        fresh |= {"must_change": False}
        self.show(msgspec.structs.replace(self.state, **fresh))

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text, is_busy=False))
