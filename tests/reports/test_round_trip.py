"""Whatever a report holds, the Word file that is made of it is read back as the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organisations.prose import tidy
from reports.layout import document_of
from reports.reading import compare, read_report
from reports.richtext import read, write
from reports.word import write_document
from tests.reports.test_word import CELLS, LEVELS, content_with

pytestmark = pytest.mark.portable

PARTS = st.sampled_from(
    [
        "Närvaron ökar.", "**Fetstil** mitt i", "*kursivt*", "***båda***", "**ej stängd",
        "[Skolverket](https://www.skolverket.se/a?b=c&d=e)", "https://a.example/b_c.",
        "- en punkt", "- **fet** punkt", "1. ett", "2) två", "10. tio", "• prick", "– tankstreck",
        "[inte](en länk)", "a*b*c", r"\* stjärna", "<w:p>&amp;</w:p>", "{{ x }}", "=SUMMA(A1)",
        "Mål 1: ett", "Grönt: nej", "Uppnått", "Problem angivna i åtgärdsplanen.",
        "👩‍🏫 och 🇸🇪", "e\u0301 decomposed", "שלום", "½ × 3²", "“citat” … ’s", "\u200d", "ﬁ",
    ]
)  # fmt: skip
BREAKS = st.sampled_from([" ", "\n", "\n\n"])
TEXTS = st.lists(st.tuples(PARTS, BREAKS), max_size=6).map(
    lambda parts: write(read(tidy("".join(text + after for text, after in parts))))
)


@settings(max_examples=40)
@pytest.mark.parametrize("kind", ["final", "interim"])
@given(
    texts=st.dictionaries(st.sampled_from(CELLS), TEXTS, max_size=8),
    levels=st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2),
)
def test_lists_and_links_and_odd_characters(
    kind: str, texts: dict[tuple[str, str], str], levels: list[str]
):
    content = content_with(texts, levels, kind)
    comparison = compare(content, read_report(write_document(document_of(content))))
    differing = [(p.key, p.cell.text, p.text, p.level) for p in comparison.proposals]
    assert (differing, comparison.unplaced) == ([], [])
    assert comparison.alike == len(list(content.cells))
