"""Start page, portfolio, the page of a collaboration, its history, and how the process works."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import GovernmentReport
from interventions.permissions import can_log_visit
from meetings.models import CalendarFeed
from meetings.permissions import calls_meetings_usually, can_call_meeting
from meetings.queries import kinds_called_by
from notifications import clock
from organisations.models import Party, Role, User
from plans.models import Goal
from plans.permissions import can_rate
from plans.wording import wording_for
from portfolio import queries
from portfolio.feed import feed_of
from portfolio.forms import FilterForm, TrailForm
from portfolio.pictures import Picture, as_png, load, red_thread, taper, timeline
from portfolio.pictures import history as history_of_ratings
from portfolio.pictures import svg as picture_svg
from portfolio.queries import (
    PAGE_SIZE,
    Filters,
    arrow_rows,
    case_rows,
    collaboration_page,
    events_of,
    goal_page,
    interventions_on_line,
    load_of_units,
    portfolio,
    rating_points,
    support_months,
    thread_of,
)
from records.permissions import can_see_readings
from records.queries import choices_of, trail_of
from reminders.queries import duties_of
from reports.queries import FEWEST_UNITS, yearly_account
from sbs_workflow.diagrams import svg
from sbs_workflow.doors import PersonRequest, door, public, signed_in
from sbs_workflow.models import (
    Collaboration,
    Handover,
    Participation,
    Phase,
    WorkflowModel,
)
from sbs_workflow.permissions import (
    can_assign,
    can_manage_collaboration,
    can_manage_people,
    roles_held,
)
from sbs_workflow.queries import load_roles

CASES_ON_START_PAGE = 8


@signed_in
@require_safe
def start(request: PersonRequest) -> HttpResponse:
    """What this person owes, and the collaborations they take part in."""
    today, now = clock.today(), clock.now()
    found = portfolio(request.user, Filters(), now, today)[: CASES_ON_START_PAGE + 1]
    cases = case_rows(found, today)
    context = {
        "duties": duties_of(request.user, today),
        "cases": cases[:CASES_ON_START_PAGE],
        "has_more": len(cases) > CASES_ON_START_PAGE,
    }
    return render(request, "portfolio/start.html", context)


@signed_in
@require_safe
def collaborations(request: PersonRequest) -> HttpResponse:
    """All collaborations this person may see, filtered, sorted and in pages by the address."""
    today, now = clock.today(), clock.now()
    form = FilterForm(request.GET)
    filters = form.filters()
    found = portfolio(request.user, filters, now, today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cases": case_rows(page.object_list, today),
        "query": _address(request.GET, page=None),
        "sorts": _sorts(request.GET, filters.sort),
        "chips": _chips(request.GET, filters),
        "may_open": bool(roles_held(request.user).scopes_of([Role.AGENCY_MANAGER])[1]),
    }
    return render(request, "portfolio/collaborations.html", context)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    direction: str = ""


def _address(query: QueryDict, **changes: str | None) -> str:
    """The parameters of the address with some changed; None takes one away."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return changed.urlencode()


def _sorts(query: QueryDict, current: str) -> dict[str, Link]:
    """A link to sort by each column; the one that is sorted by turns the order around."""
    links = {}
    for key, label in (
        ("namn", _("Collaboration")),
        ("mote", _("Next three-party meeting")),
        ("besok", _("Last visit")),
    ):
        direction = {key: "asc", f"-{key}": "desc"}.get(current, "")
        target = f"-{key}" if direction == "asc" else key
        links[key] = Link(label, f"?{_address(query, sortera=target)}", direction)
    return links


def _chips(query: QueryDict, filters: Filters) -> list[Link]:
    chips = []
    if filters.query:
        chips.append(Link(filters.query, f"?{_address(query, sok=None)}"))
    if filters.phase:
        chips.append(Link(str(Phase(filters.phase).label), f"?{_address(query, fas=None)}"))
    if filters.late:
        chips.append(Link(_("Only what is late"), f"?{_address(query, forsenat=None)}"))
    if filters.ended:
        chips.append(Link(_("Ended ones too"), f"?{_address(query, avslutade=None)}"))
    return chips


@door(Collaboration)
@require_safe
def collaboration(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    page = collaboration_page(collaboration, request.user, clock.today())
    context = {
        "page": page,
        "collaboration": collaboration,
        "header": _header(collaboration),
        "may_log_visit": collaboration.is_under_way and can_log_visit(collaboration, request.user),
        "may_manage": can_manage_collaboration(collaboration, request.user),
        "may_manage_people": can_manage_people(collaboration, request.user),
        "may_end": [party for party, may in can_assign.items() if may(collaboration, request.user)],
        "may_call_meeting": _may_call_meeting(collaboration, request.user),
    }
    return render(request, "portfolio/collaboration.html", context)


@door(Collaboration)
@require_safe
def here_we_are(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Where the case stands, on one page for whoever takes over in the middle of it."""
    today, user = clock.today(), request.user
    context = {
        "page": queries.here_we_are(collaboration, user, today),
        "collaboration": collaboration,
        "taken_over": Handover.objects.to(user, today)
        .about(collaboration)
        .select_related("leaver"),
    }
    return render(request, "portfolio/here_we_are.html", context)


def _may_call_meeting(collaboration: Collaboration, user: User) -> bool:
    """The rules are asked only for the party that calls no kind unless a rule says so."""
    if not collaboration.is_live or not can_call_meeting(collaboration, user):
        return False
    return calls_meetings_usually(collaboration, user) or bool(kinds_called_by(user, collaboration))


def _header(collaboration: Collaboration) -> dict[str, Any]:
    return {
        "name": collaboration.name,
        "url": collaboration.get_absolute_url(),
        "organiser": collaboration.organiser.name,
        "university": collaboration.university.name if collaboration.university else "",
        "state": collaboration.state,
        "state_label": collaboration.state_label,
        "phase_label": str(collaboration.phase.label),
    }


@door(Goal)
@require_safe
def goal(request: PersonRequest, goal: Goal) -> HttpResponse:
    """One goal: what it says, its colours over time, and what is done for it."""
    context = {
        "goal": goal,
        "unit": goal.unit,
        "page": goal_page(goal, request.user),
        "picture": _ratings_picture(goal),
        "png_url": reverse("portfolio:goal_png", args=[goal.pk]),
        "wording": wording_for(goal.unit),
        "may_rate": goal.collaboration.is_live and can_rate(goal, request.user),
    }
    return render(request, "portfolio/goal.html", context)


@door(Goal)
@require_safe
def goal_png(request: PersonRequest, goal: Goal) -> HttpResponse:
    return _png(_ratings_picture(goal, name=str(goal)))


def _ratings_picture(goal: Goal, name: str = "") -> Picture:
    return history_of_ratings(rating_points(goal), today=clock.today(), goal=name)


@door(Participation)
@require_safe
def thread(request: PersonRequest, participation: Participation) -> HttpResponse:
    """The red thread of a unit, from problem to colour, as one page that can be walked."""
    context = {
        "participation": participation,
        "unit": participation.unit,
        "collaboration": participation.collaboration,
        "picture": _thread_picture(request, participation),
        "png_url": reverse("portfolio:thread_png", args=[participation.pk]),
        "others": Participation.objects.filter(
            collaboration=participation.collaboration_id, left_on=None
        )
        .select_related("unit")
        .order_by("unit__sort_key"),
    }
    return render(request, "portfolio/thread.html", context)


@door(Participation)
@require_safe
def thread_png(request: PersonRequest, participation: Participation) -> HttpResponse:
    return _png(_thread_picture(request, participation))


def _thread_picture(request: PersonRequest, participation: Participation) -> Picture:
    return red_thread(thread_of(participation, request.user), unit=participation.unit.name)


@door(Collaboration)
@require_safe
def pictures(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """The whole collaboration to look at: time line, load and support days."""
    drawn = [
        (draw(collaboration, request.user), reverse(PNG, args=[collaboration.pk, slug]))
        for slug, draw in PICTURES.items()
    ]
    context = {"collaboration": collaboration, "pictures": drawn}
    return render(request, "portfolio/pictures.html", context)


@door(Collaboration)
@require_safe
def picture_png(request: PersonRequest, collaboration: Collaboration, slug: str) -> HttpResponse:
    if slug not in PICTURES:
        raise Http404
    return _png(PICTURES[slug](collaboration, request.user))


def _timeline(collaboration: Collaboration, user: User) -> Picture:
    return timeline(interventions_on_line(collaboration, user), today=clock.today())


def _load(collaboration: Collaboration, user: User) -> Picture:
    units, terms = load_of_units(collaboration, user)
    return load(units, terms=terms)


def _taper(collaboration: Collaboration, user: User) -> Picture:
    return taper(support_months(collaboration), today=clock.today())


PNG = "portfolio:picture_png"
PICTURES: dict[str, Callable[[Collaboration, User], Picture]] = {
    "tidslinje": _timeline,
    "belastning": _load,
    "stoddagar": _taper,
}


def _png(picture: Picture) -> HttpResponse:
    """For documents: twice the size it has on a page, so that it prints well."""
    image = as_png(picture_svg(picture), width=2 * picture.width)
    name = f"{picture.slug}.png"
    return HttpResponse(
        image,
        content_type="image/png",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _report_of_the_year(request: PersonRequest, pk: str) -> GovernmentReport:
    found: GovernmentReport = get_object_or_404(
        GovernmentReport.objects.visible_to(request.user), pk=pk
    )
    return found


@signed_in
def year(request: PersonRequest, pk: str) -> HttpResponse:
    """A year of the whole programme, for the managers of the agency."""
    return _year(request, _report_of_the_year(request, pk))


@require_safe
def _year(request: PersonRequest, report: GovernmentReport) -> HttpResponse:
    account = yearly_account(report)
    context = {
        "report": report,
        "account": account,
        "fewest": FEWEST_UNITS,
        "pictures": {
            slug: (draw(account), reverse("portfolio:year_png", args=[report.pk, slug]))
            for slug, draw in queries.PICTURES_OF_A_YEAR.items()
        },
    }
    return render(request, "portfolio/year.html", context)


@signed_in
def year_png(request: PersonRequest, pk: str, slug: str) -> HttpResponse:
    return _year_png(request, _report_of_the_year(request, pk), slug)


@require_safe
def _year_png(request: PersonRequest, report: GovernmentReport, slug: str) -> HttpResponse:
    if slug not in queries.PICTURES_OF_A_YEAR:
        raise Http404
    return _png(queries.PICTURES_OF_A_YEAR[slug](yearly_account(report)))


@door(Collaboration)
@require_safe
def history(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Every step and every change of content, of one object, person or day where one is chosen."""
    form = TrailForm(request.GET, choices=choices_of(collaboration, request.user))
    found: Any = trail_of(collaboration, request.user, form.filters())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "collaboration": collaboration,
        "form": form,
        "page": page,
        "query": _address(request.GET, page=None),
        "may_see_readings": can_see_readings(collaboration, request.user),
    }
    return render(request, "portfolio/history.html", context)


@door(Collaboration)
@require_safe
def calendar(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Every meeting and visit of the collaboration, the latest first."""
    events = sorted(events_of(collaboration), key=lambda event: event.day, reverse=True)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"collaboration": collaboration, "page": page}
    return render(request, "portfolio/calendar.html", context)


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What calendar programs read: they know an address and no log-in."""
    found = CalendarFeed.objects.behind(token)
    if found is None:
        raise Http404
    load_roles(found.user, clock.today())
    return HttpResponse(
        feed_of(found.user, clock.now()),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, max-age=900",
            "Content-Disposition": 'inline; filename="trepart.ics"',
            "X-Robots-Tag": "noindex",
        },
    )


@signed_in
@require_safe
def process(request: PersonRequest) -> HttpResponse:
    """How the process works: every machine as a picture and as a table, made from the code."""
    machines = [
        {
            "slug": machine.machine_slug,
            "name": machine._meta.verbose_name,
            "diagram": svg(machine),
            "arrows": arrow_rows(machine),
        }
        for machine in WorkflowModel.machines()
    ]
    context = {"machines": machines, "parties": Party.choices, "phases": Phase.choices}
    return render(request, "portfolio/process.html", context)
