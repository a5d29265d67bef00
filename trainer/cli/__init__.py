"""Commands, each thin over the same services as the pages; JSON answers are in `cli/answers.py`'s form."""

from flask import Flask

from trainer.cli import (
    attendance,
    audit,
    backup,
    channels,
    check,
    demo,
    jobs,
    keys,
    outcomes,
    people,
    sales,
    second_factor,
    selection,
    site,
    tally,
)


def install(app: Flask) -> None:
    """Give the application its commands."""
    for command in (
        site.upgrade,
        site.setup_link,
        site.serve,
        second_factor.reset,
        demo.demo,
        backup.backup,
        backup.restore,
        keys.group,
        outcomes.group,
        jobs.group,
        channels.message_channels,
        sales.group,
        attendance.group,
        people.group,
        selection.group,
        audit.group,
        tally.tally,
        check.check_deploy,
    ):
        app.cli.add_command(command)
