"""Rubrics: a form for each kind of criterion with only what that kind needs, bonus and veto lines, files, tables, rules of
a round."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateTimeLocalField, DecimalField, HiddenField, IntegerField, SelectField, StringField
from wtforms import TextAreaField as TextArea
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainer.domain.figures import TABLE, FigureSource, FigureUnit, describe
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.rubric_file import FEWEST_LEVELS, LONGEST_NAME, LONGEST_WORDS, MOST_LEVELS, plain
from trainer.domain.scoring_kinds import EXTREMES_NEED
from trainer.domain.selection import Aggregate, CriterionDraft, CriterionKind, RankedBy
from trainer.forms.form import ChecksField, VersionForm, enum_field, options, required, required_number
from trainer.wording.figures import LABELS, with_unit

MOST_FIGURE = Decimal(10) ** 10
LONGEST_RULES = 200_000


def _number(words: object, *, least: object = -MOST_FIGURE, most: object = MOST_FIGURE, needed: bool = False, **more):
    first = required_number() if needed else Optional()
    return DecimalField(words, [first, NumberRange(min=least, max=most)], places=None, **more)


class LineForm(VersionForm):
    """What every criterion has."""

    name = StringField(
        _("What is scored"), [required(), Length(max=LONGEST_NAME)], description=_("Applicants and evaluators read it.")
    )
    points = _number(
        _("Points at most"),
        least=Decimal("0.01"),
        most=100,
        needed=True,
        description=_("All criteria of the rubric together bring 100; so this is its weight in percent too."),
    )

    kind: CriterionKind

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        points = self.points.data
        if points is not None and points * 100 != int(points * 100):
            self.points.errors = [gettext("At most two decimals.")]
            return False
        return self.check()

    def check(self) -> bool:
        """What holds between fields; errors are put on them."""
        return True

    def offer(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        """The figures that there are."""

    def fill(self, line: CriterionDraft) -> None:
        self.name.data, self.points.data = line.name, Decimal(line.weight_bp) / 100

    def draft(self, code: str = "") -> CriterionDraft:
        """Raises BadSelectionInput."""
        return CriterionDraft(self.name.data, self.kind, int(self.points.data * 100), (), self.rule(), code)

    def rule(self) -> dict:
        return {}


class JudgedForm(LineForm):
    kind = CriterionKind.JUDGED
    levels = TextArea(
        _("Words of the levels, one a line, the lowest first"),
        [required(), Length(max=4000)],
        description=_("2 to 10 levels. Say what can be seen, not “good”: “Sells already, has regular buyers”."),
        render_kw={"rows": 6},
    )

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in (self.levels.data or "").splitlines() if line.strip())

    def check(self) -> bool:
        if not FEWEST_LEVELS <= len(self.words) <= MOST_LEVELS:
            self.levels.errors = [gettext("A criterion has 2 to 10 levels; here are %(num)d.", num=len(self.words))]
        elif max(map(len, self.words)) > LONGEST_WORDS:
            self.levels.errors = [gettext("The words of a level are 200 characters at most.")]
        return not self.levels.errors

    def fill(self, line: CriterionDraft) -> None:
        super().fill(line)
        self.levels.data = "\n".join(line.levels)

    def draft(self, code: str = "") -> CriterionDraft:
        return CriterionDraft(self.name.data, self.kind, int(self.points.data * 100), self.words, {}, code)


class FigureForm(LineForm):
    """A criterion over one figure. Money is typed in yuan."""

    field = SelectField(_("Which figure"), validate_choice=False)
    column = StringField(
        _("Or the heading of a column in your own table"),
        [Length(max=60)],
        description=_("For what the records do not know, such as likes or a jury's marks. You send the table later."),
    )
    floor = _number(_("Not less than (points)"), least=-100, most=100, description=_("Usually empty."))
    cap = _number(_("Not more than (points)"), least=0, most=100, description=_("Usually empty."))

    @property
    def field_order(self) -> list[str]:
        """What is seldom needed comes last."""
        seldom = [name for name in ("floor", "cap") if name in self._fields]
        first = [
            name for name in self._fields if name not in seldom and name not in ("points", "csrf_token", "version")
        ]
        return [*first, *(["points"] if "points" in self._fields else []), *seldom]

    # Names of settings; those in `scaled` are in the unit of the figure.
    settings: tuple[str, ...] = ()
    scaled: tuple[str, ...] = ()

    def offer(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        self.field.choices = options(
            [("", gettext("— choose —")), *grouped((code for code in codes if self.takes(code)), names)]
        )

    def takes(self, code: str) -> bool:
        field = describe(code)
        return field is not None and field.is_number and field.source is not FigureSource.SHEETS

    @property
    def figure(self) -> str:
        return f"{TABLE}{self.column.data}" if self.column.data else self.field.data or ""

    @property
    def factor(self) -> int:
        found = describe(self.figure)
        return found.factor if found else 1

    def check(self) -> bool:
        if not self.figure or not self.takes(self.figure):
            self.field.errors = [gettext("Choose a figure, or name a column of your own table.")]
        return not self.field.errors

    def fill(self, line: CriterionDraft) -> None:
        super().fill(line)
        show_figure(self, str(line.rule["field"]))
        for name in ("floor", "cap", *self.settings):
            if name in line.rule and name in self._fields:
                value = Decimal(str(line.rule[name]))
                self[name].data = value / self.factor if name in self.scaled else value

    def rule(self) -> dict:
        rule: dict = {"field": self.figure}
        for name in ("floor", "cap", *self.settings):
            value = self[name].data if name in self._fields else None
            if value is not None:
                rule[name] = plain(value * self.factor if name in self.scaled else value)
        return rule


class RankStepForm(FigureForm):
    kind = CriterionKind.RANK_STEP
    step = _number(
        _("Each following place brings so many points less"), least=0, most=100, needed=True, default=Decimal("0.5")
    )
    settings = ("step",)


class PerUnitForm(FigureForm):
    kind = CriterionKind.PER_UNIT
    points_per_unit = _number(_("Points for every unit"), least=Decimal("0.000001"), most=100, needed=True)
    unit = _number(
        _("How much is one unit"),
        least=Decimal("0.000001"),
        needed=True,
        default=Decimal(1),
        description=_("Money in yuan: 1000 means that every 1,000 yuan are a unit."),
    )
    cap = None
    settings, scaled = ("points_per_unit", "unit"), ("unit",)


class MinMaxForm(FigureForm):
    kind = CriterionKind.MIN_MAX
    low = _number(_("Value that brings nothing"), description=_("Empty: the lowest among the candidates."))
    high = _number(_("Value that brings all points"), description=_("Empty: the highest among the candidates."))
    settings = scaled = ("low", "high")


class PercentileForm(FigureForm):
    kind = CriterionKind.PERCENTILE
    group = ChecksField(
        _("Compared only with candidates who have the same"),
        validate_choice=False,
        description=_("None ticked: compared with all."),
    )

    def offer(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        codes = list(codes)
        super().offer(codes, names)
        texts = [code for code in codes if (found := describe(code)) and found.is_text]
        texts += [code for code in self.group.data or () if code not in texts and describe(code)]
        self.group.choices = options((code, with_unit(code, names)) for code in texts)

    def check(self) -> bool:
        if any(not (found := describe(code)) or not found.is_text for code in self.group.data or ()):
            self.group.errors = [gettext("Groups are made by words, such as the county.")]
        return super().check() and not self.group.errors

    def fill(self, line: CriterionDraft) -> None:
        super().fill(line)
        self.group.data = list(line.rule.get("group", ()))

    def rule(self) -> dict:
        return super().rule() | ({"group": list(self.group.data)} if self.group.data else {})


class BandsForm(FigureForm):
    """The highest band says the points."""

    kind = CriterionKind.BANDS
    points = None
    bands = TextArea(
        _("Thresholds, one a line: from which value, how many points"),
        [required(), Length(max=2000)],
        description=_("For example “4 5” and “12 10”: from 4 on 5 points, from 12 on 10. Money in yuan. Below: none."),
        render_kw={"rows": 5},
    )

    def pairs(self) -> list[tuple[Decimal, Decimal]]:
        """Raises ValueError."""
        found = []
        for line in (self.bands.data or "").replace("：", " ").replace(":", " ").replace("，", " ").splitlines():
            if line.strip():
                start, points = (Decimal(part) for part in line.split())
                if not start.is_finite() or not points.is_finite() or max(abs(start), abs(points)) > MOST_FIGURE:
                    raise ValueError(line)
                found.append((start, points))
        return found

    def validate(self, extra_validators=None) -> bool:
        return VersionForm.validate(self, extra_validators) and self.check()

    def check(self) -> bool:
        try:
            pairs = self.pairs()
        except (ValueError, ArithmeticError):
            self.bands.errors = [gettext("Two numbers in each line: from which value, and how many points.")]
            return False
        highest = max((points for _start, points in pairs), default=Decimal(0))
        if not 0 < highest <= 100 or highest * 100 != int(highest * 100):
            self.bands.errors = [gettext("The highest points must be above 0 and at most 100, with two decimals.")]
        elif len({start for start, _points in pairs}) < len(pairs):
            self.bands.errors = [gettext("A threshold stands there twice.")]
        return super().check() and not self.bands.errors

    def fill(self, line: CriterionDraft) -> None:
        self.name.data = line.name
        show_figure(self, str(line.rule["field"]))
        for name in ("floor", "cap"):
            self[name].data = line.rule.get(name)
        pairs = ((Decimal(str(start)) / self.factor, points) for start, points in line.rule["bands"])
        self.bands.data = "\n".join(f"{start:f} {points}" for start, points in pairs)

    def rule(self) -> dict:
        bands = [[plain(start * self.factor), plain(points)] for start, points in self.pairs()]
        return super().rule() | {"bands": bands}

    def draft(self, code: str = "") -> CriterionDraft:
        weight = int(max(points for _start, points in self.pairs()) * 100)
        return CriterionDraft(self.name.data, self.kind, weight, (), self.rule(), code)


class WeightedForm(FigureForm):
    kind = CriterionKind.WEIGHTED
    of = _number(
        _("The full mark"),
        least=Decimal("0.000001"),
        needed=True,
        default=Decimal(100),
        description=_("The figure's highest possible value: 100 for a rate in percent. Nobody may have more."),
    )
    settings = scaled = ("of",)

    def takes(self, code: str) -> bool:
        return super().takes(code) and describe(code).is_bounded


class MarksForm(LineForm):
    kind = CriterionKind.MARKS
    fields = TextArea(
        _("Headings of the judges' columns in your table, one a line"),
        [required(), Length(max=3000)],
        render_kw={"rows": 6},
    )
    of = _number(_("The full mark"), least=Decimal("0.000001"), needed=True, default=Decimal(100))
    aggregate = enum_field(
        _("The marks of one candidate are put together as"),
        Aggregate,
        default=Aggregate.MEAN,
        description=_("Without the highest and lowest only where at least five judges marked everybody."),
    )

    @property
    def columns(self) -> list[str]:
        return [line.strip() for line in (self.fields.data or "").splitlines() if line.strip()]

    def check(self) -> bool:
        if max(map(len, self.columns), default=0) > 60 or not 0 < len(self.columns) <= 60:
            self.fields.errors = [gettext("One heading a line, 60 characters at most.")]
        elif len(set(self.columns)) < len(self.columns):
            self.fields.errors = [gettext("A heading stands there twice.")]
        elif self.aggregate.data is Aggregate.DROP_EXTREMES and len(self.columns) < EXTREMES_NEED:
            self.aggregate.errors = [gettext("That needs five judges; here are %(num)d.", num=len(self.columns))]
        return not (self.fields.errors or self.aggregate.errors)

    def fill(self, line: CriterionDraft) -> None:
        super().fill(line)
        self.fields.data = "\n".join(str(name).removeprefix(TABLE) for name in line.rule["fields"])
        self.of.data = line.rule["of"]
        self.aggregate.data = Aggregate(line.rule.get("aggregate", "mean"))

    def rule(self) -> dict:
        rule = {"fields": [TABLE + column for column in self.columns], "of": plain(self.of.data)}
        mean = self.aggregate.data is Aggregate.MEAN
        return rule if mean else rule | {"aggregate": self.aggregate.data.value}


FORMS: dict[CriterionKind, type[LineForm]] = {
    form.kind: form
    for form in (JudgedForm, RankStepForm, PerUnitForm, MinMaxForm, PercentileForm, BandsForm, WeightedForm, MarksForm)
}


class ExtraForm(VersionForm):
    """A bonus or veto line over one figure."""

    field = SelectField(_("Which figure"), validate_choice=False)
    column = StringField(_("Or the heading of a column in your own table"), [Length(max=60)])

    takes_text = False

    def offer(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        fit = (code for code in codes if (found := describe(code)) and (found.is_number or self.takes_text))
        self.field.choices = options([("", gettext("— choose —")), *grouped(fit, names)])

    @property
    def figure(self) -> str:
        return f"{TABLE}{self.column.data}" if self.column.data else self.field.data or ""

    @property
    def factor(self) -> int:
        return describe(self.figure).factor

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        found = describe(self.figure)
        if found is None or not (found.is_number or self.takes_text):
            self.field.errors = [gettext("Choose a figure, or name a column of your own table.")]
            return False
        return self.check()

    def check(self) -> bool:
        return True


class BonusForm(ExtraForm):
    takes_text = True
    test = SelectField(
        _("Condition"), choices=options([("equals", _("it is exactly")), ("at_least", _("it is at least"))])
    )
    value = StringField(_("This word or number"), [required(), Length(max=60)], description=_("Money in yuan."))
    points = _number(_("Points more"), least=Decimal("0.01"), most=100, needed=True)
    words = StringField(
        _("Why"), [Length(max=LONGEST_WORDS)], description=_("For example “Product of a county that was poor”.")
    )

    def _value(self) -> Decimal | None:
        try:
            value = Decimal(self.value.data)
        except ArithmeticError:
            return None
        return value if value.is_finite() and abs(value) <= MOST_FIGURE else None

    def check(self) -> bool:
        # Words of a table are compared as words: its cells need be no numbers.
        is_word = self.test.data == "equals" and describe(self.figure).is_text
        if not is_word and self._value() is None:
            self.value.errors = [gettext("This must be a number.")]
        elif self.test.data == "at_least" and describe(self.figure).unit is FigureUnit.TEXT:
            self.test.errors = [gettext("A word cannot be larger or smaller than another.")]
        return not (self.value.errors or self.test.errors)

    def item(self) -> dict:
        """As in a file of rules."""
        is_word = self.test.data == "equals" and describe(self.figure).is_text
        value = self.value.data if is_word else plain(self._value() * self.factor)
        words = {"words": self.words.data} if self.words.data else {}
        return {"field": self.figure, self.test.data: value, "points": plain(self.points.data), **words}


class VetoForm(ExtraForm):
    test = SelectField(_("Condition"), choices=options([("below", _("it is below")), ("above", _("it is above"))]))
    limit = _number(_("This number"), needed=True, description=_("Money in yuan."))
    flag = StringField(
        _("What then stands beside her"),
        [required(), Length(max=100)],
        description=_("For example “Feasibility below 2: to be discussed”. She stays in the ranking."),
    )

    def item(self) -> dict:
        """As in a file of rules."""
        return {"field": self.figure, self.test.data: plain(self.limit.data * self.factor), "flag": self.flag.data}


def show_figure(form: FigureForm | ExtraForm, code: str) -> None:
    """A figure of the table stands in the column's own field, where it is not offered."""
    if code.startswith(TABLE) and code not in [choice.value for choice in form.field.choices or ()]:
        form.column.data = code.removeprefix(TABLE)
    else:
        form.field.data = code


def grouped(codes: Iterable[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(code, words) with where each comes from."""
    sources = LABELS[FigureSource]
    return [(code, f"{sources[describe(code).source]} · {with_unit(code, names)}") for code in codes]


class RulesFileForm(VersionForm):
    """A file of rules, or its text on the way back from the preview."""

    file = FileField(
        _("File of rules"),
        description=_("A .json file as this page gives it out, or as `selection score` reads it; 200 KB at most."),
        render_kw={"accept": ".json,application/json"},
    )
    text = HiddenField(validators=[Length(max=LONGEST_RULES)])

    def rules_text(self) -> str:
        """Raises BadSelectionInput."""
        sent = self.file.data
        if sent and getattr(sent, "filename", ""):
            content = sent.read(LONGEST_RULES + 1)
            if len(content) > LONGEST_RULES:
                raise BadSelectionInput("rules_too_large")
            try:
                return content.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise BadSelectionInput("not_json") from error
        return self.text.data or ""


class TableForm(VersionForm):
    file = FileField(
        _("Table of figures"),
        [FileRequired(_("Please choose a file."))],
        description=_("Excel (.xlsx, .xls) or CSV, at most 20 MB. Nothing counts before you put it in force."),
        render_kw={"accept": ".xlsx,.xls,.csv,.txt"},
    )


class RoundRulesForm(VersionForm):
    advances = IntegerField(
        _("How many go on, or get a place"),
        [InputRequired(_("Please fill this in.")), NumberRange(min=1, max=10_000)],
        description=_("The ranking draws its line after so many. A tie on the line goes on as a whole."),
        render_kw={"inputmode": "numeric"},
    )
    ranked_by = enum_field(
        _("What ranks"),
        RankedBy,
        description=_(
            "Some evaluators mark more strictly than others. Both figures are always shown beside each other; this one "
            "decides the order. It cannot be changed once scoring is open."
        ),
    )
    aggregate = enum_field(_("The sheets of one candidate are put together as"), Aggregate)
    blind = BooleanField(_("Evaluators read without names"))
    closes_at = DateTimeLocalField(
        _("Sheets are due by"),
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        description=_("Time in Beijing. Evaluators are told it; the round itself is closed by you."),
    )
    seed = IntegerField(
        _("Number for everything drawn by lot"),
        [InputRequired(_("Please fill this in.")), NumberRange(min=0, max=2_000_000_000)],
        description=_("Publish it beforehand: with it anybody can repeat the draw of reading order and dealing."),
        render_kw={"inputmode": "numeric"},
    )
