"""The pages on which a role ends: who takes it over, or what happens while nobody has it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import clock
from organisations.doors import leads, support
from organisations.models import Membership, Organisation, Role, User
from organisations.queries import led_by
from sbs_workflow.actions import hand_over
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.forms import HandoverForm
from sbs_workflow.handing_over import TakenOverForm
from sbs_workflow.models import Assignment
from sbs_workflow.pages import carry_out
from sbs_workflow.permissions import can_assign, can_manage_people, require
from sbs_workflow.successors import Held, may_end, roles_everywhere, roles_in, roles_to_leave


@door(Assignment, may=can_manage_people)
def assignment_ends(request: PersonRequest, assignment: Assignment) -> HttpResponse:
    require(can_assign[Role(assignment.role).party], assignment, request.user)
    back = assignment.collaboration.get_absolute_url()
    return _hand_over(request, [assignment], title=_("A role ends"), back=back)


@signed_in
def membership_ends(request: PersonRequest, pk: UUID) -> HttpResponse:
    """For whoever may give that role; to everybody else there is no such membership."""
    today = clock.today()
    rows = Membership.objects.filter(organisation__in=led_by(request.user, today))
    membership = get_object_or_404(rows.select_related("user", "organisation", "unit"), pk=pk)
    if not may_end(request.user, membership, today):
        raise Http404
    back = reverse("organisations:people", args=[membership.organisation_id])
    return _hand_over(request, [membership], title=_("A role ends"), back=back)


@leads
def person_leaves(request: PersonRequest, organisation: Organisation, person: UUID) -> HttpResponse:
    """Everything that somebody holds in the organisation, handed over at once."""
    leaver = get_object_or_404(User, pk=person)
    rows = [
        held
        for held in roles_in(organisation, leaver, clock.today())
        if may_end(request.user, held, clock.today())
    ]
    if not rows:
        raise Http404
    back = reverse("organisations:people", args=[organisation.pk])
    title = _("%(name)s leaves") % {"name": leaver.name}
    return _hand_over(request, rows, title=title, back=back, leaves_altogether=True)


@support
def close_account(request: PersonRequest, person: UUID) -> HttpResponse:
    """For support: an account is closed today, and nothing it had in hand is dropped."""
    today = clock.today()
    leaver = get_object_or_404(User, pk=person, is_active=True)
    back = reverse("admin:organisations_user_change", args=[leaver.pk])
    rows = roles_everywhere(leaver, today)
    if not rows:
        return redirect(back)
    roles = roles_to_leave(rows, today)
    form = TakenOverForm(request.POST or None, roles=roles)

    def action() -> str:
        hand_over(
            roles=form.left(),
            ends_on=today,
            starts_on=today,
            close_account=True,
            by=request.user,
            now=clock.now(),
        )
        return back

    return carry_out(
        request,
        form,
        about=None,
        title=_("Close the account of %(name)s") % {"name": leaver.name},
        submit=_("Close the account"),
        done=_("The account is closed. Whoever takes over gets a letter."),
        action=action,
        cancel_url=back,
        template="sbs_workflow/handover.html",
        leaver=leaver,
        rows=form.rows(),
        today=today,
    )


def _hand_over(
    request: PersonRequest,
    rows: Sequence[Held],
    *,
    title: str,
    back: str,
    leaves_altogether: bool = False,
) -> HttpResponse:
    roles = roles_to_leave(rows, clock.today())
    form = HandoverForm(
        request.POST or None,
        roles=roles,
        today=clock.today(),
        leaves_altogether=leaves_altogether,
    )

    def action() -> str:
        hand_over(
            roles=form.left(),
            ends_on=form.cleaned_data["ends_on"],
            starts_on=form.cleaned_data["starts_on"],
            close_account=form.cleaned_data.get("close_account", False),
            by=request.user,
            now=clock.now(),
        )
        return back

    case = rows[0].collaboration if isinstance(rows[0], Assignment) else None
    return carry_out(
        request,
        form,
        about=None if leaves_altogether else case,
        title=title,
        submit=_("Hand over"),
        done=_("Done. Whoever takes over gets a letter with a link to where things stand."),
        action=action,
        cancel_url=back,
        template="sbs_workflow/handover.html",
        leaver=rows[0].user,
        rows=form.rows(),
        today=clock.today(),
    )
