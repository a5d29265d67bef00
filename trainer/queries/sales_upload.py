"""Sales files on their way in: those handed in together, one of them, and whose shop a file may be of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, cast, exists, or_, select, union_all
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.background_task import LIVE, TaskKind
from trainer.domain.imports import BatchState, RowAction, counts_in
from trainer.domain.sales import Platform, SalesKind
from trainer.domain.sales_upload import ASKING, HELD, TO_READ, UploadState
from trainer.models.background_task import BackgroundTask
from trainer.models.file import StoredFile
from trainer.models.imports import ImportBatch
from trainer.models.person import Person
from trainer.models.sales import Shop, ShopAlias
from trainer.models.sales_upload import SalesUpload
from trainer.permissions import Permission
from trainer.queries.person import visible_people


@dataclass(frozen=True)
class UploadRow:
    """A file on its way in, with its shop (None: not told yet) and what it was read into."""

    id: int
    bundle: str
    filename: str
    state: UploadState
    problem: dict | None
    uploaded_at: datetime
    task_lives: bool
    shop_id: int | None
    platform: str | None
    shop: str | None
    owner: str | None
    batch_id: int | None
    batch_state: BatchState | None
    summary: dict | None
    taking_in: bool

    @property
    def is_asking(self) -> bool:
        return self.state in ASKING

    @property
    def is_under_way(self) -> bool:
        return self.state in TO_READ and self.task_lives

    @property
    def is_stranded(self) -> bool:
        """It waits, and no task is there any more that would read it."""
        return self.state in TO_READ and not self.task_lives

    @property
    def is_being_taken_in(self) -> bool:
        """It was looked through, and a task that takes it in waits or runs."""
        return self.batch_state is BatchState.PREVIEWED and self.taking_in

    @property
    def waits_for_confirmation(self) -> bool:
        return self.batch_state is BatchState.PREVIEWED and not self.taking_in

    @property
    def kind(self) -> SalesKind | None:
        return SalesKind(self.summary["kind"]) if self.summary else None

    @property
    def counts(self) -> list[tuple[RowAction, int]]:
        return counts_in(self.summary) if self.summary else []

    @property
    def told_platform(self) -> Platform | None:
        """Whose file it is, of the shop or as it was read."""
        said = self.platform or (self.problem or {}).get("platform")
        return Platform(said) if said else None

    @property
    def accounts(self) -> list[str]:
        """The accounts that a file without a shop names."""
        return (self.problem or {}).get("accounts", [])


_COMMIT = aliased(BackgroundTask)
_TAKING_IN = exists().where(
    _COMMIT.kind == TaskKind.SALES_COMMIT,
    _COMMIT.key == "batch " + cast(ImportBatch.id, String),
    _COMMIT.state.in_(LIVE),
)
_COLUMNS = (
    *(SalesUpload.id, SalesUpload.bundle, SalesUpload.filename, SalesUpload.state, SalesUpload.problem),
    *(SalesUpload.uploaded_at, BackgroundTask.state.in_(LIVE)),
    *(Shop.id, Shop.platform, Shop.name, Person.name, ImportBatch.id, ImportBatch.state, ImportBatch.summary),
    _TAKING_IN,
)


def _select(actor: Actor, permission: Permission):
    """Files of shops within reach; of those without a shop, her own."""
    hers = and_(SalesUpload.shop_id.is_(None), SalesUpload.uploaded_by == actor.account_id)
    return (
        select(*_COLUMNS)
        .outerjoin(Shop, Shop.id == SalesUpload.shop_id)
        .outerjoin(Person, Person.id == Shop.person_id)
        .outerjoin(ImportBatch, ImportBatch.id == SalesUpload.batch_id)
        .outerjoin(BackgroundTask, BackgroundTask.id == SalesUpload.task_id)
        .where(or_(hers, and_(Shop.id.is_not(None), visible_people(actor, permission))))
    )


def _row(row) -> UploadRow:
    return UploadRow(*row[:6], bool(row[6]), *row[7:])


def list_bundle_for(
    actor: Actor, permission: Permission, bundle: str, *, shop_id: int | None = None
) -> list[UploadRow]:
    """The files handed in together, as they were chosen; of one shop where it is named."""
    statement = _select(actor, permission).where(SalesUpload.bundle == bundle).order_by(SalesUpload.id)
    if shop_id is not None:
        statement = statement.where(SalesUpload.shop_id == shop_id)
    return [_row(row) for row in db.session.execute(statement)]


def get_upload_for(actor: Actor, permission: Permission, upload_id: int) -> UploadRow | None:
    row = db.session.execute(_select(actor, permission).where(SalesUpload.id == upload_id)).one_or_none()
    return _row(row) if row else None


def list_waiting_uploads(actor: Actor, *, shop_id: int | None = None, most: int = 20) -> list[UploadRow]:
    """Files still on their way: of a shop, or of all shops within reach; the newest first."""
    statement = _select(actor, Permission.IMPORT_SALES).where(SalesUpload.state.in_(HELD))
    if shop_id is not None:
        statement = statement.where(SalesUpload.shop_id == shop_id)
    return [_row(row) for row in db.session.execute(statement.order_by(SalesUpload.id.desc()).limit(most))]


def may_read(actor: Actor, upload_id: int) -> bool:
    """Whether the file is of a shop within her reach, or her own."""
    return get_upload_for(actor, Permission.IMPORT_SALES, upload_id) is not None


def list_to_read(task_id: int) -> list[int]:
    """What a task still has to read: what a killed process had begun as well."""
    of_task = (SalesUpload.task_id == task_id, SalesUpload.state.in_(TO_READ))
    return list(db.session.scalars(select(SalesUpload.id).where(*of_task).order_by(SalesUpload.id)))


def get_content_name(upload_id: int) -> str | None:
    """The name its sealed content lies under."""
    statement = select(StoredFile.stored_as).join(SalesUpload, SalesUpload.file_id == StoredFile.id)
    return db.session.scalar(statement.where(SalesUpload.id == upload_id))


@dataclass(frozen=True)
class Neighbours:
    """The bundle that a preview came with: how many of it wait to be confirmed besides, and the next of them."""

    bundle: str
    waiting: int
    next_batch_id: int | None


def get_neighbours(batch_id: int) -> Neighbours | None:
    """None for a file that came alone."""
    other = aliased(SalesUpload)
    rows = db.session.execute(
        select(other.bundle, other.batch_id, ImportBatch.state)
        .select_from(SalesUpload)
        .join(other, other.bundle == SalesUpload.bundle)
        .outerjoin(ImportBatch, ImportBatch.id == other.batch_id)
        .where(SalesUpload.batch_id == batch_id)
        .order_by(other.id)
    ).all()
    if len(rows) < 2:
        return None
    waiting = [row.batch_id for row in rows if row.state is BatchState.PREVIEWED and row.batch_id != batch_id]
    return Neighbours(rows[0].bundle, len(waiting), waiting[0] if waiting else None)


def list_names(shop_ids: Collection[int]) -> dict[int, list[str]]:
    """shop → what it is called in files: its name, its number, and the names that somebody said are its own."""
    own = select(Shop.id, Shop.name.label("name")).where(Shop.id.in_(shop_ids))
    number = select(Shop.id, Shop.account_uid).where(Shop.id.in_(shop_ids), Shop.account_uid.is_not(None))
    others = select(ShopAlias.shop_id, ShopAlias.name).where(ShopAlias.shop_id.in_(shop_ids))
    names: dict[int, list[str]] = {}
    for shop_id, name in db.session.execute(union_all(own, number, others)):
        names.setdefault(shop_id, []).append(name)
    return names


def find_shops(actor: Actor, platform: Platform, accounts: Sequence[str]) -> list[int]:
    """Shops within reach that are called so: by their name, their number, or a name somebody said is theirs."""
    names = sorted({name for said in accounts for name in (said, said.strip())} - {""})
    called = or_(
        Shop.name.in_(names),
        Shop.account_uid.in_(names),
        Shop.id.in_(select(ShopAlias.shop_id).where(ShopAlias.name.in_(names))),
    )
    statement = select(Shop.id).join(Person, Person.id == Shop.person_id)
    reach = visible_people(actor, Permission.IMPORT_SALES)
    return list(db.session.scalars(statement.where(Shop.platform == platform.value, called, reach).limit(2)))
