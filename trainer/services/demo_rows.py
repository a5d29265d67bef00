"""Rows of the demonstration on their way into the tables: ids are given here, so that whole sets go in at once."""

from collections import Counter

from sqlalchemy import Integer, func, insert, select, text
from sqlalchemy.orm import Session

from trainer.database import Base

ENOUGH = 20_000


class Rows:
    """Collects rows and writes them in the order in which the tables lean on each other.

    Nobody else may write in the meantime: ids go on from the greatest there was.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: dict[str, list[dict[str, object]]] = {}
        self.given: Counter[str] = Counter()
        self.count = 0

    def add(self, model: type[Base], **values: object) -> int:
        """A row with the table's next id, which is returned. All rows of a table name the same columns."""
        if model.__tablename__ not in self.given:
            self.given[model.__tablename__] = self.session.scalar(select(func.max(model.id))) or 0
        self.given[model.__tablename__] += 1
        values["id"] = self.given[model.__tablename__]
        self.put(model, **values)
        return values["id"]

    def put(self, model: type[Base], **values: object) -> None:
        """A row of a table that has no id of its own."""
        self.waiting.setdefault(model.__tablename__, []).append(values)
        self.count += 1

    def write_when_many(self) -> None:
        if self.count >= ENOUGH:
            self.write()

    def write(self) -> None:
        for table in Base.metadata.sorted_tables:
            if rows := self.waiting.pop(table.name, None):
                self.session.execute(insert(table), rows)
        self.count = 0

    def release(self) -> None:
        """Write what waits and let the database give the ids from here on."""
        self.write()
        if self.session.get_bind().dialect.name != "postgresql":
            return  # SQLite takes one more than the greatest there is
        for table in Base.metadata.sorted_tables:
            if table.name in self.given and isinstance(table.c.id.type, Integer):
                self.session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"),
                    {"table": table.name, "last": self.given[table.name]},
                )
