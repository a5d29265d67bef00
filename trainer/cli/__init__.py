"""Commands, each thin over the same services as the pages; JSON answers are in `cli/answers.py`'s form."""

from flask import Flask

from trainer.cli import attendance, audit, demo, jobs, people, sales, selection, site


def install(app: Flask) -> None:
    """Give the application its commands."""
    for command in (
        site.upgrade,
        site.setup_link,
        site.serve,
        demo.demo,
        jobs.group,
        sales.group,
        attendance.group,
        people.group,
        selection.group,
        audit.group,
    ):
        app.cli.add_command(command)
