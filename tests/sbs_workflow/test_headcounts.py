"""Who takes part, by function and number, as people write it on a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbs_workflow.headcounts import as_lines, in_words, read_headcounts, total

pytestmark = pytest.mark.portable


@pytest.mark.parametrize(
    ("line", "function", "number"),
    [
        ("lärare 24", "lärare", 24),
        ("lärare: 24", "lärare", 24),
        ("Lärare,24", "Lärare", 24),
        ("lärare – 24", "lärare", 24),
        ("lärare\u00a024 personer", "lärare", 24),
        ("• lärare 24 st", "lärare", 24),
        ("24 lärare", "lärare", 24),
        ("24 st lärare", "lärare", 24),
        ("  rektor   1  ", "rektor", 1),
        ("arbetslag 2: 12", "arbetslag 2", 12),
        ("lärare i årskurs 4–9: 12", "lärare i årskurs 4–9", 12),
        ("F-3-lärare 8", "F-3-lärare", 8),
        # Nobody has counted.
        ("lärare", "lärare", None),
        ("lärare i årskurs 4–9", "lärare i årskurs 4–9", None),
        ("lärare åk 4-9", "lärare åk 4-9", None),
        ("tjänst 0,5", "tjänst 0,5", None),
        ("4-9-lärare", "4-9-lärare", None),
        ("24", "24", None),
        ("12345 elever", "12345 elever", None),
        ("24lärare", "24lärare", None),
    ],
)
def test_a_line_is_a_function_with_its_number(line: str, function: str, number: int | None):
    assert read_headcounts(line) == [(function, number)]


def test_one_function_a_line():
    read = read_headcounts("lärare 24\r\n\n – \n1 rektor\nvårdnadshavare")
    assert read == [("lärare", 24), ("rektor", 1), ("vårdnadshavare", None)]
    assert as_lines(read) == "lärare: 24\nrektor: 1\nvårdnadshavare"
    assert in_words(read) == "lärare 24, rektor 1, vårdnadshavare"
    assert total(read) == 25


def test_what_the_database_gives_back_reads_the_same():
    """JSON knows lists and no tuples."""
    assert in_words([["lärare", 24], ["rektor", None]]) == "lärare 24, rektor"
    assert (as_lines([]), in_words([]), total([])) == ("", "", 0)


PIECES = st.sampled_from(
    ["lärare", "rektor", "åk", "24", "1", "2026", "12345", "4–9", "st", "personer", " ", "  ", ":",
     ",", "-", "–", "•", "\t", "\u00a0", "\n", ".", "(", "٣", "½", "👩🏽‍🏫"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_what_was_read_is_read_the_same_again(text: str):
    """The form shows the lines anew each time, and the next person saves them unchanged."""
    read = read_headcounts(text)
    assert read_headcounts(as_lines(read)) == read
    assert all(function.strip() for function, _number in read)
    assert total(read) == sum(number or 0 for _function, number in read)
