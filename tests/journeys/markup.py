"""What is wrong with a page's HTML: parse errors, content in the wrong place, names and labels that are missing or double."""

from html.parser import HTMLParser

from justhtml import JustHTML

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What stands directly in these is of these kinds and nothing else; a browser would move it or leave it out.
CHILDREN = {
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup"},
    "datalist": {"option"},
}
PHRASING_ONLY = {"p", "span", "a", "button", "label", "h1", "h2", "h3", "h4", "strong", "small", "summary", "dt"}
# Not in the above; a link may hold blocks, a heading may stand in a summary.
BLOCKS = {"div", "p", "ul", "ol", "dl", "table", "form", "section", "h1", "h2", "h3", "h4", "fieldset", "details"}
MAY_HOLD_BLOCKS = {"a": BLOCKS, "summary": {"h1", "h2", "h3", "h4"}, "dt": set()}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "summary", "details"}
# What says nothing without a text in it, or an image's alt, or an aria-label.
NAMED = {"a", "button", "label", "h1", "h2", "h3", "h4", "title", "summary", "legend"}
LEVELS = ["h1", "h2", "h3", "h4", "h5", "h6"]
FIELDS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form")


class Markup(HTMLParser):
    """Walks a page; `faults` is what it found."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._open: list[tuple[str, dict]] = []
        self._texts: list[list[str]] = []
        self._ids: dict[str, str] = {}
        self._level = 0
        self._references: list[tuple[str, str, str]] = []
        self._labelled: set[str] = set()
        self._fields: list[tuple[str, dict]] = []
        self.hrefs: list[str] = []
        self.title = self.language = ""
        self.titles = self.mains = self.headings = 0
        self.feed(source)
        self._look_at_whole()

    def handle_starttag(self, tag, attributes):
        self._close_item(before=tag)
        names, parents = dict(attributes), [name for name, _attributes in self._open]
        if len(names) != len(attributes):
            self.faults.append(f"<{tag}> has an attribute twice")
        self._look_at_place(tag, names, parents)
        self._take_names(tag, names, parents)
        self.titles += tag == "title" and "svg" not in parents
        self.mains += tag == "main"
        self.headings += tag == "h1"
        if tag in LEVELS:
            if LEVELS.index(tag) > self._level:
                self.faults.append(f"<{tag}> without a heading of the level above it")
            self._level = LEVELS.index(tag) + 1
        self.language = names.get("lang", "") if tag == "html" else self.language
        self.hrefs += [names["href"]] if tag == "a" and names.get("href") else []
        if tag == "img" and "alt" not in names:
            self.faults.append("<img> without alt")
        if tag in NAMED:
            self._texts.append([])
        if self._texts:
            self._texts[-1].append(names.get("aria-label") or names.get("alt") or "")
        if tag not in VOID:
            self._open.append((tag, names))

    def _close_item(self, before: str) -> None:
        """The end of an <li> may be left out: long lists do."""
        if self._open and self._open[-1][0] == "li" and before in ("li", "/ul", "/ol"):
            self._open.pop()

    def _look_at_place(self, tag: str, names: dict, parents: list[str]) -> None:
        parent = parents[-1] if parents else ""
        if tag not in CHILDREN.get(parent, {tag, "script", "template"}) and "svg" not in parents:
            self.faults.append(f"<{tag}> directly in <{parent}>")
        if parent in PHRASING_ONLY and tag in BLOCKS - MAY_HOLD_BLOCKS.get(parent, set()):
            self.faults.append(f"<{tag}> in <{parent}>")
        if tag == "form" and "form" in parents:
            self.faults.append("<form> in a <form>")
        focusable = tag in INTERACTIVE - {"label", "details"} and names.get("type") != "hidden"
        for holder in {"a", "button", "summary"} & set(parents):
            if focusable or tag == "label":
                self.faults.append(f"<{tag}> in <{holder}>")
        if "label" in parents and tag in ("a", "button", "label"):
            self.faults.append(f"<{tag}> in <label>")

    def _take_names(self, tag: str, names: dict, parents: list[str]) -> None:
        if name := names.get("id"):
            if name in self._ids:
                self.faults.append(f"id {name} twice")
            self._ids[name] = tag
        if "id" in names and not (names["id"] or "").strip():
            self.faults.append(f"<{tag}> with an empty id")
        for attribute in REFERENCES:
            self._references += [(tag, attribute, target) for target in (names.get(attribute) or "").split()]
        if tag == "label":
            self._labelled.add(names.get("for", ""))
        if tag in FIELDS and names.get("type") not in UNLABELLED and "label" not in parents:
            self._fields.append((tag, names))

    def handle_data(self, data: str) -> None:
        if self._texts:
            self._texts[-1].append(data)
        if self._open and self._open[-1][0] in CHILDREN and data.strip():
            self.faults.append(f"text directly in <{self._open[-1][0]}>: {data.strip()[:30]}")

    def handle_endtag(self, tag: str) -> None:
        self._close_item(before=f"/{tag}")
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> does not close <{self._open[-1][0] if self._open else ''}>")
            return
        _tag, names = self._open.pop()
        if tag in NAMED:
            text = "".join(self._texts.pop()).strip()
            if self._texts:
                self._texts[-1].append(text)
            if tag == "title" and not any(name == "svg" for name, _names in self._open):
                self.title = text
            if not text:
                self.faults.append(f"<{tag}> without text {names.get('href', names.get('name', ''))}")

    def _look_at_whole(self) -> None:
        if self._open:
            self.faults.append(f"never closed: {[tag for tag, _names in self._open]}")
        if self.titles != 1 or not self.title:
            self.faults.append(f"{self.titles} titles")
        if self.mains != 1:
            self.faults.append(f"{self.mains} <main>")
        for tag, attribute, target in self._references:
            if target not in self._ids:
                self.faults.append(f"<{tag} {attribute}={target}> points nowhere")
            elif attribute == "for" and self._ids[target] not in {*FIELDS, "output", "meter", "progress", "button"}:
                self.faults.append(f"<label for={target}> is for a <{self._ids[target]}>")
        for tag, names in self._fields:
            if names.get("id") not in self._labelled and not (names.keys() & {"aria-label", "aria-labelledby"}):
                self.faults.append(f"<{tag} name={names.get('name')}> without a label")


def parse_errors(source: str) -> list[str]:
    """What a browser's parser stumbles over."""
    return [str(error) for error in JustHTML(source, collect_errors=True, sanitize=False).errors]


def markup_faults(source: str) -> list[str]:
    """Everything wrong with the page; empty where nothing is."""
    return parse_errors(source) + Markup(source).faults
