"""Screenshots of typed broadcasts: drawn anew, kept with the entry, compared with all that came before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import delete, or_, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.domain.retention import YEAR
from trainer.models.file import StoredFile
from trainer.models.sales import Shop
from trainer.models.sales_entry import PictureTwin, SalesEntry
from trainer.services import reading_room
from trainer.services.file import keep_file
from trainer.services.picture import redraw
from trainer.services.picture_look import KeptLook, Look, find_twins, look_at

# With how many of those that came before a picture is compared.
MOST_PICTURES = 20_000


@dataclass(frozen=True)
class Picture:
    """A screenshot drawn anew, and how it looks."""

    content: bytes
    look: Look


def take_picture(file: BinaryIO | None) -> Picture | None:
    """What a form sent, before any transaction. None where nothing was sent. Raises UnreadableFile, ReadersBusy."""
    if not file:
        return None
    with reading_room.place():
        content = redraw(file.read())
        return Picture(content, look_at(content))


def keep_picture(entry: SalesEntry, shop: Shop, picture: Picture, *, keep_years: int, by: Actor, at: datetime) -> None:
    """With the entry, in the place of an earlier one, which goes unless it was handed in before."""
    if entry.submitted_at is None:
        drop_picture(entry)
    keep = {"person_id": shop.person_id, "expires_at": at + timedelta(days=keep_years * YEAR)}
    name = f"broadcast-{entry.id}.jpg"
    kept = keep_file(picture.content, name, "image/jpeg", purpose=FilePurpose.SALES_PICTURE, by=by, at=at, **keep)
    entry.picture_id, entry.picture_hash, entry.picture_look = kept.id, picture.look.far, picture.look.near
    db.session.flush()
    _note_twins(entry, picture.look)


def drop_picture(entry: SalesEntry) -> None:
    """Its content goes with the nightly sweep."""
    _forget_twins(entry)
    gone, entry.picture_id = entry.picture_id, None
    db.session.flush()
    db.session.execute(delete(StoredFile).where(StoredFile.id == gone))


def _forget_twins(entry: SalesEntry) -> None:
    of_it = or_(PictureTwin.entry_id == entry.id, PictureTwin.other_id == entry.id)
    db.session.execute(delete(PictureTwin).where(of_it))


def _note_twins(entry: SalesEntry, look: Look) -> None:
    _forget_twins(entry)
    others = db.session.execute(
        select(SalesEntry.id, SalesEntry.picture_hash, SalesEntry.picture_look)
        .where(SalesEntry.picture_look.is_not(None), SalesEntry.id != entry.id)
        .order_by(SalesEntry.id.desc())
        .limit(MOST_PICTURES)
    )
    twins = find_twins(look, [KeptLook(*row) for row in others])
    db.session.add_all(PictureTwin(entry_id=entry.id, other_id=id_) for id_ in twins)
