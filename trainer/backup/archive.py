"""The backup file: a tar.gz of a database's copy, the stored files and, last, a manifest with the hash of each."""

import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from trainer.errors import Refused

FORMAT = "trainer backup 1"
MANIFEST = "manifest.json"
FILE_NAME = re.compile(r"trainer_\d{8}_\d{6}\.tar\.gz")
# Nothing else is in a backup: no path that could lead out of the folder it is unpacked in.
PART = re.compile(r"database\.(?:sqlite3|dump)|files/[0-9a-f]{2}/[0-9a-f]{32}")


class BackupBroken(Refused):
    """Cut short, altered, or damaged on its disk."""

    code = "backup_broken"


class BackupForeign(Refused):
    """No backup of this system."""

    code = "backup_foreign"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `keys`: a check value for each field key, never a key."""

    made_at: str
    database: str
    server: str
    revision: str
    demonstration: bool
    tables: dict[str, int]
    keys: dict[str, str]
    missing: list[str]
    parts: dict[str, dict[str, object]] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def file_name(moment: datetime) -> str:
    return f"trainer_{moment:%Y%m%d_%H%M%S}.tar.gz"


def list_backups(folder: Path) -> list[Path]:
    """The whole ones, the oldest first."""
    return sorted(path for path in folder.glob("trainer_*.tar.gz") if FILE_NAME.fullmatch(path.name))


class Writer:
    """Adds parts to an archive and remembers their hashes."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive, self.parts = archive, {}

    def add_file(self, name: str, path: Path) -> None:
        self._archive.add(path, name, filter=_plain)
        self.parts[name] = {"sha256": _sha256(path), "size": path.stat().st_size}

    def add(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        self._archive.addfile(_plain(info), io.BytesIO(content))
        self.parts[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    def add_manifest(self, manifest: Manifest) -> None:
        """The last part: an archive without one was cut short."""
        content = json.dumps(asdict(manifest) | {"parts": dict(self.parts)}, ensure_ascii=False, indent=1)
        self.add(MANIFEST, content.encode())


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.mode, info.uid, info.gid, info.uname, info.gname = 0o600, 0, 0, "", ""
    return info


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """The archive appears under its name only when it is whole and on the disk; readable by its owner alone."""
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def unpack(path: Path, folder: Path) -> Manifest:
    """Into `folder`, every hash compared. Raises BackupForeign, BackupBroken."""
    if not path.is_file():
        raise BackupForeign(name=path.name)
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _unpack(archive, folder, path.name)
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, TypeError, KeyError):
        raise (BackupBroken if _is_compressed(path) else BackupForeign)(name=path.name) from None


def _is_compressed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _unpack(archive: tarfile.TarFile, folder: Path, name: str) -> Manifest:
    found: dict[str, dict[str, object]] = {}
    for member in archive:
        if not member.isreg() or member.name in found or not (member.name == MANIFEST or PART.fullmatch(member.name)):
            raise (BackupBroken if found else BackupForeign)(name=name)
        archive.extract(member, folder, filter="data")
        if member.name == MANIFEST:
            break
        found[member.name] = {"sha256": _sha256(folder / member.name), "size": member.size}
    manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    if manifest.format != FORMAT or manifest.parts != found:
        raise ValueError("not what the manifest says")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
