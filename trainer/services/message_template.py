"""Templates of letters: made, changed, deleted; the starting set."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.message_templates import STARTING
from trainer.errors import Conflict, Refused
from trainer.models.installation import SiteFlag
from trainer.models.message import MessageTemplate
from trainer.services import audit

OFFERED = "message_templates_offered"


class TemplateNameTaken(Refused):
    code = "template_name_taken"


def create_template(
    name: str, subject: str, body: str, region_code: str | None, *, by: Actor, at: datetime
) -> MessageTemplate:
    """Raises TemplateNameTaken."""
    _require_free(name)
    template = MessageTemplate(name=name, subject=subject, body=body, region_code=region_code)
    template.created_by, template.updated_at = by.account_id, at
    db.session.add(template)
    db.session.flush()
    audit.record("message_template.create", "message_template", template.id, by=by, at=at, name=name)
    return template


def update_template(
    template_id: int,
    name: str,
    subject: str,
    body: str,
    region_code: str | None,
    *,
    seen: int,
    by: Actor,
    at: datetime,
) -> None:
    """`seen`: the version the person had before her. Raises Conflict, TemplateNameTaken."""
    template = _get(template_id, seen)
    if name != template.name:
        _require_free(name)
    template.name, template.subject, template.body = name, subject, body
    template.region_code, template.updated_at = region_code, at
    audit.record("message_template.update", "message_template", template_id, by=by, at=at, name=name)


def delete_template(template_id: int, *, seen: int, by: Actor, at: datetime) -> None:
    """Letters written from it stay. Raises Conflict."""
    template = _get(template_id, seen)
    db.session.delete(template)
    audit.record("message_template.delete", "message_template", template_id, by=by, at=at, name=template.name)


def _get(template_id: int, seen: int) -> MessageTemplate:
    template = db.session.get(MessageTemplate, template_id)
    if template is None or template.version != seen:
        raise Conflict()
    return template


def _require_free(name: str) -> None:
    if db.session.scalar(select(MessageTemplate.id).where(MessageTemplate.name == name)):
        raise TemplateNameTaken(name=name)


def offer_starting_templates(*, by: Actor, at: datetime) -> int:
    """The starting set, everybody's, once an installation: what was deleted since stays deleted."""
    if db.session.get(SiteFlag, OFFERED):
        return 0
    db.session.add(SiteFlag(name=OFFERED, value="yes"))
    taken = set(db.session.scalars(select(MessageTemplate.name)))
    for name, subject, body in STARTING:
        if name not in taken:
            create_template(name, subject, body, None, by=by, at=at)
    return len(STARTING)
