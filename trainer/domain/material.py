"""Materials of a lesson: which files may be given to the women, known by their content, and how they are named."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum

from trainer.errors import UnreadableFile

# Kept in memory while it is read and handed out; what is longer belongs behind a link.
LARGEST = 30 << 20
MOST_OF_A_LESSON = 20


class MaterialKind(StrEnum):
    """What a file is, as far as opening it goes."""

    PDF = "pdf"
    PICTURE = "picture"
    WORD = "word"
    EXCEL = "excel"
    POWERPOINT = "powerpoint"
    VIDEO = "video"
    LINK = "link"


K = MaterialKind
OFFICE = frozenset({K.WORD, K.EXCEL, K.POWERPOINT})
# Shown by the browser itself; everything else is saved to the phone, and opened there by another program.
SHOWN = frozenset({K.PDF, K.PICTURE})


@dataclass(frozen=True)
class FileType:
    kind: MaterialKind
    ending: str
    mime: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
TYPES = (
    FileType(K.PDF, "pdf", "application/pdf"),
    FileType(K.PICTURE, "jpg", "image/jpeg"),
    FileType(K.WORD, "docx", _OPEN_XML + "wordprocessingml.document"),
    FileType(K.EXCEL, "xlsx", _OPEN_XML + "spreadsheetml.sheet"),
    FileType(K.POWERPOINT, "pptx", _OPEN_XML + "presentationml.presentation"),
    FileType(K.WORD, "doc", "application/msword"),
    FileType(K.EXCEL, "xls", "application/vnd.ms-excel"),
    FileType(K.POWERPOINT, "ppt", "application/vnd.ms-powerpoint"),
    FileType(K.VIDEO, "mp4", "video/mp4"),
)
BY_ENDING = {one.ending: one for one in TYPES}
BY_MIME = {one.mime: one for one in TYPES}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OPEN_XML_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
# Names of the main stream in the older files of Office, as their directory spells them.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_PARTS = {"WordDocument": "doc", "Workbook": "xls", "PowerPoint Document": "ppt"}
_MACROS = "_VBA_PROJECT"
_FILMS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash"})
UNFIT = re.compile(r'[\\/:*?"<>|]+')


def file_type(content: bytes) -> FileType:
    """What the content is, whatever its name says.

    Raises UnreadableFile: material_empty, material_too_large (most, in MB), material_type, material_macros.
    """
    if not content:
        raise UnreadableFile("material_empty")
    if len(content) > LARGEST:
        raise UnreadableFile("material_too_large", most=LARGEST >> 20)
    ending = _ending(content)
    if ending is None:
        raise UnreadableFile("material_type")
    return BY_ENDING[ending]


def _ending(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "jpg"  # whatever it was: it is drawn anew
    if content[4:8] == b"ftyp":
        return "mp4" if content[8:12] in _FILMS else None
    if content.startswith(b"PK\x03\x04"):
        return _open_xml_ending(content)
    if content.startswith(_OLD_OFFICE):
        return _old_ending(content)
    return None


def _open_xml_ending(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile("material_macros")
    return next((ending for part, ending in _OPEN_XML_PARTS.items() if part in names), None)


def _old_ending(content: bytes) -> str | None:
    if _MACROS.encode("utf-16-le") in content:
        raise UnreadableFile("material_macros")
    return next((ending for part, ending in _OLD_PARTS.items() if part.encode("utf-16-le") in content), None)


def clean_name(name: str, ending: str) -> str:
    """The name without folders, signs that no file system takes or that turn a text round, and with its true ending."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", UNFIT.sub(" ", visible))
    stem = " ".join(stem.split()).strip(". ")[:80] or "material"
    return f"{stem}.{ending}"
