"""Words that follow the form of school.

In a preschool the goals concern the provision and not the children's results (NOR, HUD); the
administration speaks for all its units.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from organisations.models import Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Wording:
    """Labels and hints of the analysis and the plan, for one form of school."""

    views_of_children: "StrOrPromise"
    views_of_children_hint: "StrOrPromise"
    problem_hint: "StrOrPromise"
    effect_question: "StrOrPromise"
    effect_hint: "StrOrPromise"
    measure_hint: "StrOrPromise"


PRESCHOOL = Wording(
    views_of_children=_("The children's view"),
    views_of_children_hint=_(
        "What do the children show and tell about their days here, and how did you find out?"
    ),
    problem_hint=_("What in the provision does not work well enough for the children?"),
    effect_question=_("Expected effect on the provision"),
    effect_hint=_(
        "What will be different in the teaching, the environment or the staff's way of working?"
        " Not what single children achieve."
    ),
    measure_hint=_(
        "What will you look at? Observations, documentation and talks count as much as numbers."
    ),
)
SCHOOL = Wording(
    views_of_children=_("The pupils' view"),
    views_of_children_hint=_(
        "What do the pupils say themselves, and how did you ask? No names of pupils."
    ),
    problem_hint=_("What in the pupils' results or school days does not work well enough?"),
    effect_question=_("Expected effect on the pupils' results"),
    effect_hint=_("What will be noticed in the pupils' learning, attendance or school days?"),
    measure_hint=_("What will you look at: results, attendance, surveys, observations?"),
)
ADMINISTRATION = Wording(
    views_of_children=_("The children's and pupils' view"),
    views_of_children_hint=_("What do the units hear from children and pupils, and how?"),
    problem_hint=_("What in the steering, the support or the follow-up does not work well enough?"),
    effect_question=_("Expected effect on the schools and preschools"),
    effect_hint=_("What will the units notice, and in the end the children and pupils?"),
    measure_hint=_("What will you look at, in the administration and in the units?"),
)
WORDINGS = {
    Unit.Kind.PRESCHOOL: PRESCHOOL,
    Unit.Kind.COMPULSORY: SCHOOL,
    Unit.Kind.UPPER_SECONDARY: SCHOOL,
    Unit.Kind.ADMINISTRATION: ADMINISTRATION,
}


def wording_for(unit: Unit) -> Wording:
    return WORDINGS[Unit.Kind(unit.kind)]


# Offered where a development area is written; the field takes any other too (HUD, NOR).
DEVELOPMENT_AREAS = (
    _("Steering and leadership"),
    _("The quality of teaching"),
    _("Language development"),
    _("Safety and participation"),
    _("Learning among colleagues"),
    _("Systematic quality work"),
)
