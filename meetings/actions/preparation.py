"""What a booked meeting of all three waits for from each of them (domain.md 4.2, R3)."""

from datetime import date

from meetings.models import Meeting, MeetingParticipant, PartyTask
from notifications.working_days import add_working_days

Kind = PartyTask.Kind
Answer = MeetingParticipant.Answer
# Working days before the meeting on which somebody else is told that an answer is missing: whoever
# is invited later than that is not chased.
CHASED_BEFORE = {Kind.REPLY: -5, Kind.SAY_YES: -3}


def await_the_parties(meeting: Meeting, *, called_for: str, today: date) -> None:
    """Ask all three to prepare, and the two that did not set the time to answer.

    When the meeting is moved, what is prepared stays prepared, and who answered is asked anew.
    """
    day = meeting.held_on
    assert day is not None
    meeting.party_tasks.exclude(kind=Kind.PREPARE).delete()
    meeting.party_tasks.filter(due_on__isnull=False).update(due_on=day)
    asked = [
        kind for kind, before in CHASED_BEFORE.items() if add_working_days(day, before) > today
    ]
    tasks = [(party, Kind.PREPARE) for party in meeting.required_parties]
    tasks += [
        (party, kind) for party in meeting.required_parties if party != called_for for kind in asked
    ]
    PartyTask.objects.bulk_create(
        [
            PartyTask(
                collaboration=meeting.collaboration,
                meeting=meeting,
                party=party,
                kind=kind,
                due_on=day,
            )
            for party, kind in tasks
        ],
        ignore_conflicts=True,
    )


def note_prepared(meeting: Meeting, party: str) -> None:
    """A party that has nothing to bring up has prepared, too, once it says so."""
    meeting.party_tasks.filter(party=party, kind=Kind.PREPARE).update(due_on=None)


def note_answers(meeting: Meeting, party: str) -> None:
    """Nothing more is waited for when one of the party comes; whoever changed their mind counts."""
    answers = set(meeting.participants.filter(party=party).values_list("answer", flat=True))
    has_come = {Kind.REPLY: answers != {""}, Kind.SAY_YES: Answer.ACCEPTED in answers}
    for kind, is_there in has_come.items():
        meeting.party_tasks.filter(party=party, kind=kind).update(
            due_on=None if is_there else meeting.held_on
        )
