"""Templates of letters: those somebody may use, and whose she may change."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from trainer.database import db
from trainer.domain.actors import Actor, Scope, region_prefix, regions_above
from trainer.models.message import MessageTemplate
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.permissions import Permission, can, grants_for
from trainer.queries.region import region_choices, region_choices_within

EVERYWHERE = ""


@dataclass(frozen=True)
class TemplateRow:
    """A template; `region` None is everybody's."""

    id: int
    name: str
    subject: str
    body: str
    region_code: str | None
    region: str | None
    version: int

    def is_changed_by(self, actor: Actor) -> bool:
        return may_change(actor, self.region_code)


def may_change(actor: Actor, region_code: str | None) -> bool:
    """Staff of the area it is for; what is everybody's, only whoever has no borders."""
    return can(actor, Permission.SEND_MESSAGES, Scope(region_code=region_code))


def _usable(actor: Actor) -> ColumnElement[bool]:
    """Everybody's, those of her areas, and those of the areas above."""
    grants = grants_for(actor, Permission.SEND_MESSAGES)
    cohorts = [grant.cohort_id for grant in grants if grant.cohort_id is not None]
    areas = {grant.region_code for grant in grants if grant.region_code is not None}
    if cohorts:
        areas |= set(db.session.scalars(select(Cohort.region_code).where(Cohort.id.in_(cohorts))))
    column = MessageTemplate.region_code
    within = [or_(column.startswith(region_prefix(a)), column.in_(regions_above(a))) for a in areas]
    if any(grant.is_unlimited for grant in grants):
        within.append(true())
    return or_(column.is_(None), false(), *within)


def _templates(actor: Actor) -> Select:
    return (
        select(
            *(MessageTemplate.id, MessageTemplate.name, MessageTemplate.subject, MessageTemplate.body),
            *(MessageTemplate.region_code, Region.name, MessageTemplate.version),
        )
        .outerjoin(Region, Region.code == MessageTemplate.region_code)
        .where(_usable(actor))
    )


def list_templates(actor: Actor) -> list[TemplateRow]:
    """The oldest first: the starting set in its order."""
    rows = db.session.execute(_templates(actor).order_by(MessageTemplate.id))
    return [TemplateRow(*row) for row in rows]


def get_template_for(actor: Actor, template_id: int) -> TemplateRow | None:
    row = db.session.execute(_templates(actor).where(MessageTemplate.id == template_id)).one_or_none()
    return TemplateRow(*row) if row else None


def areas_to_write_for(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the areas whose templates she may make: with no borders also "" for everybody's."""
    grants = grants_for(actor, Permission.SEND_MESSAGES)
    if any(grant.is_unlimited for grant in grants):
        return [(EVERYWHERE, ""), *region_choices(deepest=3)]
    return region_choices_within({grant.region_code for grant in grants if grant.region_code is not None})
