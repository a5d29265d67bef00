"""A half day to its end: a leave, two markers, the closing with a picture; then what stands out, and the calls."""

import io
import re

from tests import factories
from tests.factories import DATONG, SHANXI, picture
from tests.services.test_closing import S, mark
from trainer.domain.actors import Role


def key(client, url: str, name: str = "idempotency_key") -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', client.get(url).text)[1]


def test_from_the_roll_to_the_answer_one_level_up(signed_in):
    teacher, helper = (factories.account(Role.COHORT_STAFF, region=DATONG, name=name) for name in ("李慧敏", "申红"))
    cohort = factories.cohort()
    lesson = factories.lesson(cohort, title="短视频剪辑")
    women = [factories.enrolment(cohort) for _ in range(12)]
    factories.attendance_request(lesson, women[11], "leave", wished="excused")
    staff, roll = signed_in(teacher), f"/lessons/{lesson.id}"

    # The request is named, answered, and the leave waits for the closing.
    assert "尚未处理" in staff.get(f"{roll}/close").text
    asked = re.search(r"/attendance-requests/(\d+)", staff.get(f"/attendance-requests?lesson={lesson.id}").text)[1]
    assert staff.post(f"/attendance-requests/{asked}", data={"status": "excused"}).status_code == 303

    # Two who mark contradict each other; nobody closes over that.
    for woman in women[:11]:
        mark(lesson, woman, S.PRESENT, factories.actor_of(teacher))
    mark(lesson, women[4], S.ABSENT, factories.actor_of(helper), seen=0)
    assert staff.post(f"{roll}/close", data={"headcount": "14"}).status_code == 422
    decided = {"status": "present", "idempotency_key": key(staff, f"{roll}/roll/{women[4].id}")}
    assert staff.post(f"{roll}/roll/{women[4].id}", data=decided).status_code == 303

    photo = (io.BytesIO(picture("JPEG")), "课堂.jpg")
    closed = staff.post(f"{roll}/close", data={"headcount": "14", "photo": photo}, follow_redirects=True).text
    for words in ("已结课", "1 人未点名但已准假", "到课 11 人：工作人员当场看到 11", "照片 1", "两个数字不一致"):
        assert words in closed, words
    assert "点名核查" not in staff.get("/").text

    # One level up it is looked into, put right, and no longer so.
    manager = signed_in(factories.account(Role.MANAGER, region=SHANXI))
    found = re.search(r"/roll-checks/\d+", manager.get("/needs/roll_check").text)[0]
    assert "清点实到 14 人，点名在场 11 人" in manager.get(found).text
    assert staff.post(f"{roll}/reopen", data={"reason": "多数了三位工作人员"}).status_code == 303
    assert manager.get(found).status_code == 404
    assert staff.post(f"{roll}/close", data={"headcount": "11"}).status_code == 303
    assert "已消除" in manager.get(found).text
    assert "多数了三位工作人员" in manager.get(f"{roll}/closing").text

    # Two of eleven are called; one says that she was not there, and that is seen one level up.
    calls = f"/cohorts/{cohort.id}/spot-checks"
    assert manager.post(calls, data={"idempotency_key": key(manager, calls)}).status_code == 303
    one, two = re.findall(r'class="btn[^>]*href="(/spot-checks/\d+)"', manager.get(calls).text)
    assert "tel:1400000" in manager.post(f"{one}/number").text
    for url, said in ((one, "was_not_there"), (two, "was_there")):
        assert manager.post(url, data={"version": key(manager, url, "version"), "outcome": said}).status_code == 303
    assert "50.0%" in manager.get(calls).text
    last = re.search(r"/roll-checks/\d+", manager.get("/needs/roll_check").text)[0]
    answer = {"seen": key(manager, last, "seen"), "answer": "explained", "words": "接电话的是她婆婆，本人确认到了"}
    assert manager.post(last, data=answer).status_code == 303
    assert "已说明" in manager.get(last).text
