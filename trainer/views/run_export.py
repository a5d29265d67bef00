"""A frozen ranking as a file by which anybody can reckon it again."""

import json

from flask import Blueprint, Response

from trainer import clock
from trainer.database import transaction
from trainer.domain.run_export import export_document
from trainer.permissions import Permission
from trainer.queries.ranking import get_run_figures, get_run_inputs
from trainer.services.ranking import record_export
from trainer.views.guards import actor, found, requires
from trainer.views.ranking import ranked_stage

pages = Blueprint("run_export", __name__, url_prefix="/selections/<int:selection_id>/ranking")


@pages.get("/<int:run_id>/run.json")
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int, run_id: int):
    """Codes and numbers of evaluators, never a name; only of a frozen run."""
    stage, runs, _asked = ranked_stage(selection_id)
    run = found(next((r for r in runs if r.id == run_id and r.frozen_at), None))
    output = get_run_figures(run_id)
    document = export_document(
        {"selection": stage.name, "round": stage.round.number, "frozen_at": run.frozen_at.isoformat()},
        get_run_inputs(run_id),
        output,
        {"input_sha256": run.input_sha256, "output_sha256": run.output_sha256},
    )
    with transaction():
        record_export(run_id, len(output.get("rows", ())), by=actor(), at=clock.now())
    answer = Response(json.dumps(document, ensure_ascii=False, sort_keys=True), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=run-{run_id}.json"
    return answer
