"""A transition: ours against one UPDATE, plain Django, and django-fsm-2 with its log."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django_fsm import has_transition_perm

from benchmarks import database, measure
from benchmarks.measure import Row, at_least, at_most, in_turns, queries_of, rate
from benchmarks.peers.models import Document
from meetings.models import Meeting
from organisations.models import User
from sbs_workflow.engine import SomebodyWasFirst, perform, perform_all
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast, build_cast

CASES = 20
PEER = "django-fsm-2 + django-fsm-log, select_for_update"
RAW = "raw guarded UPDATE"


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    database.require_postgresql()
    with database.fresh("transitions"):
        measure.say_where(database=database.server())
        cast = build_cast()
        cases = [factories.collaboration(cast, state="active") for _ in range(CASES)]
        meetings, pairs, rounds = (20, 5, 1) if options.tiny else (500, 200, measure.ROUNDS)
        bench = Transitions(cast, cases, meetings)
        rows = [*bench.one_by_one(rounds), *bench.in_bulk(rounds), bench.rivals(pairs)]
        measure.report(rows, options.json)


class Transitions:
    """Minutes that are approved, each in a transaction of its own, over and over."""

    def __init__(self, cast: Cast, cases: list[Collaboration], count: int) -> None:
        self.approver = cast.ours.head_of_authority
        self.rival = cast.ours.coordinator
        for person in (self.approver, self.rival):
            load_roles(person, TODAY)
        self.meetings = [
            factories.meeting(cases[number % len(cases)], state="minuted")
            for number in range(count)
        ]
        self.documents = Document.objects.bulk_create(
            Document(
                kind=meeting.kind,
                due_on=meeting.due_on,
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                form=meeting.form,
                place=meeting.place,
                minutes=meeting.minutes,
            )
            for meeting in self.meetings
        )

    def reset(self, _side: str = "") -> None:
        Meeting.objects.update(state="minuted", due_on=TODAY)
        Document.objects.update(state="minuted", due_on=TODAY)
        with connection.cursor() as cursor:
            for table in ("meetings_meeting", "peers_document", "sbs_workflow_transitionrecord"):
                cursor.execute(f"VACUUM {table}")

    # --- the sides

    def update_raw(self) -> None:
        with connection.cursor() as cursor:
            for meeting in self.meetings:
                cursor.execute(
                    "UPDATE meetings_meeting SET state = 'approved', due_on = NULL"
                    " WHERE id = %s AND state = 'minuted'",
                    [meeting.pk],
                )

    def get_and_save(self) -> None:
        for document in self.documents:
            fresh = Document.objects.get(pk=document.pk)
            fresh.due_on = None
            fresh.save()

    def peer(self) -> None:
        for document in self.documents:
            with transaction.atomic():
                fresh = Document.objects.select_for_update().get(pk=document.pk)
                if not has_transition_perm(fresh.approve, self.approver):
                    raise PermissionDenied
                fresh.approve(by=self.approver)
                fresh.save()

    def perform_each(self) -> None:
        for meeting in self.meetings:
            perform(meeting.approve, by=self.approver, now=NOW)

    def perform_each_by_time(self) -> None:
        for meeting in self.meetings:
            perform(meeting.approve_by_silence, by=None, now=NOW)

    def perform_together(self) -> None:
        ids: list[UUID] = [meeting.pk for meeting in self.meetings]
        assert perform_all(Meeting, "approve_by_silence", ids, now=NOW) == len(ids)

    # --- the figures

    def one_by_one(self, rounds: int) -> list[Row]:
        seconds = in_turns(
            {
                RAW: self.update_raw,
                "Django get + save": self.get_and_save,
                PEER: self.peer,
                "perform": self.perform_each,
            },
            before=self.reset,
            rounds=rounds,
        )
        count = len(self.meetings)
        rows = [
            rate(name, count, taken, against=RAW, others=seconds[RAW])
            for name, taken in seconds.items()
        ]
        rows.append(
            rate(
                "perform",
                count,
                seconds["perform"],
                against=PEER,
                others=seconds[PEER],
                goal=at_least(1.0),
            )
        )
        return [*rows, self.queries()]

    def queries(self) -> Row:
        self.reset()
        approve = self.meetings[0].approve
        asked = queries_of(lambda: perform(approve, by=self.approver, now=NOW))
        return Row("queries of perform", None, 1, asked, "queries", goal=at_most(5))

    def in_bulk(self, rounds: int) -> list[Row]:
        seconds = in_turns(
            {
                "perform, each by time": self.perform_each_by_time,
                "perform_all": self.perform_together,
            },
            before=self.reset,
            rounds=rounds,
        )
        one_by_one = seconds["perform, each by time"]
        return [
            rate(
                name,
                len(self.meetings),
                taken,
                against="perform, each by time",
                others=one_by_one,
                goal=at_least(20) if name == "perform_all" else None,
            )
            for name, taken in seconds.items()
        ]

    def rivals(self, pairs: int) -> Row:
        """Two people approve the same minutes at once, each on a connection of their own."""
        self.reset()
        meetings = self.meetings[:pairs]
        start = threading.Barrier(2, timeout=30)
        won: dict[User, list[UUID]] = {self.approver: [], self.rival: []}

        def press(person: User) -> None:
            try:
                for meeting in meetings:
                    start.wait()
                    try:
                        perform(meeting.approve, by=person, now=NOW)
                    except SomebodyWasFirst:
                        continue
                    won[person].append(meeting.pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(won)) as threads:
            list(threads.map(press, won))
        wins = Counter(pk for meetings_won in won.values() for pk in meetings_won)
        once = sum(wins[meeting.pk] == 1 for meeting in meetings)
        return Row(
            "rival pairs with exactly one winner",
            len(meetings),
            2,
            once,
            "pairs",
            "all pairs",
            once / len(meetings),
            at_least(1),
        )


if __name__ == "__main__":
    main()
