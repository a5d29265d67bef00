"""`selection rank | score | assign | recompute`: the arithmetic on files; no database is touched."""

from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from trainer.cli.answers import answer, read_input, refusing
from trainer.domain.assignment import Terms, deal_answer, solve
from trainer.domain.run_export import recompute_export
from trainer.domain.scoring_rules import score_answer, score_table
from trainer.domain.selection_files import (
    read_candidates,
    read_conflicts,
    read_judges,
    read_rank_rubric,
    read_rules,
    read_scores,
    read_share,
    read_table,
)
from trainer.domain.severity_ranking import rank_answer, rank_scores
from trainer.platforms.texts import find_encoding
from trainer.wording import formula_sentence
from trainer.wording.run_export import recomputed_sentence

PAIR = ("candidate", "judge", "order")

group = AppGroup("selection", help="Ranking and scoring of files.")


@group.command("rank")
@click.argument("scores", type=click.Path(path_type=Path))
@click.option("--rubric", required=True, type=click.Path(path_type=Path), help="Criteria, weights, seats and seed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def rank(scores: Path, rubric: Path, as_json: bool) -> None:
    """Rank candidates from SCORES (candidate, judge, criterion, level)."""
    found = rank_answer(rank_scores(read_scores(_text(scores)), read_rank_rubric(_text(rubric))))
    if as_json:
        answer(found)
    else:
        _print_rows(found["rows"], ("rank", "candidate", "n", "raw", "adjusted", "flags"))


@group.command("score")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def score(rules: Path, table: Path, as_json: bool) -> None:
    """Lay a contest's RULES over a TABLE of figures."""
    wanted = read_rules(_text(rules))
    found = score_answer(score_table(wanted, read_table(_text(table), wanted)), _formula)
    if as_json:
        answer(found)
    else:
        _print_rows(found["rows"], ("rank", "candidate", "total", "advances", "flags"))


@group.command("recompute")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def recompute(export: Path, as_json: bool) -> None:
    """Reckon a frozen ranking again from its EXPORT alone, and compare the hashes."""
    found = recompute_export(_text(export))
    if as_json:
        answer(found)
    else:
        with current_app.test_request_context():
            click.echo(recomputed_sentence(found))


@group.command("assign")
@click.argument("candidates", type=click.Path(path_type=Path))
@click.argument("judges", type=click.Path(path_type=Path))
@click.option("--reviews", required=True, type=int, help="Judges for each candidate.")
@click.option("--anchors", default=0, type=int, help="Candidates that every judge reads.")
@click.option("--cross", default="0", metavar="SHARE", help="Readings outside the judge's own group, from 0 to 1.")
@click.option("--seed", default=1, type=int, help="Another seed deals otherwise.")
@click.option("--conflicts", type=click.Path(path_type=Path), help="Pairs that must never be (candidate, judge).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@refusing
def assign(
    candidates: Path,
    judges: Path,
    reviews: int,
    anchors: int,
    cross: str,
    seed: int,
    conflicts: Path | None,
    as_json: bool,
) -> None:
    """Deal CANDIDATES (candidate, group) out to JUDGES (judge, group, max)."""
    read, reading = read_candidates(_text(candidates)), read_judges(_text(judges))
    apart = read_conflicts(_text(conflicts), read, reading) if conflicts else ()
    deal = solve(read, reading, Terms(reviews, anchors, read_share(cross), str(seed)), apart)
    found = deal_answer(deal, [judge.key for judge in reading])
    if as_json:
        answer(found)
    else:
        _print_rows([dict(zip(PAIR, pair, strict=True)) for pair in found["pairs"]], PAIR)


def _formula(kind: str, values: Mapping[str, str]) -> str:
    with current_app.test_request_context():  # the language of a command is the default one
        return formula_sentence(kind, values)


def _text(file: Path) -> str:
    """The file's text, in whichever encoding a spreadsheet saved it."""
    content = read_input(file)
    return content.decode(find_encoding(content))


def _print_rows(rows: list[dict], columns: tuple[str, ...]) -> None:
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join(_plain(row[column]) for column in columns))


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "—" if value is None else str(value)
