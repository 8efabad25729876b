"""An answer to an invitation, here or as a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from meetings.invitations import LARGEST_REPLY, Reply, UnreadableReply, read_reply
from meetings.models import MeetingParticipant


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Do you come?"),
        choices=[
            (MeetingParticipant.Answer.ACCEPTED, _("I come")),
            (MeetingParticipant.Answer.TENTATIVE, _("I come perhaps")),
            (MeetingParticipant.Answer.DECLINED, _("I do not come")),
        ],
        widget=forms.RadioSelect,
    )


class ReplyForm(forms.Form):
    file = forms.FileField(
        label=_("The answer as a file"),
        help_text=_("Usually named invite.ics, in the mail with the answer."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_file(self) -> Reply:
        """Read no more than an answer can hold, however large the file is."""
        uploaded: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            return read_reply(uploaded.read(LARGEST_REPLY + 1))
        except UnreadableReply as fault:
            raise forms.ValidationError(str(fault), code="reply") from fault
