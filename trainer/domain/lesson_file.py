"""Files of a lesson: what they are for."""

from enum import StrEnum


class LessonFileKind(StrEnum):
    """MATERIAL is for the women; the pictures are evidence, for staff."""

    MATERIAL = "material"
    CLASS_PHOTO = "class_photo"
    SHEET_PHOTO = "sheet_photo"
