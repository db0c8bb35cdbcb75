"""The hub a person chose for this desk, kept for the next start; a desk of another hub begins anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.remembered import LOOKS, remembered

CHOSEN, CA = "hub.json", "hub-ca.crt"
CA_MOST_BYTES, CHOSEN_MOST_BYTES = 1_000_000, 10_000
ADDRESS: Final = N_("Write the whole address, as your administrator gave it: https://hub.lan:8765")
NO_CA: Final = N_("{name} holds no certificate. Choose the file your administrator gave you.")
NO_HUB: Final = N_("Something answers at this address, but it is no hub. Are address and port right?")
_SAYS: Final = {
    "plain_http": N_("A hub on another PC needs an address with https."),
    "hub_refused": N_("Nobody listens at this address. Does the hub run, and is the port right?"),
    "hub_unreachable": N_("This address cannot be reached. Is it right, and is this PC on the network?"),
    "hub_slow": N_("This address does not answer in time. Is it right, and is this PC on the network?"),
    "hub_unreadable": NO_HUB,
}
UNKNOWN: Final = N_(
    "Nobody vouches for this hub's certificate. Choose the CA file your administrator gave you."
)


OTHERS_WORK: Final = N_(
    "{count} made here are not sent to {hub} yet. Start with that hub and send them, "
    "or with --same-hub if only its address has changed."
)
THIS_PC: Final = N_("the hub of this PC")


class ChosenHub(msgspec.Struct, frozen=True):
    """An empty address is the hub of this PC. `holds`: whose rows and work the desk's files are, if known."""

    url: str = ""
    ca: str = ""
    holds: str | None = None


def chosen_hub(home: Path) -> ChosenHub:
    """Return what was chosen for the desk in `home`; a file that cannot be read chose nothing."""
    try:
        with (home / CHOSEN).open("rb") as file:
            return msgspec.json.decode(file.read(CHOSEN_MOST_BYTES), type=ChosenHub)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ChosenHub()


def begin_anew(
    home: Path, url: str, *, unsent: Callable[[], int], is_same: bool = False
) -> Mapping[str, str]:
    """Throw away what this desk holds of another hub than the one at `url`; return the looks that go on.

    `is_same`: it is the hub there was, under another address.

    Raises:
        Trouble: unsent; what nobody but this desk has would be lost.
    """
    chosen, url = chosen_hub(home), url.rstrip("/")
    if chosen.holds == url:
        return {}
    looks: Mapping[str, str] = {}
    if chosen.holds is not None and not is_same:
        if count := unsent():
            hub = chosen.holds or Text(THIS_PC)
            raise Trouble("unsent", Text(OTHERS_WORK, {"count": count, "hub": hub}))
        looks = remembered(home / "desk")
        for file in (home / "desk").glob("*"):
            if file.is_file() and file.name != LOOKS:
                file.unlink()
    _write(home, msgspec.structs.replace(chosen, holds=url))
    return looks


def unsent_in(home: Path, key: bytes) -> int:
    """Return how much of what was made on the desk in `home` no hub has yet."""
    from sync.replica.outbox import Outbox

    path = home / "desk" / "work.db"
    if not path.exists():
        return 0
    with closing(Outbox(path, key=key)) as outbox:
        return outbox.waiting().count


class HubChoice:
    """Implements `app.presenters.connect.Connection` for the desk in `home`."""

    def __init__(self, home: Path, url: str, ca: str) -> None:
        self._home, self._url, self._ca = home, url, ca

    def chosen(self) -> tuple[str, str]:
        """Return what this start was told."""
        return self._url, self._ca

    def check(self, url: str, ca: str) -> None:
        """Speak to a hub.

        Raises:
            Trouble: with a sentence that says what is wrong, and what to do.
        """
        from sync.transport import Stopped, Transport
        from sync.trust import UNTRUSTED, Trust

        try:
            is_whole = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
        except ValueError:
            is_whole = False
        if not is_whole:
            raise Trouble("address", Text(ADDRESS))
        if ca:
            _certificate(Path(ca))
        try:
            transport = Transport(url, trust=Trust(ca))
            try:
                transport.health()
            finally:
                transport.close()
        except Stopped as stopped:
            raise Trouble("no_hub", Text(NO_HUB)) from stopped
        except Trouble as trouble:
            is_unknown = trouble.hint.message == UNTRUSTED
            said = UNKNOWN if is_unknown else _SAYS.get(trouble.code, "")
            raise Trouble(trouble.code, Text(said) if said else trouble.hint) from trouble

    def keep(self, url: str, ca: str) -> None:
        """Use this hub from the next start on; the file of who vouches is copied, it may be on a stick.

        Raises:
            Trouble: files cannot be written.
        """
        kept = self._home / CA
        try:
            if ca and Path(ca) != kept:
                kept.write_bytes(_certificate(Path(ca)))
            _write(self._home, ChosenHub(url, str(kept) if ca else "", holds=self._url.rstrip("/")))
        except OSError as fault:
            hint = Text(N_("The choice cannot be kept: {why}."), {"why": fault.strerror or ""})
            raise Trouble("not_kept", hint) from fault


def _certificate(path: Path) -> bytes:
    import ssl  # slow to load, and rarely needed

    no_ca = Trouble("no_ca", Text(NO_CA, {"name": path.name}))
    try:
        with path.open("rb") as file:
            content = file.read(CA_MOST_BYTES)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=content.decode("ascii"))
    except (OSError, ValueError) as fault:  # an SSLError is an OSError
        raise no_ca from fault
    return content


def _write(home: Path, chosen: ChosenHub) -> None:
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"{CHOSEN}.part"
    draft.write_bytes(msgspec.json.encode(chosen))
    draft.replace(home / CHOSEN)
