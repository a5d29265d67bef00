"""Service hours and honours of the demonstration: a tariff, help in every state, two years of honours."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import ConsentScope
from trainer.domain.honour import HonourDraft
from trainer.domain.service_hours import Help, ServiceKind
from trainer.models.account import Account
from trainer.models.person import Person
from trainer.queries.account import get_account, get_actor
from trainer.queries.consent import has_consent
from trainer.services import consent, honour
from trainer.services import service_hours as ledger
from trainer.services.demo_place import Place

KIND = ServiceKind
# Days before the filling, kind, minutes, what was done.
_HELP = (
    (40, KIND.MENTORING, 180, "带三位姐妹开通店铺，讲怎样拍第一条短视频。"),
    (33, KIND.PEER_HELP, 90, "帮同村姐妹整理订单、打包发货。"),
    (21, KIND.VOLUNTEERING, 240, "培训班报到日做志愿服务，引导签到、照看孩子。"),
    (12, KIND.SITE_VISIT, 120, "接待外县学员参访合作社。"),
    (6, KIND.MENTORING, 150, "直播间现场指导，陪她播完第一场。"),
    (3, KIND.PEER_HELP, 60, "教新学员用手机剪辑。"),
)
_HONOURS = (("年度带头人", "带动同村姐妹一起直播，杂粮卖到了省外。"), ("优秀学员", "坚持每周直播，课程一次不落。"))
_PROJECTS = (("优秀项目", "黄花菜直播助农行动", "三个乡镇的合作社一起供货，学员轮流直播。"),)


def add_service(place: Place) -> None:
    """Help of the women with accounts, entered by the city's staff, answered by the province's."""
    manager, staff = _actor(place.accounts["manager"]), _actor(place.accounts["datong"])
    helpers = db.session.scalars(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .where(Person.region_code.startswith("1402"))
        .order_by(Account.id)
        .limit(3)
    ).all()
    women = [woman.id for woman in helpers]
    ledger.set_rate(KIND.MENTORING, date(place.today.year, 1, 1), 2, by=manager, at=place.at)
    entered = [
        ledger.enter(
            [women[number % len(women)]],
            Help(kind, place.today - timedelta(days), minutes, words),
            **{"nonce": f"demo {number}", "by": staff, "at": place.at},
        )[0]
        for number, (days, kind, minutes, words) in enumerate(_HELP)
    ]
    ledger.approve(entered[:4], by=manager, at=place.at)
    ledger.take_back(entered[3], "参访改期了，重新登记。", by=manager, at=place.at)
    ledger.refuse(entered[4], "请补一张现场照片再报。", by=manager, at=place.at)
    _add_honours(place, helpers, manager)


def _add_honours(place: Place, women: Sequence[Person], manager: Actor) -> None:
    """Of two years; the last of the women has not agreed to be named."""
    scope = ConsentScope.PUBLICATION
    for woman in women[:-1]:
        if not has_consent(woman.id, scope):
            consent.give(woman.id, scope, by=manager, at=place.at)
    for year, chosen in ((place.today.year - 1, women[:1]), (place.today.year, women)):
        drafts = [_draft(year, number, woman) for number, woman in enumerate(chosen)]
        drafts += [HonourDraft(year, title, "140200", words, project=name) for title, name, words in _PROJECTS]
        for draft in drafts:
            honour.publish(honour.enter(draft, by=manager, at=place.at), by=manager, at=place.at)


def _draft(year: int, number: int, woman: Person) -> HonourDraft:
    title, citation = _HONOURS[min(number, 1)]
    return HonourDraft(year, title, woman.region_code, citation, person_id=woman.id)


def _actor(account_id: int) -> Actor:
    return get_actor(get_account(account_id))
