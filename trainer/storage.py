"""Storage: files under random names in one folder; what they are is the database's business."""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{32}")

_folder: Path | None = None


def configure(folder: Path) -> None:
    """Set the process's folder; called once by the roof."""
    global _folder
    _folder = folder


def folder() -> Path:
    if _folder is None:
        raise RuntimeError("storage.configure has not been called")
    return _folder


def put(content: bytes) -> str:
    """Keep `content`; returns its name. It is on the disk, whole, before this returns."""
    name = secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".part").open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").rename(path)
    return name


def read(name: str) -> bytes:
    """Raises FileNotFoundError."""
    return _path(name).read_bytes()


def beginning(name: str, length: int) -> bytes:
    """Its first bytes. Raises FileNotFoundError."""
    with _path(name).open("rb") as file:
        return file.read(length)


def replace(name: str, content: bytes) -> None:
    """Other content under the same name: the old or the new is there at any moment."""
    part = _path(name).with_suffix(f".{secrets.token_hex(4)}.part")
    with part.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(_path(name))


def delete(name: str) -> None:
    """Away with it; what is not there is away already."""
    _path(name).unlink(missing_ok=True)


def names() -> Iterator[str]:
    """Every file that is kept."""
    return (path.name for path in sorted(folder().glob("??/*")) if NAME.fullmatch(path.name))


def age_seconds(name: str, *, now: float) -> float:
    """How long ago it was written; `now` in seconds of the epoch."""
    return now - _path(name).stat().st_mtime


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError("no name of a stored file")
    return folder() / name[:2] / name
