"""Words for messages: what the site says by itself, a title and a text for each code; kinds and refusals."""

from flask_babel import lazy_gettext as _

from trainer.domain.message import Circle, DeliveryState

# `notify` takes the code; the values of the text are those it was given. Dates, roles and states come in the
# reader's language.
NOTICES: dict[str, tuple[object, object]] = {
    "application_referred": (
        _("Support for your plan has been found"),
        _("“%(selection)s” does not fit you this time, but other support does. Open the page: it says what and who."),
    ),
    "application_waits": (
        _("Your application is not handed in yet"),
        _("“%(selection)s”: you have begun. Look through it and hand it in until %(until)s, else it takes no part."),
    ),
    "sales_period_unlocked": (
        _("A month of sales was unlocked"),
        _("%(county)s, %(month)s: back to “%(stage)s”. The page of the month says why."),
    ),
    "job_failed": (
        _("A job of the site failed"),
        _("“%(job)s” ended with an error at %(when)s. Look at its last runs and start it again by hand."),
    ),
    "task_done": (_("Your background work is done"), _("%(kind)s: it is ready.")),
    "task_failed": (
        _("Your background work could not be finished"),
        _("%(kind)s: it stopped with an error. The page of the work says why."),
    ),
    "certificate_issued": (
        _("Your certificate is here"),
        _("You have completed %(cohort)s. Open your certificate, and keep its picture on your phone."),
    ),
    "certificate_replaced": (
        _("You have a new certificate"),
        _("%(cohort)s: your new certificate takes the place of the one before, which does not count any more."),
    ),
    "certificate_revoked": (
        _("Your certificate was revoked"),
        _("Certificate %(number)s does not count any more. Please call your teacher if this is not clear to you."),
    ),
    "request_answered": (
        _("Your request about your data was answered"),
        _("Please read the answer. If something is unclear, ask your teacher."),
    ),
    "request_new": (
        _("Somebody asked about her data"),
        _("A request about personal data came in. It has to be answered by %(due)s."),
    ),
    "outcomes_differ": (
        _("Outcomes were reckoned differently"),
        _(
            "%(cohort)s: the nightly recomputation came to something else than the figures kept up (%(count)s values). The fresh figures stand now. Please tell whoever looks after the system."
        ),
    ),
    "request_overdue": (
        _("A request about personal data is overdue"),
        _("It had to be answered by %(due)s. Please answer it today."),
    ),
    "lessons_tomorrow": (
        _("Lessons tomorrow"),
        _("%(titles)s: from %(when)s. Place: %(place)s. Your teacher: %(teacher)s, %(phone)s"),
    ),
    "sheets_wait": (
        _("Score sheets wait for you"),
        _("%(selection)s: %(count)s of your files are not submitted yet. Scoring closes at %(closes)s."),
    ),
    "survey_asked": (
        _("A few questions for you"),
        _("How is it going with your selling? A handful of questions, one at a time; it takes three minutes."),
    ),
    "survey_reminded": (
        _("A few questions wait for you"),
        _("You have not answered our questions yet. It takes three minutes, and you may leave any of them unsaid."),
    ),
    "course_task_new": (_("A new task"), _("Your teacher has set a task: “%(title)s”. Your page says what to do.")),
    "hand_in_passed": (_("Your task has passed"), _("“%(title)s”: passed. Well done!")),
    "hand_in_sent_back": (
        _("Please do a task again"),
        _("“%(title)s”: your teacher has looked at it and says what is missing. Please hand it in again."),
    ),
    "attendance_request_granted": (
        _("Your teacher has agreed"),
        _("%(kind)s, “%(title)s”: granted. Your list of lessons shows it."),
    ),
    "attendance_request_refused": (
        _("Your teacher has answered"),
        _("%(kind)s, “%(title)s”: not granted. The answer stands beside the lesson; call if something is unclear."),
    ),
    "sales_question": (
        _("Your teacher has a question about your shop"),
        _("%(question)s Your teacher will call you, or call her when it suits you. Nothing is wrong by being asked."),
    ),
    "sales_entry_returned": (
        _("A typed broadcast is to be put right"),
        _(
            "%(shop)s: somebody compared it with the picture and asks you to look at it once more. Why stands on the page."
        ),
    ),
    "sales_data_wanted": (
        _("Please send your sales data"),
        _(
            "We have no sales data of yours for the last thirty days. Send the file of your shop, or type your broadcasts in. "
            "If you have not sold, tell your teacher: %(teacher)s, %(phone)s"
        ),
    ),
    "service_answered": (
        _("Your service hours were answered"),
        _("What your teacher says of the help you gave stands on your page."),
    ),
    "second_factor_reset_asked": (
        _("Please decide: take a second factor off?"),
        _("%(asker)s asks that the second factor of %(name)s be taken off. A second administrator has to agree."),
    ),
    "account_shut_unused": (
        _("Accounts were shut because nobody used them"),
        _("%(count)s accounts had not been used for %(days)s days and were shut. You can let them in again."),
    ),
    "invitation_accepted": (_("Your invitation was accepted"), _("%(name)s has set a password and can sign in now.")),
    "lesson_cancelled": (
        _("A lesson was cancelled"),
        _("“%(title)s” on %(when)s does not take place. Reason: %(reason)s"),
    ),
    "lesson_moved": (
        _("A lesson has a new time or place"),
        _("“%(title)s” is now on %(when)s. Place: %(place)s"),
    ),
    "women_at_risk": (
        _("Women of your class should be called"),
        _("After the last closed lesson of %(cohort)s, %(women)s women are newly at risk of not completing."),
    ),
    "lesson_restored": (
        _("A lesson takes place after all"),
        _("“%(title)s” on %(when)s was called off, but takes place after all. Place: %(place)s"),
    ),
    "lessons_shifted": (
        _("Lessons have new times"),
        _(
            "%(cohort)s: %(count)s lessons have new times. The first of them, “%(title)s”, is now on %(when)s. Please look "
            "at your timetable."
        ),
    ),
    "panel_invited": (
        _("You are asked to judge"),
        _("“%(selection)s” asks you to judge candidates. Please say whether you will; you may decline."),
    ),
    "panel_reminded": (
        _("Your answer is awaited"),
        _("“%(selection)s” asked you to judge candidates. Please say whether you will; you may decline."),
    ),
    "panel_accepted": (_("An evaluator has accepted"), _("%(name)s judges in “%(selection)s”.")),
    "panel_declined": (
        _("An evaluator has declined"),
        _("%(name)s does not judge in “%(selection)s”. Her reason stands on the page; ask somebody else."),
    ),
    "conflict_raised": (
        _("Somebody sees a conflict of interest"),
        _("It concerns one candidate. You may say what you think of it."),
    ),
    "conflict_decided": (
        _("A conflict of interest was decided"),
        _("Your page of conflicts says how, and why."),
    ),
    "readings_added": (
        _("Further applications wait for your scores"),
        _("“%(selection)s”: %(count)s more for you to read."),
    ),
    "round_opened": (
        _("Applications wait for your scores"),
        _("The round of “%(selection)s” is open. Applications for you: %(count)s"),
    ),
    "sheet_returned": (
        _("A sign-in sheet that you entered was returned"),
        _("“%(title)s”, page %(page)s: %(reason)s Enter the page again."),
    ),
    "slip_disowned": (
        _("A sign-in slip is in the wrong hands"),
        _(
            "Somebody opened the slip of %(name)s and said that she is somebody else. The slip no longer works. "
            "Make a new one and see that she gets it."
        ),
    ),
    "work_handed_over": (
        _("You take over the work of a colleague"),
        _("From %(name)s to you: %(lessons)s lessons, %(reviews)s applications to review."),
    ),
    "enrolment_admitted": (
        _("You are admitted"),
        _("%(cohort)s: you have a place. It begins on %(day)s, place: %(place)s. Your teacher: %(teacher)s, %(phone)s"),
    ),
    "enrolment_waitlisted": (
        _("You are on the waitlist"),
        _(
            "%(cohort)s: all places are taken. When one becomes free, you hear from us. Your teacher: %(teacher)s, %(phone)s"
        ),
    ),
    "enrolment_rejected": (
        _("Your sign-up was answered"),
        _("%(cohort)s: this time there is no place for you. Questions? Your teacher: %(teacher)s, %(phone)s"),
    ),
    "enrolment_transferred": (
        _("You are in another class now"),
        _(
            "From %(old)s you go over to %(cohort)s. It begins on %(day)s, place: %(place)s. Your teacher: %(teacher)s, "
            "%(phone)s"
        ),
    ),
    "waitlist_moved_up": (
        _("Places went to women of the waitlist"),
        _("%(cohort)s: %(women)s women of the waitlist have a place now. Please tell those whom no message reaches."),
    ),
    "role_given": (_("You were given a role"), _("Your new role: %(role)s")),
    "role_taken": (_("A role was taken from you"), _("You no longer have the role %(role)s.")),
}

# To whom a letter speaks that goes to a whole group.
EVERYBODY = _("everybody")

LABELS: dict[type, dict] = {
    Circle: {
        Circle.ON_THE_ROLL: _("All on the roll"),
        Circle.NOT_SIGNED_IN: _("Not signed in yet"),
        Circle.ABSENT: _("Absent at the last closed lesson"),
        Circle.BELOW_RULE: _("Below the attendance rule so far"),
        Circle.WITHOUT_SHOP: _("Without a shop"),
        Circle.APPLIED: _("Applied"),
        Circle.WAITLISTED: _("On the waiting list"),
        Circle.COMPLETED: _("Completed"),
        Circle.NOT_COMPLETED: _("Not completed"),
        Circle.WITHDRAWN: _("Withdrawn"),
    },
    DeliveryState: {
        DeliveryState.WAITING: _("Waiting"),
        DeliveryState.SENDING: _("Being sent"),
        DeliveryState.SENT: _("Sent"),
        DeliveryState.FAILED: _("Failed"),
        DeliveryState.UNKNOWN: _("Not known whether it arrived"),
    },
}

TONES: dict[type, dict] = {
    DeliveryState: {
        DeliveryState.SENT: "good",
        DeliveryState.SENDING: "attention",
        DeliveryState.FAILED: "bad",
        DeliveryState.UNKNOWN: "attention",
    },
}

SENTENCES: dict[str, object] = {
    "unknown_placeholder": _(
        "%(name)s is not known here. Use {name}, {cohort}, {next_lesson} or {next_place}, or take the braces away."
    ),
    "placeholder_without_cohort": _(
        "%(name)s is known only in letters to the women of a cohort. Take it out, or choose a cohort."
    ),
    "no_next_lesson": _(
        "%(cohort)s has no lesson to come. Take {next_lesson} and {next_place} out, or add a lesson first."
    ),
    "nobody_to_write_to": _("Nobody is meant by this choice now. Choose other people."),
    "too_late_to_take_back": _("A letter can be taken back within ten minutes only, and once."),
    "letter_gone_out": _("The letter has gone out."),
    "letter_taken_back": _("The letter was taken back while it was being sent."),
    "template_name_taken": _("There is a template named “%(name)s” already. Choose another name."),
    "unreadable_channel": _(
        "MESSAGE_CHANNELS: entry %(number)s cannot be read. Write name=address, such as "
        "sms=json://gateway.example/send?:phone={phone}, the entries separated by semicolons."
    ),
    "unreadable_quiet_hours": _("QUIET_HOURS cannot be read. Write it like 21:00-08:00, or leave it empty."),
}
