"""Materials of a lesson: adding a file or an address, taking it away, putting it back; a pass that opens a file."""

from datetime import datetime, timedelta

from sqlalchemy import select

from trainer.crypto import keyring, same
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.material import MOST_OF_A_LESSON, MaterialKind, clean_name, file_type
from trainer.errors import NotFound, Refused
from trainer.models.lesson import Lesson, LessonFile
from trainer.queries.lesson_file import count_lesson_files, get_lesson_file
from trainer.services import audit
from trainer.services.file import Sealed, keep_sealed, seal
from trainer.services.picture import redraw

# Long enough to change over to the phone's own browser and to fetch a large file over a slow line.
PASS_HOLDS = timedelta(minutes=15)


class TooManyMaterials(Refused):
    code = "too_many_materials"


class PassRunOut(Refused):
    """The address was opened later than it holds, or is not one that was given out."""

    code = "material_pass_run_out"
    status = 410


def seal_material(content: bytes, file_name: str) -> Sealed:
    """Look at a file and put it into the storage, before the act that keeps it. Raises UnreadableFile."""
    found = file_type(content)
    if found.kind is MaterialKind.PICTURE:
        content = redraw(content)
    return seal(content, clean_name(file_name, found.ending), found.mime)


def add_file(lesson_id: int, title: str, sealed: Sealed, *, by: Actor, at: datetime) -> int:
    """Raises TooManyMaterials."""
    _hold_with_room(lesson_id)
    stored = keep_sealed(sealed, purpose=FilePurpose.MATERIAL, by=by, at=at)
    title = title or sealed.file_name.rpartition(".")[0]
    facts = {"file": stored.id, "sha256": sealed.sha256, "size": sealed.size}
    return _add(lesson_id, {"title": title[:120], "file_id": stored.id}, facts, by=by, at=at)


def add_link(lesson_id: int, title: str, link: str, *, by: Actor, at: datetime) -> int:
    """Raises TooManyMaterials."""
    _hold_with_room(lesson_id)
    return _add(lesson_id, {"title": title, "link": link}, {"link": link}, by=by, at=at)


def _hold_with_room(lesson_id: int) -> None:
    db.session.execute(select(Lesson.id).where(Lesson.id == lesson_id).with_for_update(key_share=True))
    if count_lesson_files(LessonFileKind.MATERIAL, lesson_id) >= MOST_OF_A_LESSON:
        raise TooManyMaterials(most=MOST_OF_A_LESSON)


def _add(lesson_id: int, values: dict, facts: dict, *, by: Actor, at: datetime) -> int:
    row = LessonFile(lesson_id=lesson_id, kind=LessonFileKind.MATERIAL, added_at=at, added_by=by.account_id, **values)
    db.session.add(row)
    db.session.flush()
    audit.record("material.add", "lesson", lesson_id, by=by, at=at, after={"material": row.id, **facts})
    return row.id


def take_away(lesson_id: int, material_id: int, *, by: Actor, at: datetime) -> None:
    """The women no longer see it; it can be put back. Raises NotFound."""
    held = _get(lesson_id, material_id)
    if held.removed_at is None:
        held.removed_at = at
        audit.record("material.remove", "lesson", lesson_id, by=by, at=at, material=material_id)


def put_back(lesson_id: int, material_id: int, *, by: Actor, at: datetime) -> None:
    """Raises NotFound, TooManyMaterials."""
    held = _get(lesson_id, material_id)
    if held.removed_at is not None:
        _hold_with_room(lesson_id)
        held.removed_at = None
        audit.record("material.put_back", "lesson", lesson_id, by=by, at=at, material=material_id)


def _get(lesson_id: int, material_id: int) -> LessonFile:
    held = get_lesson_file(LessonFileKind.MATERIAL, lesson_id, material_id)
    if held is None:
        raise NotFound()
    return held


def make_pass(material_id: int, *, at: datetime) -> str:
    """What opens one file for a while without a sign-in: WeChat hands it to a browser that knows nobody."""
    until = int((at + PASS_HOLDS).timestamp())
    return f"{until}-{_proof(material_id, until)}"


def check_pass(material_id: int, given: str, *, at: datetime) -> None:
    """Raises PassRunOut."""
    until, _dash, proof = given.partition("-")
    if not (until.isascii() and until.isdecimal() and len(until) < 12):
        raise PassRunOut()
    if at.timestamp() > int(until) or not same(proof, _proof(material_id, int(until))):
        raise PassRunOut()


def _proof(material_id: int, until: int) -> str:
    return keyring().blind_index("material pass", f"{material_id} {until}")
