"""Assessments of a cohort: their kinds."""

from enum import StrEnum


class AssessmentKind(StrEnum):
    THEORY = "theory"
    PRACTICE = "practice"
