"""The forms of an invitation, of the account that comes of it, and of one's own account."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisations.models import UNIT_ROLES, Organisation, Role, Unit, User
from organisations.prose import LineInput
from organisations.register import Change, Comparison
from organisations.register.reading import LARGEST_FILE

HandedOut = dict[Role, set[Unit] | None]


class InviteForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Choose"),
        help_text=_("For principals and process leaders."),
    )
    name = LineInput(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The letter goes here. It is valid for seven days.")
    )
    is_deputy = forms.BooleanField(
        label=_("As a deputy"),
        required=False,
        help_text=_("Has the same rights, and is reminded while nobody else holds the role."),
    )

    def __init__(
        self, *args: Any, organisation: Organisation, handed_out: HandedOut, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.handed_out = handed_out
        self.fields["role"].choices = [(r.value, r.label) for r in handed_out]  # type: ignore[attr-defined]
        if not any(role in UNIT_ROLES for role in handed_out):
            del self.fields["unit"]
            return
        units = organisation.units.all()
        if all(value is not None for value in handed_out.values()):
            allowed = {unit.pk for value in handed_out.values() for unit in value or ()}
            units = units.filter(pk__in=allowed)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "role" not in data:
            return data
        role = data["role"] = Role(data["role"])
        if role not in UNIT_ROLES:
            data["unit"] = None
        elif not data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Say in which unit."))
        return data


class NewAccountForm(forms.Form):
    """The account of somebody who was invited; they may log in with codes and no password."""

    name = LineInput(
        label=_("Your name"), max_length=150, help_text=_("As the others are to see it.")
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least twelve characters. Leave it empty if you would rather get a code by mail each"
            " time you log in."
        ),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as weak:
                self.add_error("password", weak)
        return data


class EndSessionForm(forms.Form):
    """Which of one's own sessions is to end; none of them means all the others."""

    session = forms.ModelChoiceField(queryset=UserSession.objects.none(), required=False)

    def __init__(self, *args: Any, own: QuerySet[UserSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = own  # type: ignore[attr-defined]


class SeeAsForm(forms.Form):
    reason = LineInput(
        label=_("Why do you need to see it?"),
        max_length=300,
        help_text=_("The person reads this, in a letter that leaves at once."),
    )


class RegisterFileForm(forms.Form):
    file = forms.FileField(
        label=_("File from Skolenhetsregistret"),
        help_text=_("An answer of its API (JSON), Excel or CSV. Twenty megabytes at most."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.xlsx,.csv,.txt"}),
    )
    with_new_organisers = forms.BooleanField(
        label=_("Also school authorities that are not here yet"), required=False
    )

    def clean_file(self) -> Any:
        """Measured before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large: twenty megabytes at most."))
        return file


class TakeInForm(forms.Form):
    """A box for each change, and for a new unit the ceased ones that it may come after."""

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison = comparison
        for change in comparison.changes:
            self.fields[change.key] = forms.BooleanField(
                label=f"{change.label}: {change.row.name}", required=False
            )
            if earlier := comparison.could_follow(change):
                self.fields[f"follows-{change.row.code}"] = forms.TypedMultipleChoiceField(
                    label=_("Comes after"),
                    help_text=_(
                        "For a split or a merger: the register gives new codes and does not say"
                        " which unit was there before."
                    ),
                    choices=[(str(unit.pk), unit.name) for unit in earlier],
                    coerce=UUID,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    def chosen(self) -> set[str]:
        return {c.key for c in self.comparison.changes if self.cleaned_data[c.key]}

    def follows(self) -> dict[str, list[UUID]]:
        """By the code of a new unit, the units that it comes after."""
        prefix = "follows-"
        return {
            name.removeprefix(prefix): keys
            for name, keys in self.cleaned_data.items()
            if name.startswith(prefix)
        }

    def rows(self) -> Iterator[tuple[Change, forms.BoundField, forms.BoundField | None]]:
        for change in self.comparison.changes:
            after = f"follows-{change.row.code}"
            yield change, self[change.key], self[after] if after in self.fields else None
