"""Lessons of the demonstration beyond their rolls: one online, one called off, materials, the holidays."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonKind, LessonState
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.services.demo_place import Place
from trainer.services.holiday import seed_holidays
from trainer.services.lesson import cancel_lesson
from trainer.services.material import add_file, add_link, seal_material

ONLINE = "https://live.example.com/her-power/1"
LINKS: Mapping[LessonKind, tuple[str, str]] = {
    LessonKind.LIVESTREAM_PRACTICE: ("直播间搭建示范（视频）", "https://video.example.com/studio"),
    LessonKind.CASE: ("农产品定价案例", "https://page.example.com/pricing"),
}
# One page that says what it is: small, and any reader opens it.
TEXT = b"BT /F1 24 Tf 60 770 Td (Demonstration material) Tj ET"
PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length %d>>stream
%s
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
""" % (len(TEXT), TEXT)


def add_lesson_facts(place: Place) -> None:
    """Of the cohorts that are under way or to come."""
    by = get_actor(get_account(place.accounts["manager"]))
    seed_holidays(by=by, at=place.at)
    cohorts = select(Cohort.id).where(Cohort.ends_on >= place.today).order_by(Cohort.id)
    for cohort_id in db.session.scalars(cohorts).all():
        rows = select(Lesson).where(Lesson.cohort_id == cohort_id).order_by(Lesson.starts_at)
        _add_to_cohort(db.session.scalars(rows).all(), by, place)


def _add_to_cohort(lessons: list[Lesson], by: Actor, place: Place) -> None:
    sealed = seal_material(PDF, "培训手册.pdf")
    for number, lesson in enumerate(lessons):
        if number == 0:
            add_file(lesson.id, "培训手册", sealed, by=by, at=place.at)
        elif lesson.kind in LINKS:
            add_link(lesson.id, *LINKS[lesson.kind], by=by, at=place.at)
    planned = [one for one in lessons if one.state is LessonState.PLANNED and one.starts_at > place.at]
    if len(planned) > 1:
        planned[-1].link = ONLINE
    if len(planned) > 3:  # long enough before it for the notice to be an old one
        cancel_lesson(planned[-2], "授课老师临时出差", by=by, at=place.at - timedelta(days=8))
