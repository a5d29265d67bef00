"""A frozen ranking as a file that suffices to reckon it again, and that reckoning."""

import json
from collections.abc import Mapping
from importlib.metadata import version

from trainer.domain.round_inputs import RoundInputs
from trainer.domain.round_ranking import rank_round
from trainer.domain.rubric import BadSelectionInput

KIND = "trainer.ranking_run"
# The parts of a release that could round otherwise.
RECKONS = {name: version(name) for name in ("numpy", "scipy")}


def export_document(about: Mapping[str, object], inputs: Mapping, output: Mapping, hashes: Mapping[str, str]) -> dict:
    """`inputs` as they were frozen (rubric, figures, sheets, rules, seed, versions), `output` as it was hashed."""
    return {"kind": KIND, "about": dict(about), **hashes, "inputs": dict(inputs), "output": dict(output)}


def recompute_export(text: str) -> dict:
    """The hashes reached from the inputs of an export, when they are those it names.

    Raises BadSelectionInput: not_an_export, inputs_differ (they are not those that were hashed), output_differs (the
    reckoning or what is written down as its result is another).
    """
    document = _read(text)
    try:
        ranking = rank_round(RoundInputs.from_json(document["inputs"]))
        named = {name: document[name] for name in ("input_sha256", "output_sha256")}
        versions, output = document["inputs"].get("versions", {}), document["output"]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        raise BadSelectionInput("not_an_export") from error
    if ranking.input_sha256 != named["input_sha256"]:
        raise BadSelectionInput("inputs_differ", found=ranking.input_sha256, named=named["input_sha256"])
    reached = ranking.as_json()
    if ranking.output_sha256 != named["output_sha256"] or any(output.get(name) != reached[name] for name in reached):
        raise BadSelectionInput("output_differs", found=ranking.output_sha256, named=named["output_sha256"])
    return {
        **named,
        "candidates": len(ranking.rows),
        "same": True,
        "versions": {"then": {name: versions.get(name) for name in RECKONS}, "now": RECKONS},
    }


def _read(text: str) -> dict:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSelectionInput("not_an_export") from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise BadSelectionInput("not_an_export")
    return document
