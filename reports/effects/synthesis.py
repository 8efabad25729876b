"""The sammanfattande analys exists from the day the insatser end, and is frozen once published."""

from datetime import timedelta
from hashlib import sha256

from notifications.working_days import next_working_day
from reports.drafts import synthesis_document
from reports.effects.schedule import FINAL_REPORT_AFTER, out_of_july
from reports.models import CollaborationSynthesis, SynthesisCopy
from reports.pdf import write_pdf
from reports.queries import synthesis_said
from reports.word import write_document
from sbs_workflow.effects import Change, after
from sbs_workflow.models import Collaboration

AFTER_THE_FINAL_REPORTS = timedelta(days=30)  # inferred


@after((Collaboration, "start_reporting"), (Collaboration, "end_interventions"))
def begin_the_synthesis(change: Change) -> None:
    """So that nobody has to create it (domain.md 2.3)."""
    ends_on = change.instance.interventions_end_on or change.today
    reports_are_due = out_of_july(ends_on + FINAL_REPORT_AFTER)
    CollaborationSynthesis.objects.get_or_create(
        collaboration=change.instance,
        defaults={
            "due_on": out_of_july(next_working_day(reports_are_due + AFTER_THE_FINAL_REPORTS))
        },
    )


@after((CollaborationSynthesis, "publish"))
def freeze_the_synthesis(change: Change) -> None:
    """What was published stays so, whatever becomes of the reports."""
    assert change.by is not None
    synthesis: CollaborationSynthesis = change.instance
    document = synthesis_document(synthesis_said(synthesis, change.by))
    file = write_document(document)
    SynthesisCopy.objects.create(
        synthesis=synthesis,
        file=file,
        pdf=write_pdf(document, made_at=change.now),
        sha256=sha256(file).hexdigest(),
        frozen_at=change.now,
    )
