"""Reminders of what has waited too long."""

from datetime import datetime, timedelta

from trainer.domain.actors import SYSTEM
from trainer.domain.days import china_day
from trainer.queries.data_request import list_handlers, list_overdue_requests
from trainer.queries.own_application import list_unfinished
from trainer.queries.panel import list_silent_seats
from trainer.queries.reminder import CohortDay, list_days_of_cohorts
from trainer.services.message import notify

# Stretches of days before the end of applying; whoever has a draft hears once in each.
BEFORE_THE_END = ((0, 1), (1, 3))


def remind_of_overdue_requests(*, at: datetime) -> int:
    """How many requests somebody was told of; of each once."""
    told = 0
    for request_id, region_code, due_on in list_overdue_requests(china_day(at)):
        readers, once_key = list_handlers(region_code), f"request_overdue:{request_id}"
        link, facts = f"/data-requests/{request_id}", {"due": due_on}
        told += bool(
            notify("request_overdue", to_accounts=readers, link=link, once_key=once_key, by=SYSTEM, at=at, **facts)
        )
    return told


def remind_of_invitations(*, at: datetime) -> int:
    """How many evaluators who have not answered for three days were told so; of each invitation once."""
    told = 0
    for seat_id, invited_at, account_id, round_id, selection in list_silent_seats(at):
        once_key, link = f"panel_reminded:{seat_id}:{invited_at:%Y%m%d%H%M}", f"/reviews/rounds/{round_id}/invitation"
        same = {"link": link, "once_key": once_key, "by": SYSTEM, "at": at}
        told += bool(notify("panel_reminded", to_accounts=[account_id], selection=selection, **same))
    return told


def remind_of_lessons(*, at: datetime) -> tuple[int, int]:
    """(people, cohorts) that were told of tomorrow's lessons: each cohort once a day, whoever has leave for all not."""
    tomorrow = china_day(at) + timedelta(days=1)
    told = [day for day in list_days_of_cohorts(tomorrow) if _tell(day, at)]
    return sum(len(day.women) + len(day.instructors) for day in told), len(told)


def remind_of_applications(*, at: datetime) -> int:
    """How many women were told that what they began is not handed in: three days and one day before the end."""
    told = 0
    for later, days in BEFORE_THE_END:
        for draft in list_unfinished(at, at + timedelta(days=later), at + timedelta(days=days)):
            key = f"application_waits:{draft.application_id}:{draft.applies_until:%Y%m%d%H%M}:{days}"
            link = f"/me/applications/{draft.selection_id}"
            facts = {"selection": draft.selection, "until": draft.applies_until}
            told += bool(
                notify(
                    "application_waits", to_people=[draft.person_id], link=link, once_key=key, by=SYSTEM, at=at, **facts
                )
            )
    return told


def _tell(day: CohortDay, at: datetime) -> bool:
    """False where they were told before, or nobody is there to be told."""
    key = f"lessons_tomorrow:{day.cohort_id}:{china_day(day.starts_at)}"
    facts = {"titles": "、".join(day.titles), "when": day.starts_at, "place": day.place}
    facts |= {"teacher": day.teacher_name, "phone": day.teacher_phone}
    same = {"by": SYSTEM, "at": at, **facts}
    women = notify("lessons_tomorrow", to_people=day.women, link="/me", once_key=key, **same)
    staff = notify(
        "lessons_tomorrow", to_accounts=day.instructors, link="/my-teaching", once_key=f"{key}:instructors", **same
    )
    return bool(women or staff)
