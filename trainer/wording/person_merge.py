"""Words for likely duplicates and for putting two records together."""

from flask_babel import lazy_gettext as _

from trainer.domain.person_merge import DuplicateSign

LABELS = {
    DuplicateSign: {
        DuplicateSign.SIGN_UP_ID: _("signed up with the other's ID number"),
        DuplicateSign.PHONE_AND_NAME: _("same phone, same name"),
        DuplicateSign.PHONE_AND_NEAR_NAME: _("same phone, almost the same name"),
        DuplicateSign.NAME_AND_VILLAGE: _("name sounds the same, same village"),
        DuplicateSign.SHARED_PHONE: _("perhaps a shared phone"),
    },
}

TONES = {
    DuplicateSign: {
        DuplicateSign.SIGN_UP_ID: "bad",
        DuplicateSign.PHONE_AND_NAME: "bad",
        DuplicateSign.PHONE_AND_NEAR_NAME: "attention",
        DuplicateSign.NAME_AND_VILLAGE: "attention",
        DuplicateSign.SHARED_PHONE: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "merge_already": _(
        "One of these two records was put together with another one, or erased, meanwhile. Look at it again."
    ),
    "merge_different_id_numbers": _(
        "These two records have different ID numbers, so they are two women. Where one of the numbers is wrong, "
        "correct it first."
    ),
    "merge_open_request": _(
        "A request about her data is open (%(kind)s). Answer it first, then put the records together."
    ),
    "merge_two_applications": _(
        "Both records have an application in “%(where)s”. Withdraw that of the record that goes first, or keep that "
        "record: a woman applies once."
    ),
    "merge_two_certificates": _(
        "Both records have a valid certificate of %(where)s. Revoke one of the two first: a woman is certified once."
    ),
    "merge_not_the_newest": _(
        "These records were put together with a further one afterwards. Undo the newest of these first."
    ),
    "merge_not_undoable": _("This was undone already, or her data were erased since. Nothing was changed."),
}

GROUPS: dict[str, object] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "id_number": _("ID number"),
    "place": _("Where she lives"),
    "sex": _("Sex"),
    "birth_year": _("Year of birth"),
    "ethnicity": _("Ethnic group"),
    "education": _("Education"),
    "business": _("Business"),
    "has_shop": _("Had a shop when signing up"),
    "kind": _("Kind of person"),
    "site_id": _("Site"),
    "note": _("Remark"),
}

# What goes over, by table; `%(count)s` of each.
TABLES: dict[str, object] = {
    "enrolments": _("enrolments: %(count)s"),
    "accounts": _("accounts: %(count)s"),
    "shops": _("shops: %(count)s"),
    "applications": _("applications: %(count)s"),
    "consents": _("consents: %(count)s"),
    "deliveries": _("messages: %(count)s"),
    "data_requests": _("requests about her data: %(count)s"),
    "service_entries": _("entries of service hours: %(count)s"),
    "honours": _("honours: %(count)s"),
    "stored_files": _("stored papers: %(count)s"),
    "disclosed_people": _("notes of who saw her numbers: %(count)s"),
}


def counted(rows: dict[str, int]) -> str:
    """“enrolments: 2, shops: 1”, in the order that tables have above."""
    return "，".join(str(words) % {"count": rows[table]} for table, words in TABLES.items() if rows.get(table))
