"""Broadcasts of the demonstration that were typed in: with an invented app's picture, in every state they can be in."""

import io
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path
from sqlalchemy import select

from trainer.database import db
from trainer.domain.days import CHINA
from trainer.domain.demonstration import DATONG_CAST, STORY, YUNCHENG_CAST, stream
from trainer.domain.sales_entry import EntryState, Typed
from trainer.models.account import Account
from trainer.models.person import Person
from trainer.models.sales import Livestream, Shop
from trainer.models.sales_entry import SalesEntry
from trainer.queries.account import get_account, get_actor
from trainer.services import sales_entry as entries
from trainer.services.demo_place import Place
from trainer.services.picture import redraw
from trainer.services.picture_look import look_at
from trainer.services.sales_entry_picture import Picture

# Earlier than any broadcast of the files begins.
EARLY = time(7, 30)
YEARS_KEPT = 5
# Nobody is asked to read the amount from the picture: these stories are told without it.
NO_RETYPING = 10**12
UNLIKE = "截图上的成交金额是1,286.00元，您填的是2,286.00元，请对照截图改一下再交。"


def add_typed(place: Place) -> None:
    """One woman's in every state; two others handed in the same picture."""
    staff = get_actor(get_account(place.accounts["datong"]))
    checked = _hand_in(STORY.name, Typed(_days_ago(place, 8), 4_800, 356, 21, 96_390, 4_590), place)
    _accept(checked, place, staff)
    _hand_in(STORY.name, Typed(_days_ago(place, 2), 5_400, 12_000, 34, 156_060, 0, ("viewers",)), place)
    returned = _hand_in(STORY.name, Typed(_days_ago(place, 4), 3_600, 288, 28, 228_600, None), place)
    seen = db.session.get(SalesEntry, returned).version
    entries.turn_back(returned, UNLIKE, seen=seen, by=staff, at=place.at - timedelta(days=3))
    _begin(STORY.name, Typed(_days_ago(place, 1), 3_000), place, None)
    _add_replaced(place, staff)
    same = Typed(_days_ago(place, 5), 4_200, 402, 17, 67_660, 0)
    picture = _picture(same)
    _hand_in(DATONG_CAST[3].name, same, place, picture)
    _hand_in(YUNCHENG_CAST[1].name, replace(same, started_at=_days_ago(place, 3)), place, picture)


def _days_ago(place: Place, days: int) -> datetime:
    return datetime.combine(place.today - timedelta(days=days), EARLY, CHINA)


def _hand_in(name: str, typed: Typed, place: Place, picture: Picture | None = None) -> int:
    """By herself, in the evening of the day."""
    entry_id = _begin(name, typed, place, picture or _picture(typed))
    _shop, by = _seller(name)
    entries.submit(entry_id, by=by, at=typed.started_at + timedelta(hours=5))
    return entry_id


def _begin(name: str, typed: Typed, place: Place, picture: Picture | None) -> int:
    shop_id, by = _seller(name)
    at = place.past(typed.started_at + timedelta(hours=4))
    nonce = f"demo-entry-{shop_id}-{typed.started_at:%Y%m%d}"
    return entries.begin(shop_id, typed, nonce=nonce, picture=picture, keep_years=YEARS_KEPT, by=by, at=at)


def _accept(entry_id: int, place: Place, staff) -> None:
    seen = db.session.get(SalesEntry, entry_id).version
    facts = {"seen": seen, "retyped_fen": None, "retype_from_fen": NO_RETYPING}
    entry = db.session.get(SalesEntry, entry_id)
    if entries.wants_retyping(entry.id, entry.gmv_fen, NO_RETYPING):
        facts["retyped_fen"] = entry.gmv_fen
    entries.accept(entry_id, **facts, by=staff, at=place.at - timedelta(days=7))


def _seller(name: str):
    """Her shop and she; of women who have accounts."""
    shop_id, account_id = db.session.execute(
        select(Shop.id, Account.id)
        .join(Person, Person.id == Shop.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(Person.name == name)
        .order_by(Shop.id)
        .limit(1)
    ).one()
    return shop_id, get_actor(get_account(account_id))


def _add_replaced(place: Place, staff) -> None:
    """The last broadcast of her list was typed first: the file took its place, and what was typed is kept."""
    shop_id, _by = _seller(STORY.name)
    last = select(Livestream).where(Livestream.shop_id == shop_id, Livestream.batch_id.is_not(None))
    live = db.session.scalar(last.order_by(Livestream.started_at.desc()).limit(1))
    typed = Typed(live.started_at, live.duration_s, live.viewers, live.orders, live.gmv_fen)
    entry = db.session.get(SalesEntry, _begin(STORY.name, typed, place, _picture(typed)))
    entry.state, entry.livestream_id = EntryState.REPLACED, live.id
    entry.submitted_at = place.past(live.started_at + timedelta(hours=5))
    entry.checked_at, entry.checked_by = place.past(live.started_at + timedelta(days=1)), staff.account_id
    entry.replaced_at = place.at


def _picture(typed: Typed) -> Picture:
    content = redraw(_screen(typed, stream("screen", typed.started_at)))
    return Picture(content, look_at(content))


def _screen(typed: Typed, chance: Random) -> bytes:
    """The end of a broadcast as an app that does not exist shows it."""
    picture = Image.new("RGB", (540, 960), "#f4f1ec")
    pen = ImageDraw.Draw(picture)
    small, large = (ImageFont.truetype(str(sans_path()), size) for size in (24, 44))
    pen.rectangle((0, 0, 540, 250), fill="#8a2d3b")
    pen.text((36, 40), "示例直播 · 本场数据", font=small, fill="#ffffff")
    pen.text((36, 100), f"{typed.gmv_fen / 100:,.2f}", font=large, fill="#ffffff")
    pen.text((36, 170), "成交金额（元）", font=small, fill="#f0d8dc")
    started = f"{typed.started_at.astimezone(CHINA):%m-%d %H:%M}"
    lines = {
        "开播时间": started,
        "直播时长": f"{typed.duration_s // 60}分钟",
        "观看人数": f"{typed.viewers / 10_000:.1f}万" if typed.rounded else f"{typed.viewers}",
        "成交订单": f"{typed.orders}",
        "退款金额": "—" if typed.refund_fen is None else f"{typed.refund_fen / 100:,.2f}",
    }
    for number, (label, figure) in enumerate(lines.items()):
        top = 290 + 66 * number
        pen.text((36, top), label, font=small, fill="#6a625a")
        pen.text((300, top), figure, font=small, fill="#222222")
    # How many watched from minute to minute.
    heights = [chance.randrange(20, 240) for _minute in range(24)]
    for number, height in enumerate(heights):
        pen.rectangle((36 + 20 * number, 920 - height, 50 + 20 * number, 920), fill="#c98a94")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
