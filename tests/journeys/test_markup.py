"""The look at a page's HTML finds what is planted."""

import pytest

from tests.journeys.markup import markup_faults

PAGE = "<!doctype html><html lang=en><head><title>{title}</title></head><body><main>{body}</main></body></html>"

CLEAN = """
<h1>Roll</h1><ul><li>1<li>2</ul><a href="/"><img src="x" alt="Home"></a><button aria-label="Close"></button>
<form><label for="q">Search</label><input id="q" name="q" aria-describedby="hint"><p id="hint">By name</p>
<label>Day <input name="day"></label><input type="hidden" name="csrf_token"><select aria-label="Role"><option></option></select></form>
<table><thead><tr><th></th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
"""

FAULTS = {
    "<p>a<div>b</div></p>": "<div> in <p>",
    "<div><b>x</div>": "</div> does not close <b>",
    '<p id="a">1</p><p id="a">2</p>': "id a twice",
    '<label for="gone">Name</label>': "<label for=gone> points nowhere",
    '<label for="x">Name</label><p id="x">1</p>': "<label for=x> is for a <p>",
    '<input name="q">': "<input name=q> without a label",
    '<input name="q" aria-label="Q" aria-describedby="gone">': "<input aria-describedby=gone> points nowhere",
    '<a href="/"><button>Go</button></a>': "<button> in <a>",
    "<form><form><p>x</p></form></form>": "<form> in a <form>",
    '<img src="x">': "<img> without alt",
    '<a href="/y"> </a>': "<a> without text /y",
    '<button name="b"><img src="x" alt=""></button>': "<button> without text b",
    "<table><tr>x<td>1</td></tr></table>": "text directly in <tr>: x",
    "<table><div>1</div></table>": "<div> directly in <table>",
    "<ul><a href='/'>x</a></ul>": "<a> directly in <ul>",
    '<p class="a" class="b">x</p>': "<p> has an attribute twice",
    "<h1></h1>": "<h1> without text ",
    "<h1>a</h1><h3>b</h3>": "<h3> without a heading of the level above it",
    "<main>x</main>": "2 <main>",
}


def test_a_clean_page_has_none():
    assert markup_faults(PAGE.format(title="Roll", body=CLEAN)) == []


@pytest.mark.parametrize("body", FAULTS)
def test_a_planted_fault_is_found(body):
    assert FAULTS[body] in markup_faults(PAGE.format(title="x", body=body))


def test_a_page_without_title_or_doctype_is_found():
    assert "1 titles" in markup_faults(PAGE.format(title=" ", body="x"))
    assert any(
        "doctype" in fault for fault in markup_faults(PAGE.format(title="x", body="x").removeprefix("<!doctype html>"))
    )
