"""Tasks and satisfaction of the demonstration: hand-ins in every state, and answers about a course that is over."""

import io
from datetime import timedelta
from itertools import chain, cycle, repeat

from PIL import Image, ImageDraw
from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.course_task import CourseTaskDraft, CourseTaskKind, Given, HandInState, Proof
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.feedback import Question
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.queries.feedback import last_lesson_on
from trainer.services.course_task import make_task
from trainer.services.demo_place import Place
from trainer.services.feedback import give_feedback
from trainer.services.hand_in import hand_in, mark

RUNNING, FINISHED = "140200", "140300"
BROADCAST = (
    "1. 用自己的账号直播，至少 30 分钟。\n2. 直播结束后，把显示时长的画面截图，或者复制直播链接。\n3. 在这里提交。"
)
VIDEO = "拍一条介绍家乡产品的短视频，发布以后把链接粘贴到这里。"
WORDS = ("第一次直播，有 23 个人看", "播了小米和黄花", "手机架不稳，下次改进")
# One woman after the other, by seat: what became of hers.
STATES = ("sent_back", "handed_in", "passed", "handed_in", "passed", "handed_in")
REMARK = "截图上看不到直播时长，请截有时长的画面再交一次。"
YEARS_KEPT = 3
# The three faces of one woman after the other, and what some of them say.
FACES = ((3, 3, 3), (3, 3, 2), (3, 2, 3), (2, 3, 3), (3, 3, 3), (3, 3, 1))
SAID = (
    "直播课讲得明白，回去就能用。",
    "",
    "希望多安排实操时间。",
    "",
    "",
    "住得远，早上八点半赶不到，能不能晚一点开始？",
)
ANSWERS = 22


def add_tasks(place: Place) -> None:
    """Two tasks in the class that is under way; answers in one that is finished."""
    by = get_actor(get_account(place.accounts["datong"]))
    cohort_id, women = _class(RUNNING)
    due_on = place.today + timedelta(days=3)
    broadcast = CourseTaskDraft("直播一场，30 分钟", BROADCAST, CourseTaskKind.BROADCAST, Proof.EITHER, 30, due_on)
    video = CourseTaskDraft("拍一条家乡产品短视频", VIDEO, CourseTaskKind.VIDEO, Proof.LINK, None, due_on)
    begun = place.at - timedelta(days=4)
    first, _second = (make_task(cohort_id, draft, by=by, at=begun).id for draft in (broadcast, video))
    for number, (woman, state) in enumerate(zip(women, STATES, strict=False)):
        _hand_in(first, woman, number, HandInState(state), by, place)
    cohort_id, women = _class(FINISHED)
    today = last_lesson_on(cohort_id)
    for woman, faces, said in zip(women[:ANSWERS], cycle(FACES), chain(SAID, repeat("")), strict=False):
        give_feedback(cohort_id, woman.person_id, dict(zip(Question, faces, strict=True)), said, today=today)


def _class(region_code: str) -> tuple[int, list[Enrolment]]:
    """The first class there, and the women on its roll by seat."""
    cohort_id = db.session.scalar(select(Cohort.id).where(Cohort.region_code == region_code).order_by(Cohort.id))
    on_the_roll = select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    return cohort_id, list(db.session.scalars(on_the_roll.order_by(Enrolment.seat_number)))


def _hand_in(task_id: int, woman: Enrolment, number: int, state: HandInState, by: Actor, place: Place) -> None:
    """Every second one by link, the others by picture; some too short."""
    at = place.at - timedelta(days=2, hours=number)
    minutes = 25 if number == 1 else 32 + number
    given = Given(WORDS[number % len(WORDS)], "https://v.kuaishou.com/demo", None, minutes)
    if number % 2 == 0:
        given = Given(WORDS[number % len(WORDS)], None, _picture(minutes), minutes, "女儿" if number == 4 else None)
    nonce = f"demo-task-{task_id}-{woman.id}"
    row = hand_in(task_id, woman.id, given, nonce=nonce, keep_years=YEARS_KEPT, by=by, at=at)
    if state is not HandInState.HANDED_IN:
        remark = REMARK if state is HandInState.SENT_BACK else ""
        mark(row.id, state, remark, seen=row.version, by=by, at=at + timedelta(hours=20))


def _picture(minutes: int) -> bytes:
    """The end of a broadcast as a phone shows it: a bar that is as long as the minutes were."""
    picture = Image.new("RGB", (540, 960), "#22262b")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((170, 140, 370, 340), fill="#b9771a")
    pen.rectangle((90, 420, 450, 440), fill="#51606e")
    pen.rectangle((90, 420, 90 + 9 * min(minutes, 40), 440), fill="#a8243c")
    for row in range(5):
        pen.rectangle((90, 520 + 70 * row, 450 - 40 * (row % 3), 550 + 70 * row), fill="#51606e")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
