"""Sales files on their way in: handed in together, kept sealed, read into a preview, or refused and let go."""

import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import TaskKind
from trainer.domain.file import FilePurpose
from trainer.domain.imports import BatchState
from trainer.domain.people import mask_numbers
from trainer.domain.sales_upload import (
    HELD,
    KEPT_FOR,
    MAPPABLE,
    MOST_FILES,
    TO_READ,
    TooManyFiles,
    UploadClosed,
    UploadState,
)
from trainer.errors import NotFound, Refused, UnreadableFile
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch
from trainer.models.sales import Shop
from trainer.models.sales_upload import SalesUpload
from trainer.queries.sales_upload import find_shops
from trainer.services import audit, sales
from trainer.services.background_task import ask_for_task
from trainer.services.file import Sealed, keep_sealed, read_stored, seal
from trainer.services.sales_mapping import remembered
from trainer.services.shop_lock import hold_living_shop

ANY_MIME = "application/octet-stream"


@dataclass(frozen=True)
class Arrived:
    """A file as it came; `sealed` is None where the very same one was taken in before and need not be kept."""

    filename: str
    sha256: str
    sealed: Sealed | None


@dataclass(frozen=True)
class Begun:
    """A file that is being read."""

    id: int
    shop_id: int | None
    platform: str | None
    filename: str
    stored_as: str


def receive(shop_id: int | None, files: Iterable[tuple[str, bytes]], *, count: int) -> list[Arrived]:
    """Put (name, content) into the storage, one after the other, before the transaction that hands them in: the same
    file twice is one, and one that was taken in already is not kept. Raises TooManyFiles."""
    if count > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    arrived: dict[str, Arrived] = {}
    for name, content in files:
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in arrived:
            sealed = None if _is_taken_in(shop_id, sha256) else seal(content, name, ANY_MIME)
            arrived[sha256] = Arrived(name, sha256, sealed)
    return list(arrived.values())


def _is_taken_in(shop_id: int | None, sha256: str) -> bool:
    taken_in = select(ImportBatch.id).where(
        ImportBatch.shop_id == shop_id, ImportBatch.sha256 == sha256, ImportBatch.state == BatchState.COMMITTED
    )
    return shop_id is not None and db.session.scalar(taken_in.limit(1)) is not None


def hand_in(
    shop_id: int | None, files: Sequence[Arrived], *, refused: Refused | None = None, by: Actor, at: datetime
) -> str:
    """One bundle of files, for a shop or for whomever each of them names; a task will read them. Returns the bundle.

    `refused`: why the only one could not be read, where that was tried already.
    """
    bundle = secrets.token_urlsafe(12)
    owner = hold_living_shop(shop_id).person_id if shop_id else None
    made = [_upload(shop_id, bundle, file, owner, by=by, at=at) for file in files]
    if refused is not None:
        _note(made[0], refused)
    db.session.add_all(made)
    db.session.flush()
    _ask(bundle, [upload.id for upload in made if upload.state is UploadState.WAITING], by=by, at=at)
    digests = [file.sha256 for file in files]
    audit.record("sales_upload.create", "sales_upload", bundle, by=by, at=at, shop=shop_id, files=digests)
    return bundle


def _upload(
    shop_id: int | None, bundle: str, file: Arrived, owner: int | None, *, by: Actor, at: datetime
) -> SalesUpload:
    name = mask_numbers(file.filename)[-200:]
    upload = SalesUpload(shop_id=shop_id, bundle=bundle, filename=name, sha256=file.sha256)
    upload.uploaded_at, upload.uploaded_by, upload.state = at, by.account_id, UploadState.WAITING
    if file.sealed is None:
        upload.state, upload.problem = UploadState.REFUSED, {"code": "sales_file_known", "values": {}}
    else:
        kept = {"purpose": FilePurpose.SALES_FILE, "by": by, "at": at, "expires_at": at + KEPT_FOR}
        upload.file_id = keep_sealed(file.sealed, person_id=owner, **kept).id
    return upload


def _ask(bundle: str, upload_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """One task for these files, and always a new one: a task that is about to end would not see them."""
    if not upload_ids:
        return
    key = f"{bundle} {upload_ids[0]} {secrets.token_hex(4)}"
    task = ask_for_task(TaskKind.SALES_READ, key, {"bundle": bundle, "files": len(upload_ids)}, by=by, at=at)
    quick = {"synchronize_session": False}
    db.session.execute(
        update(SalesUpload)
        .where(SalesUpload.id.in_(upload_ids))
        .values(task_id=task, state=UploadState.WAITING)
        .execution_options(**quick)
    )


def begin(upload_id: int) -> Begun | None:
    """It is being read from now on; None where nothing is left to read. A killed reading is begun anew."""
    try:
        upload = _locked(upload_id)
    except NotFound:  # erased with its owner while it waited
        return None
    stored_as = db.session.scalar(select(StoredFile.stored_as).where(StoredFile.id == upload.file_id))
    if upload.state not in TO_READ or stored_as is None:
        return None
    upload.state = UploadState.READING
    platform = db.session.scalar(select(Shop.platform).where(Shop.id == upload.shop_id))
    return Begun(upload.id, upload.shop_id, platform, upload.filename, stored_as)


@contextmanager
def opened(begun: Begun, *, at: datetime) -> Iterator[object]:
    """Its content taken apart, outside any transaction. Raises UnreadableFile and ReadersBusy."""
    with reading(io.BytesIO(read_stored(begun.stored_as)), begun.platform, at=at) as found:
        yield found


@contextmanager
def reading(content, platform: str | None, *, at: datetime) -> Iterator[object]:
    """The one place that asks the reader: whoever brings a file gets what people said of columns with it."""
    with sales.read_file(content, platform=platform, at=at, mappings=remembered(platform)) as found:
        yield found


def keep_preview(begun: Begun, found, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """What was read becomes the preview of a shop, and the content is let go; returns the names to delete from the
    storage afterwards. Where nothing tells whose it is, it waits for a person. Raises what `sales.preview` raises."""
    upload = _being_read(begun)
    if upload is None:
        return ()
    shop_id = upload.shop_id or _shop_told(upload, found.inspection, by)
    if shop_id is None:
        return ()
    upload.shop_id, upload.state, upload.problem = shop_id, UploadState.READ, None
    gone = _let_go(upload)
    upload.batch_id = sales.preview(shop_id, upload.filename, found, by=by, at=at).id
    return gone


def _being_read(begun: Begun) -> SalesUpload | None:
    """None where somebody gave it up meanwhile, or it was erased with its owner."""
    try:
        upload = _locked(begun.id)
    except NotFound:
        return None
    return upload if upload.state is UploadState.READING else None


def _shop_told(upload: SalesUpload, inspection, by: Actor) -> int | None:
    """The one shop within reach that the file names; else the file waits to be told whose it is."""
    shops = find_shops(by, inspection.platform, inspection.accounts) if inspection.accounts else []
    if len(shops) == 1:
        return shops[0]
    code = "sales_file_of_several" if shops else "sales_file_names_no_shop"
    upload.state = UploadState.TO_ASSIGN
    upload.problem = {
        "code": code if inspection.accounts else "sales_file_without_account",
        "values": {},
        "platform": inspection.platform.value,
        "accounts": [mask_numbers(name) for name in inspection.accounts],
    }
    return None


def keep_refusal(begun: Begun, refused: Refused) -> tuple[str, ...]:
    """Why it cannot be read. A file whose columns nobody knows is kept until a person says which is which; any other is
    let go: returns the names to delete from the storage afterwards."""
    upload = _being_read(begun)
    if upload is None:
        return ()
    _note(upload, refused)
    return () if upload.state in HELD else _let_go(upload)


def _note(upload: SalesUpload, refused: Refused) -> None:
    code = refused.reason if isinstance(refused, UnreadableFile) else refused.code
    values = {name: _plain(value) for name, value in refused.values.items() if name != "reason"}
    upload.problem, upload.state = {"code": code, "values": values}, UploadState.REFUSED
    if code in MAPPABLE:
        upload.state = UploadState.TO_MAP if upload.shop_id else UploadState.TO_ASSIGN


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else mask_numbers(str(value))


def assign(upload_id: int, shop_id: int, *, by: Actor, at: datetime) -> None:
    """A person says whose it is; it is read for that shop. Raises UploadClosed."""
    upload = _locked(upload_id)
    if upload.state is not UploadState.TO_ASSIGN:
        raise UploadClosed()
    upload.shop_id, upload.problem = shop_id, None
    stored = db.session.get(StoredFile, upload.file_id)
    stored.person_id = hold_living_shop(shop_id).person_id
    db.session.flush()
    _ask(upload.bundle, [upload.id], by=by, at=at)
    audit.record("sales_upload.assign", "shop", shop_id, by=by, at=at, bundle=upload.bundle, sha256=upload.sha256)


def read_again(bundle: str, upload_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """A new task for files whose task is over, or that a mapping said since may fit."""
    rows = select(SalesUpload.id).where(
        SalesUpload.bundle == bundle,
        SalesUpload.id.in_(upload_ids),
        SalesUpload.state.in_((*TO_READ, UploadState.TO_MAP)),
    )
    _ask(bundle, db.session.scalars(rows.order_by(SalesUpload.id).with_for_update()).all(), by=by, at=at)


def give_up(upload_id: int, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Its content goes at once; twice is harmless. Returns the names to delete from the storage afterwards."""
    upload = _locked(upload_id)
    if upload.state not in HELD:
        return ()
    upload.state, upload.problem = UploadState.GIVEN_UP, None
    gone = _let_go(upload)
    audit.record(
        "sales_upload.give_up", "sales_upload", upload.bundle, by=by, at=at, shop=upload.shop_id, sha256=upload.sha256
    )
    return gone


def _let_go(upload: SalesUpload) -> tuple[str, ...]:
    stored = db.session.get(StoredFile, upload.file_id)
    upload.file_id = None
    if stored is None:
        return ()
    db.session.flush()
    db.session.delete(stored)
    return (stored.stored_as,)


def _locked(upload_id: int) -> SalesUpload:
    """The file's row; whoever locks its shop too does it afterwards. Raises NotFound."""
    upload = db.session.scalar(select(SalesUpload).where(SalesUpload.id == upload_id).with_for_update())
    if upload is None:
        raise NotFound()
    return upload
