"""allauth's form for a new passkey, in words that people use."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["name"].help_text = _("Such as My phone, so that you know it again.")
        alone = self.fields["passwordless"]
        alone.label = _("Log in with it alone")
        alone.help_text = _("Then you need neither a password nor a code by mail on this device.")
