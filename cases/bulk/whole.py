"""A whole made-up case, chapter by chapter."""

from datetime import date, timedelta

from cases.bulk.agreed import write_agreement
from cases.bulk.course import Course, State
from cases.bulk.meetings import hold_expectation_talk, write_meetings
from cases.bulk.money import write_account
from cases.bulk.reports import write_reports
from cases.bulk.rows import Rows
from cases.bulk.thread import write_thread
from cases.bulk.visits import write_visits
from cases.bulk.world import Case

TALK_AFTER = timedelta(days=20)


def write_case(rows: Rows, case: Case, today: date) -> None:
    course = Course(rows, case, today)
    if not course.has_reached(State.ANALYSING):
        return
    thread = write_thread(course)
    if not course.has_reached(State.PLANNING):
        return
    hold_expectation_talk(course, course.entered[State.PLANNING] + TALK_AFTER)
    insatser = write_agreement(course, thread)
    if course.has_reached(State.ACTIVE):
        write_visits(course, thread, insatser)
        write_meetings(course, thread)
        write_reports(course)
        write_account(course)
