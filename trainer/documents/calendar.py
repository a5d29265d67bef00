"""Lessons as a file that calendar programs read (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from datetime import datetime

from icalendar import Calendar, Event

from trainer.domain.calendar import CalendarLesson
from trainer.wording import label


def calendar_file(lessons: Sequence[CalendarLesson], *, name: str, host: str, at: datetime) -> bytes:
    """One event a lesson, told again by the lesson's number; moments in UTC, which every program shows in its zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//She Power training//zh")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for lesson in lessons:
        calendar.add_component(_event(lesson, host, at))
    return calendar.to_ical()


def _event(lesson: CalendarLesson, host: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"lesson-{lesson.id}@{host}")
    event.add("sequence", lesson.version)
    event.add("dtstamp", at)
    event.add("dtstart", lesson.starts_at)
    event.add("dtend", lesson.ends_at)
    event.add("summary", lesson.title)
    event.add("location", lesson.place)
    said = [lesson.cohort_name, label(lesson.kind), lesson.instructor]
    event.add("description", " · ".join(filter(None, said)))
    event.add("status", "CANCELLED" if lesson.is_cancelled else "CONFIRMED")
    if lesson.link:
        event.add("url", lesson.link)
    return event
