"""Build the stage, run ours and twin in turn, print the ratios; nothing is asserted, machines differ."""

import argparse
import gc
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from benchmarks import adaptive, outcomes, sales, selection
from benchmarks.cases import Case, cases
from benchmarks.stage import build
from benchmarks.twins import create_twin
from benchmarks.visitor import serve
from trainer.database import db

HEAD = ("", "ours", "twin", "ratio", "goal", "p99/p50", "SQL", "goal", "KB", "goal", "twin KB")
LINE = "{:<26}{:>9}{:>9}{:>8}{:>7}{:>9}{:>6}{:>6}{:>8}{:>7}{:>9}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked for (60)")
    parser.add_argument("--only", default="", help="only the cases with this in their name")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        started = time.perf_counter()
        stage = build(Path(folder))
        print(f"stage built in {time.perf_counter() - started:.1f} s; times in ms are medians of {arguments.rounds}\n")
        twin_port = serve(create_twin(stage.database))
        chosen = [case for case in cases(stage, serve(stage.app), twin_port) if arguments.only in case.name]
        gc.freeze()  # as `flask serve` does
        gc.set_threshold(10_000, 20, 50)
        print(LINE.format(*HEAD))
        for case in chosen:
            print(LINE.format(*measure(stage, case, arguments.rounds)), flush=True)
    if not arguments.only:
        sales.show(None)
        outcomes.show()
        selection.show()
        adaptive.show()


def measure(stage, case: Case, rounds: int) -> tuple[str, ...]:
    """One line of the table. Ours and twin take turns, so that a busy moment of the machine hits both."""
    for _ in range(3):
        checked(case, case.ours())
        bare = case.twin()
        checked(case, bare)
    statements, size = counted(stage, case)
    ours, twin = [], []
    for _ in range(rounds):
        for spent, request in ((ours, case.ours), (twin, case.twin)):
            began = time.perf_counter()
            answer = request()
            spent.append(1000 * (time.perf_counter() - began))
            checked(case, answer)
    middle, floor = statistics.median(ours), statistics.median(twin)
    tail = statistics.quantiles(ours, n=100)[98] / middle if rounds > 1 else 1.0
    return (
        case.name,
        f"{middle:.1f}",
        f"{floor:.1f}",
        verdict(middle / floor, case.ratio, "{:.2f}"),
        f"{case.ratio:g}",
        f"{tail:.1f}",
        verdict(statements, case.statements, "{}"),
        f"{case.statements}",
        verdict(size / 1024, case.kilobytes, "{:.1f}"),
        f"{case.kilobytes}" if case.kilobytes else "",
        f"{len(bare.body) / 1024:.1f}",
    )


def verdict(found: float, goal: float | None, shape: str) -> str:
    """The figure, with a mark where it misses the goal."""
    return shape.format(found) + ("!" if goal is not None and found > goal else " ")


def checked(case: Case, answer) -> None:
    if answer.status != case.status:
        raise SystemExit(f"{case.name}: answered {answer.status}, not {case.status}")


def counted(stage, case: Case) -> tuple[int, int]:
    """Statements that one request of ours sends to the database, and the bytes of its answer."""
    with stage.app.app_context(), watching() as seen:
        answer = case.ours()
    checked(case, answer)
    return len(seen), len(answer.body)


@contextmanager
def watching():
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
