"""The demonstration's counties before and after, the mentors posted to them, and where the targets are written."""

import io
from dataclasses import replace
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.county_indicator import IndicatorKind, ReadingDraft
from trainer.domain.mentor import PostingDraft, VisitDraft
from trainer.domain.programme import Promise, TargetKind
from trainer.models.programme import Programme
from trainer.queries.account import get_account, get_actor
from trainer.queries.programme import get_programme, programme_draft
from trainer.services import county_indicator, mentor, programme
from trainer.services.demo_place import Place
from trainer.services.evidence import seal_evidence

YUNZHOU, YANGGAO = "140215", "140221"
SOURCE = "《“她力量”乡村振兴帮扶计划实施方案》"
# Of a day, counted from the programme's first one: before it began, half a year later, a year later.
DAYS = (-40, 180, 365)
K = IndicatorKind
READINGS = (
    (YUNZHOU, K.PURCHASE_PRICE, "干黄花菜", "元/斤", (1850, 2200, 2680), "合作社收购合同"),
    (YANGGAO, K.PURCHASE_PRICE, "大接杏", "元/斤", (180, None, 310), "镇收购点价格牌"),
    (YUNZHOU, K.LOGISTICS_POINTS, "", "", (3100, 6400, 9500), "区邮政分公司台账"),
    (YANGGAO, K.LOGISTICS_POINTS, "", "", (None, 4200, 7100), "县商务局台账"),
    (YUNZHOU, K.PRACTITIONERS, "", "", (4600, 9800, 17200), "区妇联摸底表"),
    (YANGGAO, K.PRACTITIONERS, "", "", (2100, None, 8800), "县妇联摸底表"),
)
MENTORS = (
    (
        YUNZHOU,
        "郭明礼",
        "山西农业大学",
        "黄花菜分级、烘干到直播带货一条线；每季度集中辅导，平时线上答疑。",
        8,
        (320, 250, 170, 90, 20),
    ),
    (
        YANGGAO,
        "尹秀兰",
        "省电子商务协会",
        "帮大接杏合作社建一个县域直播间，带出十名能独立开播的主播。",
        6,
        (300, 200, 95),
    ),
)
WORK = (
    "看了两家合作社的烘干房，讲了分级标准。",
    "带学员试播一场，逐个看回放。",
    "帮着谈了快递价格，改了发货流程。",
    "讲退款和售后怎么回话，现场演练。",
    "看数据，定下个月的开播计划。",
)
PROMISED = {
    TargetKind.COMPLETED: 900,
    TargetKind.SUSTAINED_SELLERS: 120,
    TargetKind.NET_SALES_YUAN: 500_000,
    TargetKind.MENTORS_POSTED: 10,
    TargetKind.LOGISTICS_POINTS: 200,
    TargetKind.PRACTITIONERS: 339,
}


def add_counties(place: Place) -> None:
    manager, officer = (get_actor(get_account(place.accounts[name])) for name in ("manager", "datong"))
    began = db.session.get(Programme, place.programme_id).starts_on
    _add_readings(place, began, officer)
    _add_mentors(place, manager, officer)
    _promise(place, manager)


def _add_readings(place: Place, began: date, officer: Actor) -> None:
    evidence = seal_evidence(_contract(), "收购合同.png")
    for region, kind, subject, unit, values, source in READINGS:
        for after, value in zip(DAYS, values, strict=True):
            if value is None:
                continue
            day = min(began + timedelta(days=after), place.today)
            draft = ReadingDraft(region, kind, subject, unit, value, day, source)
            nonce = f"demo-reading-{region}-{kind}-{after}"
            kept = evidence if subject == "干黄花菜" and after == DAYS[-1] else None
            facts = {"nonce": nonce, "evidence": kept, "by": officer, "at": place.at}
            county_indicator.record_reading(place.programme_id, draft, **facts)


def _contract() -> bytes:
    """A picture that says what it would be."""
    picture = Image.new("RGB", (640, 320), "#faf8f5")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(sans_path()), 28)
    for line, words in enumerate(("收购合同（演示，非真实文件）", "品名：干黄花菜　一级", "收购价：26.80 元/斤")):
        pen.text((40, 40 + 80 * line), words, fill="#22262b", font=font)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _add_mentors(place: Place, manager: Actor, officer: Actor) -> None:
    for region, name, organisation, plan, visits, days_ago in MENTORS:
        first, last = place.today - timedelta(days=330), place.today + timedelta(days=150)
        draft = PostingDraft(region, name, organisation, first, last, plan, visits)
        posting = mentor.post_mentor(place.programme_id, draft, by=manager, at=place.at)
        for number, ago in enumerate(days_ago):
            visit = VisitDraft(
                place.today - timedelta(days=ago), 180 + 30 * number, "乡镇培训点", 14 + number, WORK[number]
            )
            nonce = f"demo-visit-{region}-{number}"
            mentor.record_visit(posting, visit, nonce=nonce, by=officer, at=place.at)


def _promise(place: Place, manager: Actor) -> None:
    """What was promised besides, and where all of it is written."""
    row = get_programme(place.programme_id)
    draft = programme_draft(row)
    values = {target.kind: target.value for target in row.targets} | PROMISED
    targets = {kind: Promise(value, draft.ends_on, SOURCE) for kind, value in values.items()}
    programme.update_programme(row, replace(draft, targets=targets), seen=row.version, by=manager, at=place.at)
