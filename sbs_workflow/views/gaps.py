"""The pages on which a party's lead names somebody for a role, and mends an address."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from sbs_workflow.actions import fill_vacancy, mend_address
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.forms import AddressForm, NameSomebodyForm
from sbs_workflow.models import AddressTrouble, Vacancy
from sbs_workflow.pages import carry_out
from sbs_workflow.permissions import can_fill_vacancy, can_mend_address, require
from sbs_workflow.queries import invitations_to_fill, leads_of


@door(Vacancy)
def vacancy(request: PersonRequest, vacancy: Vacancy) -> HttpResponse:
    """Everybody sees that nobody holds the role, and who is to name somebody."""
    case = vacancy.collaboration
    if request.method == "POST":
        require(can_fill_vacancy, vacancy, request.user)
        if not vacancy.is_open:
            messages.info(request, _("Somebody is named for the role already."))
            return redirect(case)
    title = _("Nobody holds the role: %(role)s") % {"role": vacancy}
    if not vacancy.is_open or not can_fill_vacancy(vacancy, request.user):
        leads = leads_of(case, vacancy.party, clock.today())
        context = {"about": vacancy, "title": title, "lead": case.name, "leads": leads}
        return render(request, "sbs_workflow/vacancy.html", context)
    form = NameSomebodyForm(request.POST or None, today=clock.today())
    return carry_out(
        request,
        form,
        about=vacancy,
        title=title,
        lead=case.name,
        submit=_("Name the person"),
        done=_("It is noted. Somebody who is new in the organisation gets an invitation by mail."),
        cancel_url=case.get_absolute_url(),
        action=lambda: fill_vacancy(
            vacancy=vacancy, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        template="sbs_workflow/vacancy.html",
        waiting=invitations_to_fill(vacancy),
        now=clock.now(),
    )


@door(AddressTrouble, may=can_mend_address)
def address(request: PersonRequest, trouble: AddressTrouble) -> HttpResponse:
    if not trouble.is_open:
        return redirect(trouble.collaboration)
    form = AddressForm(request.POST or None, initial={"email": trouble.user.email})
    return carry_out(
        request,
        form,
        about=trouble,
        title=_("Mail does not reach %(name)s") % {"name": trouble.user},
        lead=_("Mail to %(address)s comes back, so %(name)s is not reminded of anything.")
        % {"address": trouble.user.email, "name": trouble.user},
        submit=_("Save"),
        done=_("Noted. Mail is sent there again."),
        cancel_url=trouble.collaboration.get_absolute_url(),
        action=lambda: (
            mend_address(
                trouble=trouble, by=request.user, now=clock.now(), **form.cleaned_data
            ).collaboration
        ),
    )
