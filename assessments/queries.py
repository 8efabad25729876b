"""What two mappings say beside each other, and what the cases of an agency lack."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import CapacityMapping, Dimension, DimensionRating, Round
from notifications.duties import open_duties
from organisations.models import Organisation, Unit, User
from plans.models import ActionPlan, Goal, GoalRating
from sbs_workflow.models import WORKING, Collaboration, Participation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What to think of, in few words (domain.md 3.7).
QUESTIONS: "dict[str, StrOrPromise]" = {
    Dimension.INFRASTRUCTURE: gettext_lazy(
        "Do goals, groups, meetings, norms and rewards carry the work?"
    ),
    Dimension.PROCESSES: gettext_lazy(
        "How far does new work come: is it begun, done, lasting and spread?"
    ),
    Dimension.ROLES: gettext_lazy("Who drives, supports and looks back on the work?"),
    Dimension.HISTORY: gettext_lazy("What has been tried before, and what has it left behind?"),
    Dimension.LEARNING: gettext_lazy(
        "Is there an idea that all share, and do people learn in their everyday work?"
    ),
}


@dataclass(frozen=True)
class DimensionRow:
    """One dimension of a mapping, with the mapping at the start beside the one at the end."""

    dimension: Dimension
    now: DimensionRating | None
    before: DimensionRating | None

    @property
    def question(self) -> "StrOrPromise":
        return QUESTIONS[self.dimension]

    @property
    def moved(self) -> str:
        """What has become of it, in words: a huvudman is compared with itself only."""
        if self.now is None or self.before is None:
            return ""
        if self.now.level > self.before.level:
            return _("has grown")
        if self.now.level < self.before.level:
            return _("has become weaker")
        return _("is as it was")


@dataclass(frozen=True)
class MappingSaid:
    rows: list[DimensionRow]
    start: CapacityMapping | None
    end: CapacityMapping | None

    @property
    def has_start_beside(self) -> bool:
        return any(row.before for row in self.rows)


def mapping_said(mapping: CapacityMapping, user: User) -> MappingSaid:
    """The mapping dimension by dimension, and the other of the case where it is readable."""
    both = {
        each.round: each
        for each in CapacityMapping.objects.visible_to(user)
        .filter(collaboration=mapping.collaboration_id)
        .prefetch_related("ratings")
    }
    start, end = both.get(Round.START), both.get(Round.END)

    def of(each: CapacityMapping | None) -> dict[str, DimensionRating]:
        return {rating.dimension: rating for rating in each.ratings.all()} if each else {}

    said, before = of(both[mapping.round]), of(start) if mapping.round == Round.END else {}
    return MappingSaid(
        [DimensionRow(each, said.get(each), before.get(each)) for each in Dimension], start, end
    )


@dataclass(frozen=True)
class IncompleteCase:
    """A collaboration, and what it lacks for the report to the government."""

    collaboration: Collaboration
    lacks: list[str]


def incomplete_cases(agency: Organisation, today: date) -> list[IncompleteCase]:
    """The cases under way that lack something, by name (four queries)."""
    cases = list(
        Collaboration.objects.filter(agency=agency, state__in=WORKING).select_related("organiser")
    )
    without_code = _units_without_code(agency)
    uncoloured = _goals_without_colour(agency)
    late = Counter(
        duty.scope_id
        for duty in open_duties(today, scopes=[case.pk for case in cases])
        if duty.duty.is_formal and duty.is_overdue(today)
    )
    found = [
        IncompleteCase(
            case,
            [
                *_facts_missing(case),
                *_counted(without_code[case.pk], uncoloured[case.pk], late[case.pk]),
            ],
        )
        for case in cases
    ]
    return [case for case in found if case.lacks]


def _facts_missing(case: Collaboration) -> list[str]:
    known = {
        _("case reference"): case.reference,
        _("cohort"): case.cohort,
        _("organisation number of the school authority"): case.organiser.organisation_number,
        _("municipality code"): case.organiser.municipality_code,
        _("university"): case.university_id or not case.interventions_start_on,
    }
    return [name for name, value in known.items() if not value]


def _counted(without_code: int, uncoloured: int, late: int) -> list[str]:
    words = [
        (without_code, ngettext("%d school unit code", "%d school unit codes", without_code)),
        (uncoloured, ngettext("colour of %d goal", "colours of %d goals", uncoloured)),
        (late, ngettext("%d late report", "%d late reports", late)),
    ]
    return [text % count for count, text in words if count]


def _units_without_code(agency: Organisation) -> Counter[UUID]:
    """Preschools and administrations have no code in the register (domain.md 6.7)."""
    schools = Participation.objects.filter(
        collaboration__agency=agency,
        left_on=None,
        unit__school_unit_code="",
        unit__kind__in=[Unit.Kind.COMPULSORY, Unit.Kind.UPPER_SECONDARY],
    )
    return Counter(schools.values_list("collaboration_id", flat=True))


def _goals_without_colour(agency: Organisation) -> Counter[UUID]:
    """Goals of plans that are adopted, which nobody has set a colour for yet."""
    goals = Goal.objects.filter(
        ~Exists(GoalRating.objects.filter(goal=OuterRef("pk"))),
        collaboration__agency=agency,
        collaboration__interventions_start_on__isnull=False,
        plannings__plan__state=ActionPlan.State.ADOPTED,
    )
    rows = goals.values("collaboration_id").annotate(count=Count("pk", distinct=True))
    return Counter({row["collaboration_id"]: row["count"] for row in rows})
