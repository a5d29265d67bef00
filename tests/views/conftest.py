"""Whose browsers most pages are looked at with."""

import pytest

from tests import factories


@pytest.fixture
def staff(signed_in):
    return signed_in(factories.account(factories.Role.COHORT_STAFF, region=factories.DATONG))


@pytest.fixture
def hers(cohort):
    """(her enrolment, her account)."""
    return factories.trainee(cohort)


@pytest.fixture
def phone(hers, signed_in):
    return signed_in(hers[1])
