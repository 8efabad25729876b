"""A connection that adds to the trail what happened, as the last thing that its transaction does.

Django lets a project have a database of its own that does a little more than Django's
(``ENGINE`` in the settings). It knows when a transaction ends, which nothing else is told of in
time: what is written on commit is written after it, and lost when the process dies in between.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
WRITES = ("INSERT", "UPDATE", "DELETE")


class KeepsTrail(BaseDatabaseWrapper):
    """Hears each statement that writes, and keeps what the trail is to say of it until the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each change of the trail, and the savepoints that were open when it was made.
        self.unwritten: list[tuple[tuple[str | None, ...], Any]] = []
        self.execute_wrappers.append(_hear)

    def add_to_trail(self, changes: Iterable[Any]) -> None:
        savepoints = tuple(self.savepoint_ids)
        self.unwritten += [(savepoints, change) for change in changes]
        if self.has_whole_ended:
            self.write_trail()

    @property
    def has_whole_ended(self) -> bool:
        """No transaction is open any more.

        A test that undoes what it did wraps itself into blocks of its own; they do not count.
        """
        blocks: list[Any] = self.atomic_blocks
        return all(block._from_testcase for block in blocks)

    def write_trail(self) -> None:
        """One statement, however many changes; none where nothing has changed."""
        if not self.unwritten:
            return
        from records.models import ContentChange

        changes = [change for _savepoints, change in self.unwritten]
        self.unwritten.clear()
        ContentChange.objects.using(self.alias).bulk_create(changes)

    # --- how a transaction ends --------------------------------------------------------------

    def commit(self) -> None:
        try:
            self.write_trail()
        except BaseException:
            self.rollback()  # no change without its trail
            raise
        super().commit()
        self._end()

    def rollback(self) -> None:
        self._end()
        super().rollback()

    def close(self) -> None:
        self._end()
        super().close()

    def savepoint_commit(self, sid: str) -> None:
        if self.has_whole_ended:
            self.write_trail()
            self._end()
        super().savepoint_commit(sid)

    def savepoint_rollback(self, sid: str) -> None:
        from sbs_workflow.acting import forget_rows

        self.unwritten = [each for each in self.unwritten if sid not in each[0]]
        forget_rows()
        if self.has_whole_ended:
            self._end()
        super().savepoint_rollback(sid)

    def _end(self) -> None:
        """Whoever acts next says so anew."""
        from sbs_workflow.acting import end_acting

        self.unwritten.clear()
        end_acting()


def _hear(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    # Only a flush, which empties the database of a test, ends its statements with a semicolon.
    if many or not sql.startswith(WRITES) or sql.endswith(";"):
        return execute(sql, params, many, context)
    from records.recorder import hear

    return hear(execute, sql, params, context)
