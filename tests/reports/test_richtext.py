"""The little markup of a report: read, shown, written and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.richtext import Block, Run, as_list, items, plain, read, write

pytestmark = pytest.mark.portable

TEXTS = st.text(alphabet="ab *[]()\\-1.\n–•)hts:/å", max_size=40)
RUNS = st.builds(
    Run,
    st.text(alphabet="ab *[]\\-1. \nå", max_size=10),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "https://a.example/b"]),
)
BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(["paragraph", "bullet", "number"]),
        st.lists(RUNS, max_size=4).map(tuple),
    ),
    max_size=4,
)


@given(TEXTS)
def test_what_is_written_is_read_as_the_same(text: str):
    assert read(write(read(text))) == read(text)


@given(BLOCKS)
def test_what_comes_from_elsewhere_settles_at_once(blocks: list[Block]):
    assert write(read(write(blocks))) == write(blocks)


def test_every_look_that_a_text_may_have():
    text = "Vi **prövade *mycket* länge** och [läste](https://a.example/x)."
    text += "\n\n- ett\n- två\n\n1. först"
    blocks = read(text)
    assert [block.style for block in blocks] == ["paragraph", "bullet", "bullet", "number"]
    looks = [(run.text, run.bold, run.italic, run.link) for run in blocks[0].runs]
    assert looks == [
        ("Vi ", False, False, ""),
        ("prövade", True, False, ""),
        (" ", False, False, ""),
        ("mycket", True, True, ""),
        (" ", False, False, ""),
        ("länge", True, False, ""),
        (" och ", False, False, ""),
        ("läste", False, False, "https://a.example/x"),
        (".", False, False, ""),
    ]


@pytest.mark.parametrize(
    "text",
    ["5 * 3 = 15", "<b>x</b> & {{ y }}", "=SUM(A1)", "[x](javascript:alert(1))", "**öppen"],
)
def test_what_is_no_markup_of_ours_is_words(text: str):
    [block] = read(text)
    assert block.runs == (Run(text),)


def test_lists_of_texts():
    assert items(as_list(["- ett streck", "två\nrader", " "])) == ["- ett streck", "två rader"]
    assert plain("**Fet** och [länk](https://a.example)") == "Fet och länk"
