"""Two versions of a text, word by word: nothing is lost, and long texts do not take long."""

import random

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from sbs_workflow.differences import COMPARED_AT_MOST, Piece, word_difference

pytestmark = pytest.mark.portable

TEXTS = st.text(st.sampled_from("ab \n\t\u00a0å👩"), max_size=60)


@given(TEXTS, TEXTS)
def test_both_versions_are_in_the_pieces(old: str, new: str):
    pieces = word_difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("Lika för alla.", "Lika för alla.", [Piece("same", "Lika för alla.")]),
        ("", "Nytt", [Piece("added", "Nytt")]),
        ("Borta", "", [Piece("removed", "Borta")]),
        ("Elever", "Elever läser", [Piece("same", "Elever"), Piece("added", " läser")]),
        (
            "Alla elever läser varje dag.",
            "Alla barn läser varje dag.",
            [
                Piece("same", "Alla"),
                Piece("removed", " elever"),
                Piece("added", " barn"),
                Piece("same", " läser varje dag."),
            ],
        ),
        # Two strange texts do not meet in their spaces.
        ("ett två", "tre fyra", [Piece("removed", "ett två"), Piece("added", "tre fyra")]),
    ],
)
def test_words_are_compared(old: str, new: str, expected: list[Piece]):
    assert word_difference(old, new) == expected


def test_few_changes_in_a_long_text_are_few_pieces():
    words = random.Random(7).choices([f"ord{number}" for number in range(3_000)], k=9_000)
    changed = ["Först", *words[:4_000], "inskjutet", *words[4_001:], "sist"]
    pieces = word_difference(" ".join(words), " ".join(changed))
    assert sum(piece.kind == "added" for piece in pieces) == 3


def test_what_would_take_too_long_is_shown_as_rewritten():
    length = int(COMPARED_AT_MOST**0.5) + 1
    pieces = word_difference("a " * length + "b", "b " * length + "a")
    assert [piece.kind for piece in pieces] == ["removed", "added"]


def test_the_marks_are_said_in_words_and_the_text_is_escaped():
    pieces = word_difference("Alla <b>elever</b>", "Alla barn")
    page = render_to_string("components/difference.html", {"pieces": pieces})
    assert "Alla" in page
    assert "&lt;b&gt;elever&lt;/b&gt;</del>" in page
    assert "</span> barn</ins>" in page
    assert page.count("visually-hidden") == 2
