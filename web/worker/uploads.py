"""Uploaded files that are to be checked. Each file is encrypted, and only its sender may see it.

The files are on disk and not in memory, because correcting a hundred rows may take longer than a
server runs. A file that is not imported is deleted after a week.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from domain.kernel.codes import DateOrder
from domain.kernel.decoding import decoder

#: Time for which a file is stored for its sender.
WAITS = timedelta(days=7)
#: The largest number of files that are stored for one person.
MOST = 20


class UploadKeys(Protocol):
    """The interface of the store's keys, which encrypt uploaded files."""

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Return the bytes encrypted, so that they can be decrypted only with the same context."""
        ...

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """Return the decrypted bytes, which were encrypted with this context."""
        ...


class CorrectedRow(msgspec.Struct, frozen=True):
    """A row of an uploaded file that was corrected on the screen: its place in the file, and its
    new cells by heading."""

    form: str
    sheet: str | None
    row: int | None
    cells: dict[str, str]


class UploadDetails(msgspec.Struct):
    """What the user set for an uploaded file. `columns` are the headings in the file, by the field
    that each fills. `mended` are corrected rows, by the command id of the row. `picked` are the
    conversations to import, each named by the person with whom the phone's owner had it. `dates` is
    the order of day and month in dates, and `phone` the number of the phone, if the file says
    neither."""

    id: str
    owner: str
    name: str
    at: datetime
    form: str = "auto"
    case: str | None = None
    heard_from: str | None = None
    relation: str | None = None
    columns: dict[str, str] = {}
    mended: dict[str, CorrectedRow] = {}
    picked: list[str] = []
    dates: DateOrder | None = None
    phone: str | None = None


class UploadStore(Struct, frozen=True):
    """The uploaded files, in a directory of their own under the store's home."""

    root: Path
    keys: UploadKeys
    passing: Callable[[], AbstractContextManager[Path]]
    """A function that returns an empty temporary directory."""

    def put(self, sent: UploadDetails, content: bytes) -> None:
        """Store an uploaded file with its details, and delete files that are too old."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(sent.at - WAITS)
        self.say(sent)
        self._write(sent.id, "file", content)

    def say(self, sent: UploadDetails) -> None:
        """Store the sender's settings for an uploaded file, in place of the older settings for
        it."""
        self._write(sent.id, "told", msgspec.json.encode(sent))

    def list_files(self, owner: str) -> list[UploadDetails]:
        """Return a person's files that are not imported yet, newest first."""
        if not self.root.is_dir():
            return []
        uploads = [self.get(owner, path.stem) for path in self.root.glob("*.told")]
        return sorted(
            (upload for upload in uploads if upload), key=lambda one: one.at, reverse=True
        )

    def get(self, owner: str, upload_id: str) -> UploadDetails | None:
        """Return a file that this sender uploaded; None if the sender uploaded no such file."""
        if len(upload_id) != 32 or not upload_id.isalnum():
            return None
        sent = self._told(upload_id)
        return sent if sent and sent.owner == owner else None

    @contextmanager
    def opened(self, sent: UploadDetails) -> Iterator[Path]:
        """Yield the decrypted file under its own name, while it is read."""
        with self.passing() as directory:
            path = directory / sent.name
            path.write_bytes(self._read(sent.id, "file"))
            yield path

    def drop(self, sent: UploadDetails) -> None:
        """Delete a file that was imported, or is no longer wanted."""
        for kind in ("file", "told"):
            (self.root / f"{sent.id}.{kind}").unlink(missing_ok=True)

    def _told(self, upload_id: str) -> UploadDetails | None:
        if not (self.root / f"{upload_id}.file").is_file():
            return None
        try:
            return decoder(UploadDetails)(self._read(upload_id, "told"))
        except OSError:
            return None

    def _sweep(self, oldest: datetime) -> None:
        """Delete files that are too old, and incomplete files left by a crash."""
        for path in self.root.glob("*.file"):
            sent = self._told(path.stem)
            if sent is None or sent.at < oldest:
                (self.root / f"{path.stem}.told").unlink(missing_ok=True)
                path.unlink(missing_ok=True)

    def _write(self, upload_id: str, kind: str, plain: bytes) -> None:
        path = self.root / f"{upload_id}.{kind}"
        partial = path.with_suffix(f".{secrets.token_hex(4)}")
        partial.touch(mode=0o600)
        partial.write_bytes(self.keys.seal(plain, f"tray/{upload_id}/{kind}".encode()))
        partial.replace(path)

    def _read(self, upload_id: str, kind: str) -> bytes:
        sealed = (self.root / f"{upload_id}.{kind}").read_bytes()
        return self.keys.unseal(sealed, f"tray/{upload_id}/{kind}".encode())


def new_name() -> str:
    """Return a new id that cannot be guessed."""
    return secrets.token_hex(16)


def plain_name(text: str | None) -> str:
    """Return a file's name, without a path and without characters that change the text direction of
    a page."""
    name = Path((text or "").replace("\\", "/")).name
    printable = "".join(char for char in name if char.isprintable() and char not in '<>:"|?*')
    return printable.strip(". ")[-120:] or "file"
