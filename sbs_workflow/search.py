"""What the search for collaborations looks in: the names of all in it, stored beside each."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from organisations.renaming import keeps_names
from organisations.swedish import search_text
from sbs_workflow.models import Collaboration

WRITTEN_AT_ONCE = 500


@transaction.atomic
def refresh_search_texts(cases: QuerySet[Collaboration]) -> None:
    """Write the texts of ``cases`` anew; called by every action that changes a part of them.

    The cases are locked before the names are read, so that of two actions the later knows both.
    """
    found = list(
        Collaboration.objects.filter(pk__in=cases.order_by().values("pk"))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .select_related("organiser", "university")
        .prefetch_related("units")
    )
    for case in found:
        case.search_text = search_text(_names_in(case))
    Collaboration.objects.bulk_update(found, ["search_text"], batch_size=WRITTEN_AT_ONCE)


@keeps_names
def refresh_where_they_take_part(keys: Collection[UUID]) -> None:
    refresh_search_texts(
        Collaboration.objects.filter(
            Q(organiser__in=keys) | Q(university__in=keys) | Q(participations__unit__in=keys)
        )
    )


def _names_in(case: Collaboration) -> list[str]:
    return [
        case.name,
        case.reference,
        case.cohort,
        case.organiser.name,
        case.university.name if case.university else "",
        *(unit.name for unit in case.units.all()),
    ]
