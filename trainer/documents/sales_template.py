"""A workbook to type broadcasts or orders into, where a platform lets nothing be downloaded."""

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.sales_guide import Template
from trainer.wording import label
from trainer.wording.sales_guide import HOW_TO, RULES


def sales_template(template: Template) -> bytes:
    """The headings that are read, an example that is passed over, and a sheet that says how to fill it in."""
    columns = [
        Column(heading, "text" if heading in template.texts else "number", 48 if heading == "直播标题" else 18)
        for heading in template.columns
    ]
    example = [_cell(heading, said, template) for heading, said in template.columns.items()]
    form = Sheet(label(template.kind), columns, [example], quiet=frozenset({0}), is_form=True)
    said = Sheet(str(HOW_TO), [Column(str(HOW_TO), width=90)], [(str(rule),) for rule in RULES])
    return write_workbook([form, said])


def _cell(heading: str, said: str, template: Template) -> object:
    return float(said) if said and heading not in template.texts else said
