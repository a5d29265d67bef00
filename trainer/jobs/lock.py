"""One scheduler for a database, however many processes serve it."""

import fcntl
from contextlib import suppress
from pathlib import Path

from trainer.database import BUSY, LockKey, db, on_postgresql


class FileLock:
    """For SQLite: a lock on a file of the instance folder; the system frees it when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, None

    def take(self) -> bool:
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def holds(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


class AdvisoryLock:
    """For PostgreSQL: a lock of one connection kept for nothing else; it ends with the connection."""

    def __init__(self, engine) -> None:
        self._engine, self._connection = engine, None

    def take(self) -> bool:
        try:
            connection = self._engine.connect()
            taken = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LockKey.SCHEDULER:d})").scalar()
            connection.rollback()  # the lock belongs to the connection, not to the transaction
        except BUSY:
            return False
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True

    def holds(self) -> bool:
        """Asks the connection: where it is gone, so is the lock, and another process may hold it by now."""
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
            self._connection.rollback()
        except BUSY:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        with suppress(BUSY):  # said, not left to the connection's end, which the server notices a moment later
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LockKey.SCHEDULER:d})")
        connection.invalidate()  # never back into the pool, with the lock on it or without
        connection.close()


def scheduler_lock(app) -> FileLock | AdvisoryLock:
    """The lock that suits the application's database; needs the application's context."""
    if on_postgresql():
        return AdvisoryLock(db.engine)
    return FileLock(Path(app.config["INSTANCE_PATH"]) / "scheduler.lock")
