"""A folder behind SFTP. Its server shows the host key that was written down, or nothing is said to it.

One visit opens one line and closes it; each is bounded in time, and so is what is read.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncssh

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.dropping.folder import LIST_MOST, Lying, free_name, is_ours, shown
from sync.import_wire import FILE_BYTES

CONNECT_S = 15.0
VISIT_S = 300.0
FETCH_S = 3_600.0
QUIET_S = 60.0
"""A file that comes slowly is waited for, one of which nothing comes is not."""
CHUNK = 256 * 1024
T = TypeVar("T")
_UNREAD = N_("The keys for {host} cannot be read. Look at the file of folders.")
_GONE = N_("{host} cannot be reached. The hub tries again.")
_SAID: tuple[tuple[type[Exception], str], ...] = (
    (
        asyncssh.HostKeyNotVerifiable,
        N_("{host} shows another host key than the one written down. Ask who keeps it."),
    ),
    (asyncssh.PermissionDenied, N_("{host} does not let the hub in. Check user and key.")),
    (asyncssh.SFTPConnectionLost, _GONE),
    (asyncssh.SFTPNoConnection, _GONE),
    (TimeoutError, N_("{host} is too slow or stands still. The hub tries again.")),
    (asyncssh.SFTPError, N_("The folder at {host} cannot be used. Let its account read and move files.")),
    (ValueError, _UNREAD),
    (FileNotFoundError, _UNREAD),
    (PermissionError, _UNREAD),
    (Exception, _GONE),
)
"""What each fault means, the first that fits."""


class SftpFolder:
    """One folder of one account. `host_key`: as in known_hosts, `ssh-ed25519 AAAA…`."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        path: str,
        host_key: str,
        *,
        password: str = "",
        key_file: str = "",
    ) -> None:
        self._host, self._port, self._user, self._path = host, port, user, path.rstrip("/") or "."
        self._host_key, self._password, self._key_file = host_key, password, key_file

    def lying(self) -> Sequence[Lying]:
        """Return the files in it, by name."""
        return self._visit(self._lying)

    def fetch(self, name: str, to: Path) -> None:
        """Copy one; no more than a file may have is read, whatever it claims."""

        async def copy(sftp: asyncssh.SFTPClient) -> None:
            have = 0
            async with sftp.open(f"{self._path}/{name}", "rb") as file:
                with to.open("wb") as here:
                    while part := await asyncio.wait_for(file.read(CHUNK), QUIET_S):
                        have += len(part)
                        if have > FILE_BYTES:
                            words = N_("{name} is larger than 500 MB. Split it.")
                            raise Trouble("too_large", Text(words, {"name": shown(name)}))
                        here.write(cast("bytes", part))

        self._visit(copy, FETCH_S)

    def put_away(self, name: str, where: str) -> None:
        """Move one into a folder beside the others, over nothing that lies there."""

        async def move(sftp: asyncssh.SFTPClient) -> None:
            room = f"{self._path}/{where}"
            await sftp.makedirs(room, exist_ok=True)
            taken = [str(one) for one in await sftp.listdir(room)]
            await sftp.rename(f"{self._path}/{name}", f"{room}/{free_name(name, taken)}")

        self._visit(move)

    async def _lying(self, sftp: asyncssh.SFTPClient) -> Sequence[Lying]:
        found = []
        async for entry in sftp.scandir(self._path):
            name, at = str(entry.filename), entry.attrs
            kind = at.permissions
            is_file = kind is None or stat.S_ISREG(kind) or not stat.S_IFMT(kind)
            if is_ours(name) and "/" not in name and is_file:
                found.append(Lying(name, at.size or 0, float(at.mtime or 0)))
            if len(found) >= LIST_MOST:
                break
        return sorted(found)

    def _visit(
        self, work: Callable[[asyncssh.SFTPClient], Coroutine[Any, Any, T]], most_s: float | None = None
    ) -> T:
        """Open a line, do something, close it.

        Raises:
            Trouble: what is wrong with server, keys or folder, and what to do.
        """
        try:
            return asyncio.run(asyncio.wait_for(self._on_a_line(work), most_s or VISIT_S))
        except Trouble:
            raise
        except (asyncssh.Error, OSError, ValueError, TimeoutError) as fault:
            said = next(words for kind, words in _SAID if isinstance(fault, kind))
            raise Trouble("folder", Text(said, {"host": self._host}), retry=True) from fault

    async def _on_a_line(self, work: Callable[[asyncssh.SFTPClient], Coroutine[Any, Any, T]]) -> T:
        known = asyncssh.import_known_hosts(f"{_named(self._host, self._port)} {self._host_key}\n")
        line = asyncssh.connect(
            self._host,
            self._port,
            username=self._user,
            password=self._password or None,
            client_keys=[self._key_file] if self._key_file else None,
            known_hosts=known,
            config=None,
            agent_path=None,
            connect_timeout=CONNECT_S,
            login_timeout=CONNECT_S,
        )
        async with line as connected, _sftp(connected) as sftp:
            return await work(sftp)


def _sftp(connected: asyncssh.SSHClientConnection) -> Any:
    """Speak SFTP; names that are no UTF-8 are kept as they are."""
    return connected.start_sftp_client(path_errors="surrogateescape")


def _named(host: str, port: int) -> str:
    return f"[{host}]:{port}" if port != 22 else host
