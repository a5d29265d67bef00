"""Quotas by their page: stated while the round is prepared, refused where they cannot be, shown to who reads."""

import pytest

from tests import factories, selections
from trainer.domain.actors import Role
from trainer.domain.round_inputs import QuotaRule
from trainer.domain.selection import QuotaAttribute
from trainer.queries.quota import list_groups, list_quotas
from trainer.services import quota as quotas
from trainer.services.round import RoundNotDraft


def state(client, made, **values):
    county = next(iter(list_groups(made.round_id).values()))["county"]
    data = {
        "version": made.version,
        "group": f"county:{county}",
        "at_least": "1",
        "basis": "同妇字〔2026〕8号",
        **values,
    }
    return client.post(f"{made.url}/quotas", data=data)


def test_stated_shown_and_taken_away(app, signed_in):
    made = selections.ready()
    client = signed_in(made.manager)
    assert state(client, made).status_code == 302
    page = client.get(f"{made.url}/quotas").text
    assert "同妇字〔2026〕8号" in page
    [quota] = list_quotas(made.round_id)
    assert (quota.attribute, quota.at_least, quota.at_most) == ("county", 1, None)
    assert "同妇字〔2026〕8号" in signed_in(factories.account(Role.AUDITOR)).get(f"{made.url}/quotas").text
    quota_id = page.split("/quotas/")[1].split("/")[0]
    assert client.post(f"{made.url}/quotas/{quota_id}/remove", data={"version": made.version}).status_code == 302
    assert list_quotas(made.round_id) == []
    assert client.post(f"{made.url}/quotas/{quota_id}/remove", data={"version": made.version}).status_code == 404


@pytest.mark.parametrize(
    ("low", "high", "refusal"),
    [
        (None, None, quotas.QuotaUpsideDown),
        (1, 0, quotas.QuotaUpsideDown),
        (2, None, quotas.QuotaAboveLine),  # one place
        (1, None, quotas.QuotaTwice),
    ],
)
def test_what_is_refused(app, low, high, refusal):
    made = selections.ready()
    stated = QuotaRule(QuotaAttribute.COUNTY, "云州区", 1, None, "文件")
    made.act(quotas.add_quota, stated)
    value = "云州区" if refusal is quotas.QuotaTwice else "灵丘县"
    with pytest.raises(refusal):
        made.act(quotas.add_quota, QuotaRule(QuotaAttribute.COUNTY, value, low, high, "文件"))
    assert list_quotas(made.round_id) == [stated]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"at_least": ""}, 422),
        ({"group": "county:没有的县"}, 422),  # no candidate is from there
        ({"basis": ""}, 422),
        ({"version": "0"}, 409),
    ],
)
def test_the_page_says_what_is_wrong(app, signed_in, values, status):
    made = selections.ready()
    assert state(signed_in(made.manager), made, **values).status_code == status
    assert list_quotas(made.round_id) == []


def test_not_once_the_round_is_open(app, signed_in):
    made = selections.ready()
    made.act(selections.rounds.open_round)
    with pytest.raises(RoundNotDraft):
        made.act(quotas.add_quota, QuotaRule(QuotaAttribute.COUNTY, "云州区", 1, None, "文件"))
    assert 'name="basis"' not in signed_in(made.manager).get(f"{made.url}/quotas").text


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(app, signed_in, count_statements, women):
    made = selections.ready(women)
    client = signed_in(made.manager)
    with count_statements() as seen:
        client.get(f"{made.url}/quotas")
    assert len(seen) == 5
