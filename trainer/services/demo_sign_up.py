"""Sign-ups of the demonstration: the cohort that has not begun is open, some women wait for its answer, one gave up."""

from datetime import timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.person import PersonKind
from trainer.domain.sign_up import AnswerChannel, Helper, HelperRelation, SignUpDraft, SignUpSettings
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.queries.sign_up import counties_to_choose
from trainer.services.demo_place import Place
from trainer.services.sign_up import set_up, sign_up, take_back

NOTE = "18—60 岁、会用智能手机的农村妇女。请带手机和充电器，午餐由基地提供。"
CADRE = Helper("赵玉兰", "14000090090", HelperRelation.CADRE)
DAUGHTER = Helper("马晓燕", "14000090091", HelperRelation.FAMILY)
# Name, village, what she does, how she wants to hear, who helps; who is the last gives up.
WOMEN = (
    ("孟改英", "大白登村", PersonKind.FARMER, AnswerChannel.CALL, None),
    ("白玉花", "小白登村", PersonKind.RETURNEE, AnswerChannel.LOOK_UP, None),
    ("武秀莲", "大白登村", PersonKind.FARMER, AnswerChannel.HELPER, CADRE),
    ("马存花", "下深井村", PersonKind.SHOPKEEPER, AnswerChannel.HELPER, DAUGHTER),
    ("贺翠仙", "上吾其村", None, AnswerChannel.SMS, None),
    ("温俊梅", "下深井村", PersonKind.COMMUNITY_WORKER, AnswerChannel.CALL, None),
)
NOBODY = Actor(None, "", device="demonstration")


def add_sign_ups(place: Place) -> None:
    """From five days ago to two days before the class."""
    first_to_come = select(Cohort).where(Cohort.starts_on > place.today).order_by(Cohort.id).limit(1)
    cohort = db.session.scalar(first_to_come)
    opens, closes = place.today - timedelta(days=5), cohort.starts_on - timedelta(days=2)
    settings = SignUpSettings(opens, closes, NOTE, collects_id_numbers=False, waitlist_moves_up=True)
    manager = get_actor(get_account(place.accounts["manager"]))
    set_up(cohort.id, settings, seen=cohort.version, by=manager, at=place.at - timedelta(days=6))
    counties = [code for code, _name in counties_to_choose(cohort.region_code)]
    for number, (name, village, kind, answer_by, helper) in enumerate(WOMEN):
        draft = SignUpDraft(
            name,
            f"140000900{number:02d}",
            counties[-1 - number % 2],
            "大白登镇",
            village,
            kind,
            answer_by,
            helper=helper,
        )
        at = place.at - timedelta(days=4, hours=-9 * number)
        made, _code = sign_up(cohort.id, draft, nonce=f"demonstration:{number}", network="", by=NOBODY, at=at)
    take_back(made.id, by=NOBODY, at=place.at - timedelta(hours=20))
