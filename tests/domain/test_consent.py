"""Where a consent stands, and which version of the notice a paper was signed to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.domain.consent import (
    NOTICE_VERSION,
    NOTICES,
    ConsentChannel,
    ConsentScope,
    GivenConsent,
    newer_versions,
    notice_on,
    standings,
)

AT = datetime(2026, 3, 10, tzinfo=UTC)


def given(number: int, *, version: str = NOTICE_VERSION, withdrawn: int | None = None, scope=ConsentScope.BASIC):
    at = AT + timedelta(days=number)
    gone = AT + timedelta(days=withdrawn) if withdrawn is not None else None
    way = ConsentChannel.ONLINE if gone else None
    return GivenConsent(number, scope, version, ConsentChannel.PAPER, at, None, True, gone, way, None, "")


def basic(*consents):
    (found,) = [one for one in standings(consents) if one.scope is ConsentScope.BASIC]
    return found


def test_every_scope_stands_somewhere():
    assert [one.scope for one in standings([])] == list(ConsentScope)
    assert not any(one.in_force or one.is_asked_again for one in standings([]))


def test_given_again_after_a_withdrawal_is_in_force():
    assert not basic(given(1, withdrawn=2)).in_force
    assert basic(given(1, withdrawn=2), given(3)).in_force


def test_the_last_withdrawal_tells():
    assert basic(given(1, withdrawn=9), given(2, withdrawn=3)).consent.id == 1


def test_an_older_version_holds_and_asks_again():
    old = basic(given(5, version=NOTICES[0].version))
    assert (old.in_force, old.is_asked_again) == (True, True)
    both = basic(given(1), given(5, version=NOTICES[0].version))
    assert (both.consent.id, both.is_asked_again) == (1, False)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2026, 3, 1), "2026-11"),
        (date(2026, 11, 21), "2026-11"),
        (date(2026, 11, 22), "2026-11-22"),
        (date(2030, 1, 1), NOTICE_VERSION),
    ],
)
def test_the_notice_of_a_day(day, version):
    assert notice_on(day).version == version


def test_versions_come_one_after_the_other():
    assert [n.since for n in NOTICES] == sorted({n.since for n in NOTICES})


def test_she_is_told_all_that_is_new_since_her_version():
    said = [one.version for one in NOTICES]
    assert newer_versions(standings([given(5, version=said[0])])) == said[1:]
    assert newer_versions(standings([given(5, version=said[-2])])) == said[-1:]
    assert newer_versions(standings([given(5)])) == []
