"""A row of a roster and what it would do: as it is planned, and as it is staged between preview and confirmation."""

import json
from dataclasses import dataclass, fields

from trainer.domain.imports import RowAction
from trainer.domain.roster import Change, Remark, RosterRow

# What staff may decide about a row that needs a person; "same:12" names the person of the register.
NEW_WOMAN, LEAVE_OUT, SAME_WOMAN = "new", "leave_out", "same:"
# The change of a row that puts somebody on the roll who has a place in the cohort already.
ENROLMENT = "enrolment.status"
TAKEN_IN = frozenset({RowAction.NEW, RowAction.UPDATE, RowAction.SAME})


@dataclass(frozen=True)
class PlannedRow:
    """A row and what it would do.

    NEW: she joins the roll; `person_id` says who she is where the register knows her already. UPDATE and SAME: she is
    on the roll. `changes` are those to the register; `decision` is what staff chose where a person is needed.
    """

    row: RosterRow
    action: RowAction
    person_id: int | None = None
    changes: tuple[Change, ...] = ()
    reason: str | None = None
    might_be: tuple[int, ...] = ()
    of_row: int | None = None
    region_code: str | None = None
    remarks: tuple[Remark, ...] = ()
    decision: str = ""

    @property
    def outcome(self) -> tuple[object, ...]:
        """What must not have changed between the preview and the confirmation."""
        return self.action, self.person_id, self.changes, self.reason, self.might_be, self.of_row, self.region_code


def to_content(planned: PlannedRow) -> str:
    """The row as it is staged: all that personal data can hide in, to be stored encrypted."""
    row = {item.name: getattr(planned.row, item.name) for item in fields(RosterRow)}
    rest = {item.name: getattr(planned, item.name) for item in fields(PlannedRow) if item.name not in ("row", "action")}
    changes = [[change.field, change.old, change.new] for change in planned.changes]
    return json.dumps({"row": row, **rest, "changes": changes}, ensure_ascii=False)


def from_content(action: RowAction, content: str) -> PlannedRow:
    said = json.loads(content)
    row = said.pop("row")
    for name in ("problems", "warnings"):
        row[name] = tuple(Remark(*remark) for remark in row[name])
    said["remarks"] = tuple(Remark(*remark) for remark in said["remarks"])
    said["changes"] = tuple(Change(*change) for change in said["changes"])
    said["might_be"] = tuple(said["might_be"])
    return PlannedRow(RosterRow(**row | {"raw": tuple(row["raw"])}), action, **said)
