"""`tally`: the same count as the page's, of everything."""

import json

from tests import factories


def test_the_tally_of_a_day(app):
    cohort = factories.cohort(track="cadre")
    factories.enrolment(cohort)
    factories.site(kind="hub")
    run = app.test_cli_runner().invoke
    told = json.loads(run(args=["tally", "--as-of", "2026-03-10", "--by", "region", "--json"]).output)
    assert told["rows"]["140200"] == {"active": {"times": 1, "people": 1}, "all": {"times": 1, "people": 1}}
    assert (told["rows"]["CADRES"], told["rows"]["TRAINEES"]) == (told["rows"]["TOGETHER"], {})
    assert told["sites_open"] == {"hub": 1}
    assert json.loads(run(args=["tally", "--as-of", "2026-03-09", "--json"]).output)["rows"]["TOGETHER"] == {}
    assert "cadre\tactive=1/1\tall=1/1" in run(args=["tally", "--as-of", "2026-03-10"]).output.replace("\tall", "\tall")
    assert run(args=["tally", "--as-of", "soon"]).exit_code == 2
