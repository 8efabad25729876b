"""How often reminders come by mail, also for those who follow the link in one."""

from uuid import UUID

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from notifications.models import MailChoice
from notifications.unsubscribing import person_of
from organisations.models import User
from reminders.actions import choose_mail
from reminders.forms import MailChoiceForm
from sbs_workflow.doors import PersonRequest, public, signed_in
from sbs_workflow.pages import carry_out


@signed_in
def mail_choice(request: PersonRequest) -> HttpResponse:
    chosen = MailChoice.objects.filter(user=request.user).first()
    rhythm = chosen.rhythm if chosen else MailChoice.Rhythm.DAILY
    form = MailChoiceForm(request.POST or None, initial={"rhythm": rhythm})
    return carry_out(
        request,
        form,
        about=None,
        title=_("Reminders by mail"),
        lead=_(
            "What is yours to do always stands on your start page. Formal duties, such as reports"
            " and signatures, are always told by mail, at most once a day."
        ),
        submit=_("Save"),
        done=_("Saved."),
        cancel_url=reverse("portfolio:start"),
        action=lambda: _save(request.user.pk, form.cleaned_data["rhythm"]),
    )


def _save(user_id: UUID, rhythm: str) -> str:
    choose_mail(user_id=user_id, rhythm=rhythm)
    return reverse("reminders:mail_choice")


@public
@csrf_exempt
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """One press in the mail program ends them (RFC 8058); opening the link changes nothing."""
    try:
        person = get_object_or_404(User, pk=person_of(token))
    except BadSignature as forged:
        raise Http404 from forged
    stopped = request.method == "POST"
    if stopped:
        choose_mail(user_id=person.pk, rhythm=MailChoice.Rhythm.NEVER)
    return render(request, "reminders/stop_mail.html", {"stopped": stopped})
