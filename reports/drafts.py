"""What is counted in many reports or cases as a document to go on writing in.

As ``layout``, it knows the tree and nothing of Word.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from plans.models import Level
from reports.layout import Document, Grid, Heading, Node, Text, Title
from reports.queries import (
    AreaRow,
    FormRow,
    Group,
    Synthesis,
    SynthesisSaid,
    SynthesisSection,
    YearlyAccount,
    name_among,
)
from reports.richtext import Block, Run, read


def figures_document(title: str, synthesis: Synthesis) -> Document:
    """Figures first, then what the reports say, each sentence with its unit."""
    with override(settings.LANGUAGE_CODE):
        return Document(title=title, subject="", key="", nodes=list(_figures(title, synthesis)))


def _figures(title: str, synthesis: Synthesis) -> Iterator[Node]:
    yield Title(title)
    yield Heading(_("Themes and units"))
    yield _themes(synthesis)
    yield Heading(_("Goals by development area"))
    yield _areas(synthesis.areas)
    yield Heading(_("Kinds of evidence"))
    yield _forms(synthesis.forms)
    yield Heading(_("Lessons"))
    yield _quoted((lesson.text, lesson.unit) for lesson in synthesis.lessons)


def synthesis_document(said: SynthesisSaid) -> Document:
    """What people have written and chosen, with the figures that it rests on."""
    with override(settings.LANGUAGE_CODE):
        synthesis = said.synthesis
        title = f"{synthesis} – {synthesis.collaboration.name}"
        return Document(
            title=title, subject=str(synthesis), key=str(synthesis.pk), nodes=list(_said(said))
        )


def _said(said: SynthesisSaid) -> Iterator[Node]:
    synthesis, figures = said.synthesis, said.figures
    yield Title(f"{synthesis} – {synthesis.collaboration.name}")
    day = synthesis.published_at or synthesis.shared_on
    when = f", {date_format(day, 'j F Y')}" if day else ""
    yield _paragraph(f"{synthesis.collaboration.organiser.name}. {synthesis.state_label}{when}.")
    if synthesis.introduction.strip():
        yield Text(read(synthesis.introduction))
    yield Heading(_("What was done"))
    yield _themes(figures)
    for section in said.themes:
        yield from _section(section)
    yield Heading(_("Development areas and how far they have come"))
    if figures.areas:
        yield _areas(figures.areas)
    for section in said.areas:
        yield from _section(section)
    yield Heading(said.lessons.key.heading)
    yield from _words_of(said.lessons)
    yield Heading(said.forms.key.heading)
    yield _forms(figures.forms)
    yield from _words_of(said.forms)
    if synthesis.conclusion.strip():
        yield Heading(_("Work that goes on"))
        yield Text(read(synthesis.conclusion))


def _section(section: SynthesisSection) -> Iterator[Node]:
    if not section.is_empty:
        yield Heading(section.key.heading, 2)
        yield from _words_of(section)


def _words_of(section: SynthesisSection) -> Iterator[Node]:
    if section.text.strip():
        yield Text(read(section.text))
    if section.chosen:
        yield _quoted((chosen.text, chosen.unit) for chosen in section.chosen)


def _themes(synthesis: Synthesis) -> Grid:
    rows = []
    for row in synthesis.themes:
        counts = zip(synthesis.units, row.counts, strict=True)
        said = ", ".join(f"{unit} {count}" for unit, count in counts if count) or "–"
        rows.append([row.theme.name, f"{row.units}", said])
    columns = [_("Theme"), _("Units"), _("Sentences in each unit")]
    return Grid(_("Themes and units"), columns, rows, shares=(4, 2, 6))


def _areas(areas: Iterable[AreaRow]) -> Grid:
    columns = [
        _("Development area"),
        *(str(level.label) for level in (Level.ACHIEVED, Level.WELL_UNDER_WAY, Level.STARTED)),
    ]
    rows = [
        [area.name or "–", f"{area.achieved}", f"{area.well_under_way}", f"{area.started}"]
        for area in areas
    ]
    return Grid(_("Goals by development area"), columns, rows, shares=(6, 2, 2, 2))


def _forms(forms: Iterable[FormRow]) -> Grid:
    columns = [_("Form of school"), _("In words"), _("With numbers")]
    rows = [[form.name, f"{form.qualitative}", f"{form.quantitative}"] for form in forms]
    return Grid(_("Kinds of evidence"), columns, rows)


def _quoted(sentences: Iterable[tuple[str, str]]) -> Text:
    return Text([Block("bullet", (Run(f"{text} ({unit})"),)) for text, unit in sentences])


def _paragraph(words: str) -> Text:
    return Text([Block("paragraph", (Run(words),))])


def yearly_document(title: str, account: YearlyAccount) -> Document:
    """The year in figures, each part with a place to write in."""
    with override(settings.LANGUAGE_CODE):
        return Document(title=title, subject="", key="", nodes=list(_year(title, account)))


def _year(title: str, account: YearlyAccount) -> Iterator[Node]:
    yield Title(title)
    yield _paragraph(_("Figures for %(year)s. Write on in the draft.") % {"year": account.year})
    yield Heading(_("Scope"))
    yield _figures_of(_("Scope"), account.scope_figures)
    yield _groups(_("Units by form of school"), _("Form of school"), account.scope.forms)
    yield _to_write()
    yield Heading(_("Cost"))
    yield _figures_of(_("Cost"), account.cost_figures)
    yield _to_write()
    yield Heading(_("Direction"))
    areas = account.areas
    yield _groups(_("Insatser by development area"), _("Development area"), areas, insatser=True)
    yield _to_write()
    yield Heading(_("Implementation"))
    yield _figures_of(_("Implementation"), account.implementation_figures)
    yield _to_write()
    yield Heading(_("Results"))
    yield _paragraph(_("The colours that all three had agreed on when the year ended."))
    yield _colours(account)
    yield _to_write()


def _figures_of(caption: str, figures: list[tuple[str, str]]) -> Grid:
    rows = [[words, figure] for words, figure in figures]
    return Grid(caption, [_("What"), _("Number")], rows, shares=(4, 1))


def _groups(caption: str, of: str, groups: list[Group], *, insatser: bool = False) -> Grid:
    rows = [
        [name_among(group, groups), f"{group.units}"] + ([f"{group.count}"] if insatser else [])
        for group in groups
    ]
    columns = [of, _("Units"), *([_("Insatser")] if insatser else [])]
    return Grid(caption, columns, rows, shares=(4, 1, 1) if insatser else (4, 1))


def _colours(account: YearlyAccount) -> Grid:
    spreads = [*account.results_by_form, account.results]
    forms = account.results_by_form
    names = [name_among(spread, forms) for spread in forms]
    columns = [_("Form of school"), *(word for _value, word, _count in account.results.rows)]
    rows = [
        [name, *(f"{count}" for _value, _word, count in spread.rows)]
        for name, spread in zip([*names, _("All")], spreads, strict=True)
    ]
    return Grid(_("Goals by colour"), columns, rows, shares=(3, 2, 2, 2, 2, 2))


def _to_write() -> Text:
    return _paragraph(_("[Write here.]"))
