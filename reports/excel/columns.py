"""The columns of a financial report as a sheet: written and read by the same words, in Swedish."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.models import CostKind

# In the order of the sheet. ``used`` and ``own_share`` stand on the rows of the kinds of cost,
# ``paid`` and ``explanation`` on the row of the whole insats; the others are computed or known.
NUMBER, NAME, KIND, GRANTED, PAID, USED, OWN_SHARE, UNUSED, EXPLANATION = COLUMNS = (
    "number",
    "name",
    "kind",
    "granted",
    "paid",
    "used",
    "own_share",
    "unused",
    "explanation",
)
AMOUNTS = (GRANTED, PAID, USED, OWN_SHARE, UNUSED)


def column_labels() -> dict[str, str]:
    with override(settings.LANGUAGE_CODE):
        return {
            NUMBER: _("No."),
            NAME: _("Insats"),
            KIND: _("Kind of cost"),
            GRANTED: _("Granted"),
            PAID: _("Paid out"),
            USED: _("Used"),
            OWN_SHARE: _("Own share"),
            UNUSED: _("Not used"),
            EXPLANATION: _("Explanation"),
        }


def kind_labels() -> dict[str, str]:
    """The kinds of cost, and under the empty key what the row of a whole insats says."""
    with override(settings.LANGUAGE_CODE):
        return {"": _("All of it")} | {kind.value: str(kind.label) for kind in CostKind}
