"""Where somebody may make something that belongs to a programme."""

from trainer.domain.programme import common_area
from trainer.permissions import Permission, grants_for
from trainer.queries.programme import list_programmes
from trainer.views.guards import actor


def own_areas(permission: Permission) -> list[str | None]:
    """The areas over which she holds `permission`; None is everywhere. A grant over one cohort makes nothing new."""
    return [grant.region_code for grant in grants_for(actor(), permission) if not grant.cohort_id]


def programmes_and_areas(permission: Permission) -> tuple[list[tuple[int, str]], set[str]]:
    """(id, name) of the programmes she sees, and the parts of their areas that are hers."""
    programmes, own = list_programmes(actor()), own_areas(permission)
    areas = {common_area(area, place) if area else place for _id, _name, place in programmes for area in own}
    return [(id_, name) for id_, name, _place in programmes], areas - {None}
