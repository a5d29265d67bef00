"""Calibration as pages: staff write files and talk them through, evaluators score them before their first real one."""

import pytest

from tests import factories, selections
from tests.factories import version
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import CalibrationFile
from trainer.queries.account import get_actor
from trainer.services import calibration
from trainer.services import round as rounds

pytestmark = pytest.mark.sqlite_is_enough

WRITTEN = {"text": "想开直播卖小米", "level_c1": "2", "level_c2": "3", "words": "计划具体，带动有限"}


@pytest.fixture
def made(app):
    return selections.ready(women=1, evaluators=3)


@pytest.fixture
def staff(signed_in, made):
    return signed_in(made.manager)


def files() -> list[CalibrationFile]:
    db.session.rollback()
    return list(db.session.scalars(db.select(CalibrationFile).order_by(CalibrationFile.id)))


def opened(made) -> int:
    """One file, the round open."""
    file_id = selections.calibration_file(made, 2, 3)
    made.act(rounds.open_round)
    return file_id


def give(made, evaluator: int, file_id: int, *levels: int) -> None:
    with transaction():
        given = {f"c{k}": level for k, level in enumerate(levels, start=1)}
        by = get_actor(made.evaluators[evaluator])
        calibration.give_levels(made.round_id, file_id, given, by=by, at=factories.AT)


def test_staff_write_change_and_delete_a_file(staff, made):
    new = f"{made.url}/calibration/new"
    assert staff.post(new, data={"version": version(staff, new), **WRITTEN, "level_c2": ""}).status_code == 422
    assert staff.post(new, data={"version": version(staff, new), **WRITTEN}).status_code == 303
    (file,) = files()
    assert (file.levels, file.words) == ({"c1": 2, "c2": 3}, WRITTEN["words"])
    edit = f"{made.url}/calibration/{file.id}"
    assert "想开直播卖小米</textarea>" in staff.get(edit).text
    staff.post(edit, data={"version": version(staff, edit), **WRITTEN, "level_c1": "1"})
    assert files()[0].levels == {"c1": 1, "c2": 3}
    assert "想开直播卖小米" in staff.get(f"{made.url}/calibration").text
    staff.post(f"{edit}/delete", data={"version": version(staff, f"{edit}/delete")})
    assert files() == []


def test_nothing_is_written_once_the_round_is_open(staff, made):
    file_id = opened(made)
    url = f"{made.url}/calibration/{file_id}"
    assert staff.get(url).location.endswith("/calibration")
    assert staff.post(url, data={"version": made.version, **WRITTEN}).status_code == 422
    assert files()[0].words == "计划具体"


def test_an_evaluator_is_led_to_the_files_first_and_sees_the_reference_only_afterwards(signed_in, made):
    file_id, client = opened(made), signed_in(made.evaluators[0])
    sheet, mine = f"/reviews/{made.assignment(0, 0).id}", f"/reviews/rounds/{made.round_id}/calibration"
    assert mine in client.get("/reviews").text
    assert client.get(sheet).location == mine
    one = f"{mine}/{file_id}"
    before = client.get(one).text
    assert "想开直播卖小米" in before
    assert "计划具体" not in before
    assert client.post(one, data={"level_c1": "1"}).status_code == 422
    assert client.post(one, data={"level_c1": "1", "level_c2": "3"}).location == one
    after = client.get(one).text
    assert "计划具体" in after
    assert after.count("与您的不同") == 1
    assert "满三位评委" in after
    assert client.get(sheet).status_code == 200
    assert client.get(mine).status_code == 200


def test_from_three_on_all_see_how_it_was_scored_and_nobody_who(signed_in, staff, made):
    file_id = opened(made)
    for evaluator, level in enumerate((1, 2)):
        give(made, evaluator, file_id, level, 3)
    page = staff.get(f"{made.url}/calibration").text
    assert "已有 2 位评委评过" in page
    assert "1 档：" not in page
    assert page.count("0 份") == 1
    give(made, 2, file_id, 1, 3)
    page = staff.get(f"{made.url}/calibration").text
    assert "1 档：2 人" in page
    assert "-0.7" in page
    own = signed_in(made.evaluators[0]).get(f"/reviews/rounds/{made.round_id}/calibration/{file_id}").text
    assert "1 档：2 人" in own
    assert not any(judge.name in own for judge in made.evaluators[1:])


def test_others_find_nothing(signed_in, made):
    file_id = selections.calibration_file(made)
    url = f"/reviews/rounds/{made.round_id}/calibration"
    assert signed_in(made.evaluators[0]).get(url).status_code == 404  # being prepared
    made.act(rounds.open_round)
    stranger = signed_in(factories.account(Role.EVALUATOR))
    assert [stranger.get(f"{url}{path}").status_code for path in ("", f"/{file_id}")] == [404, 404]
    other = selections.opened(women=1)
    foreign = selections.calibration_file(other)
    assert signed_in(made.evaluators[0]).get(f"{url}/{foreign}").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_the_same_few_statements(signed_in, count_statements, app, many):
    made = selections.ready(women=1, evaluators=many)
    ids = [selections.calibration_file(made, 2, 3, position=position) for position in range(1, many + 1)]
    made.act(rounds.open_round)
    for evaluator in range(many):
        give(made, evaluator, ids[0], 1, 1)
    mine = f"/reviews/rounds/{made.round_id}/calibration"
    staff, judge = signed_in(made.manager), signed_in(made.evaluators[0])
    for client, url, expected in (
        (staff, f"{made.url}/calibration", 7),
        (judge, mine, 4),
        (judge, f"{mine}/{ids[0]}", 6),
    ):
        client.get(url)
        with count_statements() as seen:
            assert client.get(url).status_code == 200
        assert len(seen) == expected, seen
