"""Sign-ups of a cohort as its staff review them: lists by what became of them, one of them, whom to tell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.people import mask_phone
from trainer.domain.person import PersonKind
from trainer.domain.sign_up import AnswerChannel, HelperRelation, SignUpState
from trainer.domain.sign_up_review import Tab
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.sign_up import SignUp
from trainer.pinyin import name_initials, name_pinyin
from trainer.queries.scoping import Page, fetch_page, page_of


@dataclass(frozen=True)
class SignUpRow:
    """One as a list shows it; phones masked, `tail` the last four digits of hers."""

    id: int
    version: int
    state: SignUpState
    name: str
    phone: str
    tail: str
    kind: PersonKind | None
    region_code: str
    region: str
    township: str | None
    village: str | None
    answer_by: AnswerChannel
    helper_name: str | None
    helper_phone: str
    helper_relation: HelperRelation | None
    notice_version: str
    has_id_number: bool
    reason: str
    at: datetime
    cohort_id: int
    enrolment_id: int | None
    status: EnrolmentStatus | None
    person_id: int | None
    person: str | None
    settled_at: datetime | None
    settled_by: str | None
    told_at: datetime | None
    told_by: str | None

    def is_meant(self, text: str) -> bool:
        """By name, how it sounds or its initials, village, or the end of the phone."""
        sound = text.lower().replace(" ", "")
        heard = (name_initials(self.name), name_pinyin(self.name).replace(" ", ""))
        return (
            text in self.name
            or text in (self.village or "")
            or (text.isdecimal() and len(text) >= 3 and self.tail.endswith(text[-4:]))
            or (sound.isascii() and sound.isalpha() and any(one.startswith(sound) for one in heard))
        )


def _to_tell() -> ColumnElement[bool]:
    return and_(SignUp.state == SignUpState.SETTLED, SignUp.told_at.is_(None))


_WHICH: dict[Tab, Callable[[], ColumnElement[bool]]] = {
    Tab.OPEN: lambda: SignUp.state == SignUpState.OPEN,
    Tab.TO_TELL: _to_tell,
    Tab.DECIDED: lambda: SignUp.state == SignUpState.SETTLED,
    Tab.GONE: lambda: SignUp.state.in_((SignUpState.STRUCK_OUT, SignUpState.TAKEN_BACK)),
}


def count_tabs(cohort_id: int) -> dict[Tab, int]:
    """How many stand in each of the lists of sign-ups."""
    counts = [func.count().filter(which()) for which in _WHICH.values()]
    found = db.session.execute(select(*counts).select_from(SignUp).where(SignUp.cohort_id == cohort_id)).one()
    return dict(zip(_WHICH, found, strict=True))


def count_open(cohort_id: int) -> int:
    return db.session.scalar(select(func.count()).where(SignUp.cohort_id == cohort_id, _WHICH[Tab.OPEN]()))


def sign_ups_page(
    cohort_id: int,
    tab: Tab,
    *,
    text: str = "",
    region_code: str = "",
    status: EnrolmentStatus | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[SignUpRow]:
    """Open ones as they came, the others newest first. A search reads them all: names and phones of strangers have no
    index, and one class has some hundred."""
    order = SignUp.id if tab is Tab.OPEN else SignUp.id.desc()
    statement = _rows().where(SignUp.cohort_id == cohort_id, _WHICH[tab]()).order_by(order)
    if region_code:
        statement = statement.where(SignUp.region_code == region_code)
    if status:
        statement = statement.where(Enrolment.status == status)
    if not text:
        return fetch_page(statement, _row, page=page, per_page=per_page)
    found = [row for row in map(_row, db.session.execute(statement)) if row.is_meant(text)]
    return page_of(found, page=page, per_page=per_page)


def regions_of_sign_ups(cohort_id: int) -> list[tuple[str, str]]:
    """(code, name) of the counties they come from."""
    here = select(SignUp.region_code).where(SignUp.cohort_id == cohort_id)
    rows = db.session.execute(select(Region.code, Region.name).where(Region.code.in_(here)).order_by(Region.code))
    return [tuple(row) for row in rows]


def get_sign_up(sign_up_id: int) -> SignUpRow | None:
    row = db.session.execute(_rows().where(SignUp.id == sign_up_id)).one_or_none()
    return _row(row) if row else None


def get_stored(sign_up_id: int) -> SignUp | None:
    """The row itself, to look for its like in the register."""
    return db.session.get(SignUp, sign_up_id)


def list_stored(cohort_id: int, ids: list[int]) -> list[SignUp]:
    """Open ones of a cohort, as they came."""
    which = (SignUp.cohort_id == cohort_id, SignUp.id.in_(ids), SignUp.state == SignUpState.OPEN)
    return list(db.session.scalars(select(SignUp).where(*which).order_by(SignUp.id)))


def _rows() -> Select:
    settler, teller = aliased(Account), aliased(Account)
    return (
        select(
            *(SignUp.id, SignUp.version, SignUp.state, SignUp.name, SignUp.phone, SignUp.kind, SignUp.region_code),
            *(Region.name.label("region"), SignUp.township, SignUp.village, SignUp.answer_by, SignUp.helper_name),
            *(SignUp.helper_phone, SignUp.helper_relation, SignUp.notice_version, SignUp.id_number_index),
            *(SignUp.reason, SignUp.at, SignUp.cohort_id, SignUp.enrolment_id, Enrolment.status, Enrolment.person_id),
            *(Person.name.label("person"), SignUp.settled_at, settler.name.label("settled_by"), SignUp.told_at),
            teller.name.label("told_by"),
        )
        .join(Region, Region.code == SignUp.region_code)
        .outerjoin(Enrolment, Enrolment.id == SignUp.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(settler, settler.id == SignUp.settled_by)
        .outerjoin(teller, teller.id == SignUp.told_by)
    )


def _row(row) -> SignUpRow:
    values = row._asdict()
    phone, id_index = values["phone"], values.pop("id_number_index")
    masked = {"phone": mask_phone(phone), "helper_phone": mask_phone(values["helper_phone"])}
    return SignUpRow(**values | masked, tail=(phone or "")[-4:], has_id_number=bool(id_index))
