"""Programmes: making and changing them, with partners and targets."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.programme import ProgrammeDraft, lies_within
from trainer.errors import Conflict, Refused
from trainer.models.programme import Partner, Programme, Target
from trainer.queries.programme import get_programme_by_name, list_cohort_regions
from trainer.services import audit


class ProgrammeNameTaken(Refused):
    code = "programme_name_taken"


class PartnerTwice(Refused):
    code = "partner_twice"


class CohortsOutsideArea(Refused):
    """A programme's area cannot shrink away from its cohorts."""

    code = "cohorts_outside_area"


def create_programme(draft: ProgrammeDraft, *, by: Actor, at: datetime) -> Programme:
    """Raises ProgrammeNameTaken, PartnerTwice."""
    programme = Programme(created_at=at, partners=[], targets=[])
    _describe(programme, draft)
    db.session.add(programme)
    db.session.flush()
    audit.record("programme.create", "programme", programme.id, by=by, at=at, after=_facts(programme))
    return programme


def update_programme(programme: Programme, draft: ProgrammeDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """`seen`: the version the person had before her. Raises Conflict, ProgrammeNameTaken, PartnerTwice, CohortsOutsideArea."""
    db.session.refresh(programme, ["version"], with_for_update={"key_share": True})
    if programme.version != seen:
        raise Conflict()
    outside = [name for code, name in list_cohort_regions(programme.id) if not lies_within(code, draft.region_code)]
    if outside:
        raise CohortsOutsideArea(region=outside[0])
    before = _facts(programme)
    _describe(programme, draft)
    flag_modified(programme, "name")  # partners and targets are of the same version
    db.session.flush()
    audit.record("programme.update", "programme", programme.id, by=by, at=at, before=before, after=_facts(programme))


def _describe(programme: Programme, draft: ProgrammeDraft) -> None:
    namesake = get_programme_by_name(draft.name)
    if namesake is not None and namesake.id != programme.id:
        raise ProgrammeNameTaken(name=draft.name)
    names = [name for name, _kind in draft.partners]
    if len(set(names)) < len(names):
        raise PartnerTwice(name=next(name for name in names if names.count(name) > 1))
    programme.name, programme.region_code, programme.description = draft.name, draft.region_code, draft.description
    programme.starts_on, programme.ends_on = draft.starts_on, draft.ends_on
    _set_partners(programme, dict(draft.partners))
    _set_targets(programme, dict(draft.targets))


def _set_partners(programme: Programme, wanted: dict) -> None:
    for partner in list(programme.partners):
        if partner.name in wanted:
            partner.kind = wanted.pop(partner.name)
        else:
            programme.partners.remove(partner)
    programme.partners += [Partner(name=name, kind=kind) for name, kind in wanted.items()]


def _set_targets(programme: Programme, wanted: dict) -> None:
    for target in list(programme.targets):
        if target.kind in wanted:
            promise = wanted.pop(target.kind)
            target.value, target.due_on, target.source = promise.value, promise.due_on, promise.source
        else:
            programme.targets.remove(target)
    programme.targets += [Target(kind=kind, **vars(promise)) for kind, promise in wanted.items()]


def _facts(programme: Programme) -> dict[str, object]:
    return {
        "name": programme.name,
        "region": programme.region_code,
        "dates": [programme.starts_on, programme.ends_on],
        "partners": [[partner.name, partner.kind] for partner in programme.partners],
        "targets": {target.kind: [target.value, target.due_on, target.source] for target in programme.targets},
    }
