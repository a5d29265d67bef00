"""A large sales file taken in, beside what the database does bare: seconds as ratios, memory in MB.

Each measure runs in a process of its own (`python -m benchmarks.sales PART …`), so that its peak is its own.
"""

import argparse
import csv
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate

from trainer import clock
from trainer.app import create_app
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.days import CHINA
from trainer.domain.sales import Platform
from trainer.models import OrderLine, Person, Shop
from trainer.platforms.inspection import inspect_stream
from trainer.platforms.limits import run_spooled
from trainer.services import sales
from trainer.services.region import load_regions

ROWS = 200_000
HEADINGS = (
    *("主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商品单价", "订单应付金额", "收件人"),
    *(
        "收件人手机号",
        "省",
        "市",
        "订单提交时间",
        "支付完成时间",
        "订单状态",
        "售后状态",
        "流量体裁",
        "达人ID",
        "达人昵称",
    ),
    "发货时间",
)
BEGIN = datetime(2026, 3, 1, 8, tzinfo=CHINA)
HEAD = "{:<44}{:>9}{:>9}{:>8}{:>7}{:>10}{:>10}"


def spelled(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def rows(many: int) -> Iterator[tuple[object, ...]]:
    """Orders of a shop as its platform exports them, half a minute apart."""
    chance = random.Random(1)
    for number in range(many):
        at = BEGIN + timedelta(seconds=37 * number)
        order = 6923456789012000000 + 17 * number
        status, after = chance.choice(
            (("已完成", "无售后"), ("已完成", "退款成功"), ("待发货", "-"), ("已关闭", "退款成功"))
        )
        price = f"{19.9 + number % 30:.2f}"
        yield (
            *(f"\t{order}", f"\t{order + 1}", f"云州小米 {number % 9}斤", "5斤装", 1 + number % 3),
            *(f"\t{3500000 + number % 50}", price, price, "张*", "138****0000"),
            *(
                chance.choice(("山西省", "北京市", "广东省")),
                "大同市",
                spelled(at),
                spelled(at + timedelta(seconds=9)),
                status,
                after,
            ),
            *(chance.choice(("直播", "短视频", "商品卡")), "0", "", spelled(at + timedelta(hours=9))),
        )


def write_csv(path: Path, many: int = ROWS) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        out.writerows(rows(many))


def write_xlsx(path: Path, many: int = ROWS) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415 (only this part needs it)

    book = Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("订单")
    sheet.write_row(0, 0, HEADINGS)
    for at, row in enumerate(rows(many), start=1):
        sheet.write_row(at, 0, [str(cell).strip() for cell in row])
    book.close()


def peak_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def take_in(path: Path, database: str, folder: Path) -> dict[str, float]:
    """The file through the services, as a page or a task does it; once, and again as another file of the same rows."""
    app = create_app({"MODE": "testing", "INSTANCE_PATH": folder, "SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        flask_migrate.upgrade()
        shop_id = _shop()
        seconds = [_taken_in(path, shop_id), _taken_in(path, shop_id, again=True)]
        peaks = (peak_mb(resource.RUSAGE_SELF), peak_mb(resource.RUSAGE_CHILDREN))
        lines = db.session.scalar(db.select(db.func.count()).select_from(OrderLine))
        twin = _bare_copy(folder) if on_postgresql() else None
    return {"first": seconds[0], "again": seconds[1], "own": peaks[0], "child": peaks[1], "lines": lines, "twin": twin}


def _shop() -> int:
    with transaction() as session:
        load_regions()
        person = Person(name="王秀芳", name_pinyin="wangxiufang", name_initials="wxf", region_code="140215")
        person.created_at = person.updated_at = clock.now()
        session.add(person)
        session.flush()
        shop = Shop(person_id=person.id, platform=Platform.DOUYIN, name="秀芳杂粮", created_at=clock.now())
        session.add(shop)
        session.flush()
        return shop.id


def _taken_in(path: Path, shop_id: int, *, again: bool = False) -> float:
    content = path.open("rb")
    if again:  # the same rows under another hash: one blank line more
        copy = path.with_name("again.csv")
        shutil.copyfile(path, copy)
        with copy.open("a", encoding="utf-8") as file:
            file.write("\n")
        content = copy.open("rb")
    began = time.perf_counter()
    with content, sales.read_file(content, platform="douyin", at=clock.now()) as reading:
        with transaction():
            batch = sales.preview(shop_id, path.name, reading, by=SYSTEM, at=clock.now())
        if not again:
            with transaction():
                sales.commit(batch.id, by=SYSTEM, at=clock.now())
    return time.perf_counter() - began


def _bare_copy(folder: Path) -> float:
    """COPY of the same lines into the same table, emptied: its indexes and foreign keys are those of ours."""
    lines = folder / "lines.copy"
    driver = db.session.connection().connection.driver_connection
    with driver.cursor() as cursor, lines.open("wb") as file, cursor.copy("COPY order_lines TO STDOUT") as copy:
        file.writelines(copy)
    with transaction() as session:
        session.execute(db.text("TRUNCATE order_lines"))
    began = time.perf_counter()
    with transaction() as session:
        driver = session.connection().connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY order_lines FROM STDIN") as copy, lines.open("rb") as file:
            while chunk := file.read(1 << 16):
                copy.write(chunk)
    return time.perf_counter() - began


def sqlite_import(database: Path, folder: Path) -> float | None:
    """`sqlite3 .import` of the same lines into an empty table of the same shape and indexes; None without that tool."""
    tool = shutil.which("sqlite3")
    if tool is None:
        return None
    lines, bare = folder / "lines.csv", folder / "bare.sqlite3"
    with sqlite3.connect(database) as known, lines.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(known.execute("SELECT * FROM order_lines"))
        shape = [sql for (sql,) in known.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'order_lines'") if sql]
    with sqlite3.connect(bare) as made:
        made.executescript("PRAGMA journal_mode=WAL;" + ";".join(shape))
    began = time.perf_counter()
    subprocess.run([tool, bare, ".mode csv", f".import {lines} order_lines"], check=True, capture_output=True)
    return time.perf_counter() - began


def read_xlsx(path: Path) -> dict[str, float]:
    """Reading and checking a workbook beside its bare reader."""
    import python_calamine  # noqa: PLC0415 (only this part needs it)

    began = time.perf_counter()
    with path.open("rb") as content, run_spooled(inspect_stream, content, today=clock.today()) as reading:
        found = reading.inspection.data_rows
    ours, began = time.perf_counter() - began, time.perf_counter()
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    bare = sum(1 for _row in sheet.iter_rows()) - 1
    if found != bare:
        raise SystemExit(f"{found} rows read, {bare} in the sheet")
    return {"ours": ours, "twin": time.perf_counter() - began, "child": peak_mb(resource.RUSAGE_CHILDREN)}


def _apart(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.sales", *words], check=True, capture_output=True)
    return json.loads(done.stdout.splitlines()[-1])


def _line(
    name: str, ours: float, twin: float | None, goal: float | None, own: float | None, child: float | None
) -> None:
    ratio = "" if twin is None else f"{ours / twin:.2f}{'!' if goal and ours > goal * twin else ' '}"
    peaks = [f"{peak:.0f}" if peak else "" for peak in (own, child)]
    shown = ("" if twin is None else f"{twin:.2f}", ratio, f"{goal:g}" if goal else "", *peaks)
    print(HEAD.format(name, f"{ours:.2f}", *shown), flush=True)


def show(postgresql: str | None) -> None:
    """The table: seconds of ours and of the bare database, their ratio, peaks of our process and of the reading child."""
    print("\n" + HEAD.format(f"{ROWS:,} order lines, seconds", "ours", "bare", "ratio", "goal", "own MB", "child MB"))
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        folder = Path(place)
        orders, book = folder / "orders.csv", folder / "orders.xlsx"
        write_csv(orders)
        database = folder / "sales.sqlite3"
        found = _apart("take-in", str(orders), f"sqlite:///{database}", str(folder))
        bare = sqlite_import(database, folder)
        _line("csv taken in, SQLite / sqlite3 .import", found["first"], bare, 5, found["own"], found["child"])
        _line("its rows again in another file, SQLite", found["again"], found["first"], 1, None, None)
        if postgresql:
            found = _apart("take-in", str(orders), postgresql, str(folder))
            _line("csv taken in, PostgreSQL / COPY", found["first"], found["twin"], 3, found["own"], found["child"])
            _line("its rows again in another file, PostgreSQL", found["again"], found["first"], 1, None, None)
        write_xlsx(book)
        found = _apart("xlsx", str(book))
        _line("xlsx read and checked / bare reader", found["ours"], found["twin"], 2, None, found["child"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sales", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("take-in", "xlsx"), help="one measure; without it, the table")
    parser.add_argument("places", nargs="*", help="of one measure: file, database, folder")
    parser.add_argument("--postgresql", help="address of an empty PostgreSQL database to measure on too")
    arguments = parser.parse_args()
    if arguments.part == "take-in":
        path, database, folder = arguments.places
        print(json.dumps(take_in(Path(path), database, Path(folder))))
    elif arguments.part == "xlsx":
        print(json.dumps(read_xlsx(Path(arguments.places[0]))))
    else:
        show(arguments.postgresql)


if __name__ == "__main__":
    main()
