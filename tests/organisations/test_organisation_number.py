"""The organisation number: ten digits, the third at least 2, and a check digit."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from organisations.models import validate_organisation_number

pytestmark = pytest.mark.portable

# Nine digits of which the third is at least 2.
STEMS = st.from_regex(r"\A[0-9]{2}[2-9][0-9]{6}\Z")


def check_digit(stem: str) -> str:
    """Luhn, from its definition: every other digit doubled, the digits of all products summed."""
    products = "".join(str(int(d) * (2 if i % 2 == 0 else 1)) for i, d in enumerate(stem))
    return str(-sum(int(digit) for digit in products) % 10)


def is_valid(number: str) -> bool:
    try:
        validate_organisation_number(number)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("number", ["202100-5489", "2021005489", "202100-4185"])
def test_real_numbers_pass(number: str):
    assert is_valid(number)


@pytest.mark.parametrize(
    "number",
    ["", "202100-5488", "20210-5489", "201100-5489", "okänt", "x2021005489", "٢٠٢١٠٠٥٤٨٩", "²"],
)
def test_others_do_not(number: str):
    assert not is_valid(number)


@given(STEMS)
def test_exactly_one_check_digit_passes(stem: str):
    assert [d for d in "0123456789" if is_valid(stem + d)] == [check_digit(stem)]


@given(STEMS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(stem: str, place: int, shift: int):
    number = stem + check_digit(stem)
    wrong = str((int(number[place]) + shift) % 10)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str):
    is_valid(text)
