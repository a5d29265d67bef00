"""The audit trail is complete: every verb of the services that acts for somebody records, and every act has words."""

import ast
from functools import cache
from pathlib import Path

from tests.house.floors import PACKAGE
from trainer.domain.actors import TokenKind
from trainer.wording.audit import ACTIONS

SERVICES = PACKAGE / "services"

# Verbs with `by` and `at` that leave no event of their own, and why that is right.
SILENT: dict[str, str] = {
    "background_task.finish_task": "the asking and the download are written down, and what the work itself changes",
    "enrolment.move_enrolments": "many at once: the act behind it writes down all of them in one entry",
    "evidence.keep_evidence": "beside a row; the verb that writes the row records",
    "file.keep_sealed": "a place for a file; the verb that keeps it there records",
    "idempotency.claim": "a key of the form; the act behind it records",
    "message.notify": "tells of an act that its own verb records",
    "sales_entry_picture.keep_picture": "part of typing in a broadcast, which records",
    "application.touched": "part of writing an application, which records",
    "ranking.make_run": "part of closing a round or ranking again, which record the run",
    "selection.join_round": "part of handing in, going on and naming, which record",
    "selection.note": "her own history; the verb that changes the application records",
    "selection.take_in": "part of handing in and of adding candidates, which record",
    "taken_down.add": "part of writing a call, a cost or paid days down, which records",
    "taken_down.take_row_back": "part of taking it back, which records",
    "sign_up_answer.tell_her": "tells of a decision that its own verb records",
    "survey.write_entry": "part of answering, copying and correcting, which record",
    "survey.write_next": "part of copying, correcting and opening again, which record",
    "review.save_draft": "hers alone until she submits; submitting records",
}
# First arguments of `record` that are not written out where it stands: (file, their text) → what they may be.
ELSEWHERE: dict[tuple[str, str], set[str]] = {
    ("services/access.py", "f'access.{kind}'"): {f"access.{kind}" for kind in TokenKind},
    ("services/assessment.py", "action"): {"assessment.drop", "assessment.restore"},
    ("services/closing.py", "verb"): {"lesson.close", "lesson.reopen"},
    ("cli/keys.py", "action"): {"keys.rotate", "keys.retire"},
    ("services/attendance_request.py", "f'attendance_request.{verb}'"): {
        f"attendance_request.{v}" for v in ("grant", "refuse")
    },
    ("services/consent.py", "action"): {"consent.give", "consent.add_paper", "consent.withdraw"},
    ("services/data_request.py", "verb[state]"): {f"data_request.{v}" for v in ("do", "refuse", "take_back")},
    ("services/import_batch.py", "action"): {f"{kind}.discard" for kind in ("roster", "mark_import", "past_cohort")},
    ("services/reopening.py", "act"): {"round.reopen", "round.refuse_to_reopen"},
    ("services/second_factor_reset.py", "verb"): {"second_factor.reset", "second_factor.refuse_reset"},
    ("services/paper_sheet.py", "verb"): {f"paper_sheet.{v}" for v in ("confirm", "return", "undo")},
    ("services/service_hours.py", "f'service_hours.{_VERBS[state]}'"): {
        f"service_hours.{v}" for v in ("approve", "refuse", "take_back")
    },
    ("views/evidence.py", "f'{kind}.show_evidence'"): {
        f"{kind}.show_evidence" for kind in ("cohort_cost", "donation_payment", "paid_work")
    },
    ("views/errors.py", "action"): {"access.refused", "act.refused"},
}


class Module:
    """One module of the services: its functions, and what the names in it stand for."""

    def __init__(self, path: Path, source: str | None = None) -> None:
        tree = ast.parse(source if source is not None else path.read_text())
        self.stem = path.stem
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.names: dict[str, tuple[str, str | None]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "trainer.services":
                self.names |= {alias.asname or alias.name: (alias.name, None) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trainer.services."):
                stem = node.module.rsplit(".", 1)[1]
                self.names |= {alias.asname or alias.name: (stem, alias.name) for alias in node.names}

    def called(self, function: ast.FunctionDef) -> set[tuple[str, str]]:
        """(module, function) of what a function calls, or hands on, within the services."""
        found = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Name):
                found |= {(self.stem, node.id)} if node.id in self.functions else set()
                stem, name = self.names.get(node.id, (None, None))
                found |= {(stem, name)} if name else set()
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                stem, name = self.names.get(node.value.id, (None, None))
                found |= {(stem, node.attr)} if stem and name is None else set()
        return found


def recording(modules: dict[str, Module]) -> set[tuple[str, str]]:
    """Every function that records, itself or through what it calls."""
    calls = {(m.stem, name): m.called(node) for m in modules.values() for name, node in m.functions.items()}
    found, grown = {("audit", "record"), ("audit", "record_refusal")}, True
    while grown:
        more = {function for function, reached in calls.items() if reached & found} - found
        found, grown = found | more, bool(more)
    return found


def silent_verbs(modules: dict[str, Module]) -> set[str]:
    """Public functions that act for somebody (`by=`) at a moment (`at=`) and record nothing."""
    loud = recording(modules)
    verbs = {
        (module.stem, name)
        for module in modules.values()
        for name, node in module.functions.items()
        if not name.startswith("_") and {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    }
    return {f"{stem}.{name}" for stem, name in verbs - loud}


@cache
def services() -> dict[str, Module]:
    return {path.stem: Module(path) for path in SERVICES.glob("*.py")}


def test_every_verb_that_acts_for_somebody_records():
    assert silent_verbs(services()) == set(SILENT)


def test_a_planted_verb_without_a_record_is_found():
    quiet = "def give(thing, *, by, at):\n    thing.owner = by\n"
    through = "from trainer.services.planted import take\ndef give(thing, *, by, at):\n    take(thing)\n"
    loud = "from trainer.services import audit\ndef take(thing):\n    audit.record('thing.take', 'thing', 1)\n"
    modules = {"one": Module(Path("one.py"), quiet), "two": Module(Path("two.py"), through)}
    assert silent_verbs(modules) == {"one.give", "two.give"}
    modules["planted"] = Module(Path("planted.py"), loud)
    assert silent_verbs(modules) == {"one.give"}


def recorded(path: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """The acts that a module records; and first arguments that say it only elsewhere."""
    acts, open_ones = set(), set()
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name not in ("record", "record_refusal") or not node.args:
            continue
        first = node.args[0]
        first = first.value.elts[0] if isinstance(first, ast.Starred) else first
        said = {part.value for part in ast.walk(first) if isinstance(part, ast.Constant) and "." in str(part.value)}
        if isinstance(first, ast.Constant | ast.IfExp) and said:
            acts |= said
        else:
            open_ones.add((str(path.relative_to(PACKAGE)), ast.unparse(first)))
    return acts, open_ones


def test_every_act_has_words_in_the_readers_language():
    acts, open_ones = set().union(*ELSEWHERE.values()), set()
    for path in set(PACKAGE.rglob("*.py")) - {SERVICES / "audit.py"}:
        some, others = recorded(path)
        acts, open_ones = acts | some, open_ones | others
    assert open_ones <= set(ELSEWHERE), "say in ELSEWHERE what these may be"
    assert acts - set(ACTIONS) == set()
