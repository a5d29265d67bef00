"""The cohort of an address, within her reach or 404."""

from trainer.permissions import Permission
from trainer.queries.cohort import get_cohort, viewing_scope
from trainer.views.guards import ensure, found


def cohort_in_reach(cohort_id: int, permission: Permission, *, teaching: bool = False):
    """Hers to act on as `permission` says; `teaching`: whoever teaches in it reaches it too."""
    cohort = found(get_cohort(cohort_id))
    ensure(permission, viewing_scope(cohort) if teaching else cohort.scope)
    return cohort
