"""While a shared document is reworked the other parties read what was shared."""

import pytest

from organisations.models import User
from plans.actions import write_document
from plans.models import SituationAnalysis
from sbs_workflow.engine import perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


def text_for(analysis: SituationAnalysis, user: User) -> str:
    load_roles(user, TODAY)
    return analysis.texts_for(user)["text"]


def test_only_the_own_side_reads_what_is_being_rewritten(cast: Cast) -> None:
    ours = cast.ours
    analysis = factories.analysis(
        ours.collaboration,
        ours.school,
        state="in_progress",
        text="Som vi delade det.",
        views_of_children="Eleverna vill ha arbetsro.",
    )
    analysis = perform(analysis.share, by=ours.principal, now=NOW)
    analysis = perform(
        analysis.return_with_comments, by=ours.process_supporter, now=NOW, reason="Fördjupa."
    )
    write_document(document=analysis, by=ours.principal, now=NOW, text="Halvskrivet och bara vårt.")
    analysis = SituationAnalysis.objects.get(pk=analysis.pk)

    assert text_for(analysis, ours.principal) == "Halvskrivet och bara vårt."
    assert text_for(analysis, ours.head_of_authority) == "Halvskrivet och bara vårt."
    assert text_for(analysis, ours.process_supporter) == "Som vi delade det."
    assert text_for(analysis, ours.team_leader) == "Som vi delade det."

    analysis = perform(analysis.share, by=ours.principal, now=NOW)
    assert text_for(analysis, ours.process_supporter) == "Halvskrivet och bara vårt."
