"""The lärosäte's own del- och slutrapport."""

from django.utils.translation import gettext as _

from cases.events.reports import read_report_name
from cases.reading import Key, Reader
from cases.story import Story
from cases.vocabulary import PAST_GATES, REASON, Told, event
from reports.actions import Said, write_answers
from reports.models import UniversityReport
from reports.permissions import can_write_university_report
from sbs_workflow.engine import TransitionRefused

WHICH = Key("report", read_report_name, required=True)
# The questions of the form, each in its own words.
ANSWERS = tuple(
    Key(field, Reader.text)
    for field in (
        "assignment",
        "visits",
        "between",
        "adaptations",
        "goals",
        "capacity",
        "lessons",
        "onward",
    )
)


def _report(story: Story, told: Told) -> UniversityReport:
    """The report that an event names, once time has opened it."""
    story.let_time_act()
    kind, number = told["report"]
    found = UniversityReport.objects.filter(
        collaboration=story.collaboration, kind=kind, number=number
    ).first()
    if found is None:
        raise TransitionRefused(_("The university has no such report to write."))
    return found


@event("write university report", WHICH, *ANSWERS)
def write(story: Story, told: Told) -> None:
    _written(story, told)


def _written(story: Story, told: Told) -> UniversityReport:
    report = _report(story, told)
    said = {(key.name, ""): Said(told[key.name]) for key in ANSWERS if told[key.name]}
    if said:
        by = story.somebody(can_write_university_report, report, told)
        write_answers(report=report, answers=said, by=by, now=story.now)
    return report


@event("submit university report", WHICH, PAST_GATES, *ANSWERS)
def submit(story: Story, told: Told) -> None:
    """Writes it first, where the event tells what it says."""
    story.take_even_so(_written(story, told).submit, told)


@event("take back university report", WHICH, REASON)
def take_back(story: Story, told: Told) -> None:
    story.take(_report(story, told).take_back, told, reason=told["reason"])


@event("close university report", WHICH)
def close(story: Story, told: Told) -> None:
    story.take(_report(story, told).close, told)


@event("waive university report", WHICH, REASON)
def waive(story: Story, told: Told) -> None:
    story.take(_report(story, told).waive, told, reason=told["reason"])
