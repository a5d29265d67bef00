"""A workbook to type broadcasts or orders into, where a platform lets nothing be downloaded."""

from flask_babel import gettext as _

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.sales_guide import Template
from trainer.wording import label


def sales_template(template: Template) -> bytes:
    """The headings that are read, an example that is passed over, and a sheet that says how to fill it in."""
    columns = [
        Column(heading, "text" if heading in template.texts else "number", 48 if heading == "直播标题" else 18)
        for heading in template.columns
    ]
    example = [_cell(heading, said, template) for heading, said in template.columns.items()]
    form = Sheet(label(template.kind), columns, [example], quiet=frozenset({0}), is_form=True)
    said = Sheet(_("How to fill it in"), [Column(_("How to fill it in"), width=90)], [(one,) for one in _rules()])
    return write_workbook([form, said])


def _cell(heading: str, said: str, template: Template) -> object:
    return float(said) if said and heading not in template.texts else said


def _rules() -> list[str]:
    return [
        _("One row for each broadcast. The headings must stay as they are."),
        _("The grey example row is passed over: you may leave it."),
        _("Began at: year, month, day and clock, such as 2026-03-08 19:30."),
        _("Length: such as 2小时15分, or 135分钟."),
        _("Amounts in yuan with two decimals, as the platform shows them after the broadcast; write no 万."),
        _("Leave empty what the platform does not show. Do not reckon anything yourself."),
        _("Keep a screenshot of each broadcast: figures typed in are checked against it."),
    ]
