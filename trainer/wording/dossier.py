"""Words of the training dossier: its parts, its index, and the lists that stand only there."""

from flask_babel import lazy_gettext as _

from trainer.domain.dossier import DossierPart

LABELS = {
    DossierPart: {
        DossierPart.PLAN: _("Plan and timetable"),
        DossierPart.REGISTER: _("Register of the class"),
        DossierPart.SIGN_IN: _("Sign-in sheet, filled in"),
        DossierPart.ATTENDANCE: _("Attendance summary"),
        DossierPart.MARKS: _("Every mark, with time and channel"),
        DossierPart.PICTURES: _("Pictures of the class and of signed sheets"),
        DossierPart.COMPLETION: _("List of completions"),
        DossierPart.CERTIFICATES: _("Certificates and their register"),
        DossierPart.FEEDBACK: _("Satisfaction"),
    },
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {}
# The dossier is filed in offices: its names are Chinese in whatever language staff read the site.
FOLDERS = {
    DossierPart.PLAN: "01 培训计划",
    DossierPart.REGISTER: "02 花名册",
    DossierPart.SIGN_IN: "03 签到表",
    DossierPart.ATTENDANCE: "04 考勤汇总",
    DossierPart.MARKS: "05 点名记录",
    DossierPart.PICTURES: "06 影像资料",
    DossierPart.COMPLETION: "07 结业名册",
    DossierPart.CERTIFICATES: "08 证书",
    DossierPart.FEEDBACK: "09 满意度",
}
INDEX = "00 目录"
CLASS_PICTURE, SHEET_PICTURE = "课堂照片", "签到表照片"
TITLE = "%(cohort)s 培训档案"
ABOUT = {
    "programme": _("Programme"),
    "partners": _("Partners"),
    "cohort": _("Cohort"),
    "track": _("Track"),
    "region": _("Region"),
    "place": _("Place"),
    "dates": _("Dates"),
    "capacity": _("Places"),
    "enrolled": _("Enrolled"),
    "teacher": _("Class teacher"),
    "hours": _("Hours"),
}
HEADINGS = {
    "what": _("What"),
    "said": _("As it is"),
    "number": _("No."),
    "path": _("File"),
    "size": _("Bytes"),
    "sha256": _("SHA-256"),
    "note": _("Remark"),
    "starts_at": _("Lesson begins"),
    "lesson": _("Lesson"),
    "seat": _("Seat"),
    "name": _("Name"),
    "status": _("Status"),
    "channel": _("By way of"),
    "at": _("Recorded at"),
    "said_at": _("Said at, by the device"),
    "by": _("By"),
    "is_office": _("After the closing"),
    "rules": _("Counts"),
    "reason": _("Reason"),
}
FILE_GONE = "文件已不在存储中"
LEFT_OUT = "影像超过 %(most)s MB，有 %(count)s 张未收入，请在系统中查看"
TAKEN_BACK = _("taken back")
YES = _("yes")
