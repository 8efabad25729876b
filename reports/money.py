"""Amounts in kronor as people write and read them: exact inside, whole kronor on the page.

A number format of Swedish: blanks between thousands, a comma before the öre.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

ZERO = Decimal(0)
ORE = Decimal("0.01")
LARGEST = Decimal("9999999999.99")  # what a column holds
# "kr" and ":-" after the number, and every kind of blank between its digits.
CURRENCY = re.compile(r"(?:kr(?:onor)?|sek|:-)\.?$", re.IGNORECASE)
AMOUNT = re.compile(r"(?P<minus>-?)(?P<kronor>[0-9]{1,30})(?:[.,](?P<ore>[0-9]{1,2}))?")


class NoAmountError(ValueError):
    """What was written is no amount that can be reported; the text says what to write."""


def read_amount(text: str) -> Decimal | None:
    """``12 500,50 kr`` as kronor, None where nothing is written. Raises NoAmountError."""
    bare = CURRENCY.sub("", "".join(text.split()).replace("−", "-").replace("–", "-"))
    if not bare:
        return None
    found = AMOUNT.fullmatch(bare)
    if found is None:
        raise NoAmountError(_("Write an amount in kronor, such as 12 500 or 12 500,50."))
    amount = Decimal(f"{found['kronor']}.{found['ore'] or 0}")
    if found["minus"] and amount:
        raise NoAmountError(_("Write the amount without a minus sign."))
    if amount > LARGEST:
        raise NoAmountError(_("The amount is larger than any agreement. Check the digits."))
    return amount.quantize(ORE)


def in_kronor(amount: Decimal) -> str:
    """Rounded to whole kronor, such as ``12 501 kr``; half a krona goes up."""
    rounded = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return _("%(amount)s kr") % {
        "amount": number_format(rounded or ZERO, decimal_pos=0, force_grouping=True)
    }


def as_typed(amount: Decimal | None) -> str:
    """As a person would write it in a field: no blanks, öre only where there are any."""
    if amount is None:
        return ""
    kronor = amount.quantize(ORE)
    whole = kronor == kronor.to_integral_value()
    return f"{kronor:.0f}" if whole else f"{kronor:.2f}".replace(".", ",")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The exact sum; what nobody has said counts as nothing."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def divided(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` in proportion to ``shares``, to the öre, and none of it lost or added.

    The öre that rounding leaves go to those who lost most by it. Without shares nobody gets any.
    """
    whole = total(shares)
    if not whole:
        return [ZERO for _share in shares]
    exact = [amount * share / whole for share in shares]
    parts = [each.quantize(ORE, ROUND_FLOOR) for each in exact]
    left = int((amount - total(parts)) / ORE)
    by_loss = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_loss[:left]:
        parts[place] += ORE
    return parts
