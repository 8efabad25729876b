"""One unit's red thread, from its first problem to a goal with a colour, as people write it.

Each step is taken on a page, by the person whose step it is; the stage is set for the other units
only, and for the meeting, which another story books.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from playwright.sync_api import Locator, Page, expect

from interventions.models import Agreement, AssignmentPlan, InterimTask, Intervention, Visit
from notifications.clock import STOCKHOLM
from notifications.invariants import breaches
from plans.models import ActionPlan, Goal, GoalRating, SituationAnalysis
from sbs_workflow.models import Collaboration, WorkflowModel
from tests import factories
from tests.cast import TODAY, Cast
from tests.conftest import OpenPage
from tests.journeys.conftest import Clock

PROBLEM = "Var tredje elev säger att lektionen börjar innan de vet vad den handlar om."
CAUSE = "Vi har aldrig bestämt hur en lektion börjar."
LATER_CAUSE = "Lärarna planerar var för sig."
GOAL = "Alla klasser börjar lektionen på samma sätt."
SHARPER_GOAL = "Alla klasser börjar lektionen på samma sätt och läser målet högt."
OUTLINE = "Tre träffar med uppgifter emellan."
ADAPTED = "Fyra träffar med uppgifter emellan."
TASK = "Pröva den gemensamma starten i två klasser."
PROMISE = "Rektor frigör en timme i veckan för kollegialt lärande."
VISIT_DAY = TODAY + timedelta(days=7)
NEXT_VISIT_DAY = TODAY + timedelta(days=35)
START, END = TODAY, TODAY + timedelta(days=480)
PNG = b"\x89PNG\r\n"


@dataclass
class Person:
    """Somebody at a screen of their own."""

    page: Page

    def sees(self, document: Collaboration | WorkflowModel | Goal) -> Page:
        self.page.goto(document.get_absolute_url())
        return self.page

    def goes_to(self, document: Collaboration | WorkflowModel | Goal, link: str) -> Page:
        self.sees(document)
        main(self.page).get_by_role("link", name=link).first.click()
        return self.page

    def takes(self, step: str, document: Collaboration | WorkflowModel, **answers: str) -> None:
        """Take a step from the object's own page, with answers by the labels of their fields."""
        page = self.goes_to(document, step)
        expect(page.get_by_role("heading", level=1)).to_have_text(step)
        fill(page, answers)
        if remains := page.get_by_label("Gå vidare trots att detta återstår").all():
            remains[0].check()
        press(page, step)
        expect_said(page, f"Klart: {step}.")


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def fill(page: Page, answers: dict[str, str]) -> None:
    for label, answer in answers.items():
        field(page, label).fill(answer)


def field(page: Page | Locator, label: str) -> Locator:
    """The first field with exactly this label, whether it must be answered or not."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}( \(obligatoriskt\))?$")).first


def press(page: Page, button: str) -> None:
    main(page).get_by_role("button", name=button, exact=True).click()


def expect_said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_a_problem_becomes_a_goal_with_a_colour(
    cast: Cast, open_page: OpenPage, wall_clock: Clock
) -> None:
    ours = cast.ours
    case = a_case_that_is_analysed(cast)
    principal = Person(open_page(person=ours.principal))
    supporter = Person(open_page(person=ours.process_supporter))
    head = Person(open_page(person=ours.head_of_authority))
    leader = Person(open_page(person=ours.team_leader))
    process_leader = Person(open_page(person=ours.process_leader, size="phone"))

    write_the_analysis(case, principal, head, supporter)
    supporter.takes("Gå vidare till åtgärdsplanen", case)
    write_the_plan(case, principal, head, leader)
    write_the_agreement(case, supporter, head)
    write_the_assignment(case, supporter, leader)
    begin_the_insats(case, supporter, leader, head)

    leader.page.set_viewport_size({"width": 390, "height": 844})
    log_a_visit(case, leader, wall_clock)
    report_the_task(case, process_leader, leader, wall_clock)
    set_the_colours(case, principal, supporter, leader)
    walk_the_thread(case, head)
    write_the_plan_anew(case, principal, leader)
    amend_the_agreement(case, supporter, head)
    assert breaches() == []


def a_case_that_is_analysed(cast: Cast) -> Collaboration:
    """The school has everything before it; förvaltningen and the preschool are as far as can be."""
    ours = cast.ours
    case = factories.put(
        ours.collaboration,
        "analysing",
        analysis_starts_on=TODAY,
        interventions_start_on=None,
        interventions_end_on=None,
    )
    factories.analysis(case, ours.school, state="in_progress", with_problem=False, **NOTHING_YET)
    factories.plan(case, ours.preschool, state="adopted")
    factories.plan(case, ours.administration, state="discussed")
    return case


NOTHING_YET = dict.fromkeys(SituationAnalysis.TEXTS, "")


def write_the_analysis(
    case: Collaboration, principal: Person, head: Person, supporter: Person
) -> None:
    analysis = SituationAnalysis.objects.get(unit__name="Älvskolan")
    page = principal.goes_to(analysis, "Lägg till ett problem")
    fill(page, {"Problemet": PROBLEM, "Utvecklingsområde": "Undervisningens kvalitet"})
    field(page, "Orsak").fill(CAUSE)
    press(page, "Spara problemet")
    expect_said(page, "Problemet är sparat. Notera vad ni vet det från.")
    expect(main(page)).to_contain_text("Bara er enhet och er huvudman kan läsa detta")

    note_evidence(page, "Enkät", "Barn eller elever", "Fyra av tio elever vet sällan vad de gör.")
    note_evidence(page, "Observation", "Personal", "Lärarna ser olika starter i fyra klasser.")
    expect(main(page)).to_contain_text("Enkät · Barn eller elever")

    # It may not be shared while the pupils are not heard, and says so.
    expect(main(page)).to_contain_text("Anteckna barnens eller elevernas syn först.")
    fill(
        page,
        {
            "Elevernas syn": "Eleverna vill ha mer hjälp i början av lektionen.",
            "Vilka som har varit med, och hur": "Alla lärare, i två möten.",
            "Prioriterade utvecklingsområden": "Undervisningens kvalitet\nTrygghet",
        },
    )
    press(page, "Spara")
    expect_said(page, "Sparat.")

    # Until it is shared, Skolverket does not know that it exists.
    hidden = supporter.page.goto(analysis.get_absolute_url())
    assert hidden
    assert hidden.status == HTTPStatus.NOT_FOUND
    principal.takes("Dela för synpunkter", analysis)
    expect(main(supporter.sees(analysis))).to_contain_text(CAUSE)
    supporter.takes(
        "Skicka tillbaka med synpunkter", analysis, Synpunkter="Fråga en gång till: varför?"
    )

    page = principal.sees(analysis)
    expect(main(page)).to_contain_text("Fråga en gång till: varför?")
    page.get_by_role("link", name="Ändra problem och orsaker").click()
    field(page, "En orsak till").fill(LATER_CAUSE)
    press(page, "Spara problemet")
    expect_said(page, "Sparat.")
    # What is being reworked is read by the others as it was shared.
    expect(main(supporter.sees(analysis))).not_to_contain_text(LATER_CAUSE)
    principal.takes("Dela för synpunkter", analysis)
    expect(main(supporter.sees(analysis))).to_contain_text(LATER_CAUSE)
    principal.takes("Slutför analysen", analysis)
    expect(main(head.sees(analysis))).to_contain_text("Undervisningens kvalitet")


def note_evidence(page: Page, kind: str, voice: str, text: str) -> None:
    page.get_by_role("link", name="Notera underlag").click()
    fill(page, {"Vad det visar": text, "När det noterades": str(TODAY - timedelta(days=30))})
    page.get_by_label(kind, exact=True).check()
    page.get_by_label(voice, exact=True).check()
    press(page, "Spara underlaget")
    expect_said(page, "Underlaget är noterat.")


def write_the_plan(case: Collaboration, principal: Person, head: Person, leader: Person) -> None:
    plan = ActionPlan.objects.get(unit__name="Älvskolan")
    page = principal.goes_to(plan, "Lägg till ett mål")
    expect(field(page, "Problem").locator(":checked")).to_contain_text(PROBLEM)
    fill(page, {"Målet": "Vi ska arbeta med lektionsstarter."})
    press(page, "Spara målet")
    expect_said(page, "Målet är sparat.")

    # The aid says what would make the goal clearer, and the goal is written anew.
    advice = page.locator(".advice")
    expect(advice).to_contain_text("Målet svarar inte mot någon orsak.")
    expect(advice).to_contain_text("Skriv vad som är annorlunda när det är gjort.")
    page.get_by_role("link", name="Ändra målet").click()
    fill(
        page,
        {
            "Målet": GOAL,
            "Förväntad effekt på elevernas resultat, snart": "Eleverna vet vad de ska göra.",
            "Vad som visar att det är nått": "Elevenkäten.",
            "Hur det är nu": "Sex av tio elever vet vad de ska göra.",
            "Hur det ska bli": "Nio av tio elever vet vad de ska göra.",
            "Följs upp av": "Ledningsgruppen",
        },
    )
    page.get_by_label(CAUSE).check()
    press(page, "Spara målet")
    expect(advice.get_by_role("listitem")).to_have_count(1)
    expect(advice).to_contain_text("Det saknas ett datum.")

    # It is shared without the date, with a reason.
    expect(main(page)).to_contain_text("Mål 1 saknar en uppföljning.")
    principal.takes("Dela planen", plan, Skäl="Datumet sätts när enkäten är bokad.")
    leader.takes("Anteckna att den är diskuterad", plan)
    principal.takes("Anta planen", plan)
    head.takes("Anta planen", ActionPlan.objects.get(unit__kind="administration"))
    assert ActionPlan.objects.filter(collaboration=case, state="adopted").count() == 3


def write_the_agreement(case: Collaboration, supporter: Person, head: Person) -> None:
    agreement = Agreement.objects.get(collaboration=case)
    page = supporter.goes_to(agreement, "Skriv överenskommelsen")
    fill(
        page,
        {
            "Diarienummer": "Dnr 2026:118",
            "Från": str(START),
            "Till": str(END),
            "Belopp i kronor": "250000",
        },
    )
    press(page, "Spara")
    expect_said(page, "Sparat.")

    page.get_by_role("link", name="Lägg till en insats").click()
    fill(page, {"Namn": "Undervisning i matematik", "Vilka som deltar": "lärare 24\nrektor 1"})
    page.get_by_label("Älvskolan", exact=True).check()
    page.get_by_label(GOAL).check()
    page.get_by_label(CAUSE).check()
    press(page, "Spara insatsen")
    expect_said(page, "Insatsen är sparad.")
    expect(main(page)).to_contain_text("Mål 1, Älvskolan")

    supporter.goes_to(agreement, "Skriv utbetalningar och redovisningsdatum")
    fill(
        page,
        {
            "Utbetalning 1, dag": str(TODAY + timedelta(days=30)),
            "Utbetalning 1, kronor": "250000",
            "Delredovisning 1 ska lämnas": str(TODAY + timedelta(days=240)),
        },
    )
    press(page, "Spara")
    expect_said(page, "Sparat.")

    supporter.takes("Föreslå för huvudmannen", agreement)
    head.takes("Skriv under för huvudmannen", agreement)
    supporter.takes("Skriv under för Skolverket", agreement)
    intervention = Intervention.objects.get(collaboration=case)
    assert [str(goal) for goal in intervention.goals.all()] == ["Mål 1, Älvskolan"]
    supporter.takes("Bekräfta att allt är överenskommet", case)


def write_the_assignment(case: Collaboration, supporter: Person, leader: Person) -> None:
    assignment = AssignmentPlan.objects.get(collaboration=case)
    page = supporter.goes_to(assignment, "Skriv uppdraget")
    fill(page, {"Vad lärosätet ska göra": "Handledning i matematik på Älvskolan."})
    press(page, "Spara")
    supporter.takes("Skicka till lärosätet", assignment)

    page = leader.goes_to(assignment, "Ange team och dagar")
    fill(page, {"Teamledare och team": "Ture leder, Ulla handleder.", "april 2026": "1.5"})
    press(page, "Spara")
    expect_said(page, "Bekräfta planen när den stämmer.")
    # About a day a month, thinning out toward the end.
    expect(page.get_by_role("row", name="april 2026")).to_contain_text("1,5")
    expect(page.get_by_role("row", name="juni 2027")).to_contain_text("0")
    leader.takes("Bekräfta uppdragsplanen", assignment)


def begin_the_insats(case: Collaboration, supporter: Person, leader: Person, head: Person) -> None:
    leader.takes(
        "Starta insatserna",
        case,
        **{
            "Insatserna börjar": str(START),
            "Insatserna slutar": str(END),
            "Skäl": "Förväntanssamtalet är på fredag.",
        },
    )
    insats = Intervention.objects.get(collaboration=case)
    page = leader.goes_to(insats, "Skriv upplägget")
    fill(page, {"Upplägg": OUTLINE})
    press(page, "Spara")
    leader.takes("Markera som klar att starta", insats)
    leader.takes("Starta insatsen", insats)

    page = leader.goes_to(insats, "Anpassa upplägget")
    expect(page.get_by_label("Upplägg")).to_have_value(OUTLINE)
    fill(page, {"Upplägg": ADAPTED, "Varför anpassas det?": "Lärarna bad om en träff till."})
    press(page, "Spara anpassningen")
    expect_said(page, "Anpassningen är noterad.")
    expect(main(page)).to_contain_text(ADAPTED)

    asked = "Vad blir inte som ni kom överens om, och varför?"
    head.takes("Anmäl ett avsteg", insats, **{asked: "Handledaren är sjuk i april."})
    expect(main(leader.sees(insats))).to_contain_text("Handledaren är sjuk i april.")
    supporter.takes("Godta avsteget", insats, Skäl="Tiden tas igen i höst.")
    expect(main(head.sees(insats))).to_contain_text("Tiden tas igen i höst.")


def log_a_visit(case: Collaboration, leader: Person, wall_clock: Clock) -> None:
    plan_the_visit(case, leader, VISIT_DAY)
    wall_clock.set(datetime.combine(VISIT_DAY, time(15), STOCKHOLM))
    leader.page.goto("/")
    page = leader.page
    page.get_by_role("link", name="Logga besöket").click()
    fill(page, {"Vad gjordes?": "Vi prövade gemensam lektionsstart i tre klasser."})
    page.get_by_text("Insatser och mål").click()
    page.get_by_label("1. Undervisning i matematik").check()
    page.get_by_label(GOAL).check()
    page.get_by_text("Till nästa gång: uppgifter och löften").click()
    fill(page, {"Uppgift 1": TASK, "Löfte 1": PROMISE})
    field(page, "Vem lovar").select_option("Huvudman")
    press(page, "Spara loggen")
    expect_said(page, "Besöket är loggat.")
    expect(main(page)).to_contain_text(PROMISE)


def plan_the_visit(case: Collaboration, leader: Person, day: date) -> Visit:
    visit = Visit.objects.get(collaboration=case, state="needed", month=day.replace(day=1))
    page = leader.goes_to(visit, "Planera besöket")
    fill(page, {"Dag": str(day)})
    page.get_by_label("Älvskolan").check()
    press(page, "Planera")
    expect_said(page, "Besöket är planerat.")
    return visit


def report_the_task(
    case: Collaboration, process_leader: Person, leader: Person, wall_clock: Clock
) -> None:
    task = InterimTask.objects.get(collaboration=case)
    wall_clock.set(datetime.combine(NEXT_VISIT_DAY - timedelta(days=10), time(8), STOCKHOLM))
    page = process_leader.page
    page.goto("/")
    page.get_by_role("link", name="Berätta hur uppgiften gick").click()
    page.get_by_role("link", name="Berätta hur det gick").click()
    page.get_by_label("Vi har gjort en del av det").check()
    fill(page, {"Vad vi såg": "Eleverna kom i gång snabbare i den ena klassen."})
    press(page, "Berätta hur det gick")
    expect_said(page, "Klart: Berätta hur det gick.")

    coming = plan_the_visit(case, leader, NEXT_VISIT_DAY)
    page = leader.goes_to(coming, "Förbered besöket")
    first = main(page).get_by_role("article").first
    expect(first).to_contain_text(TASK)
    expect(first).to_contain_text("Eleverna kom i gång snabbare i den ena klassen.")
    expect(main(page)).to_contain_text(PROMISE)
    leader.takes("Notera att vi har talat om den", task)


def set_the_colours(
    case: Collaboration, principal: Person, supporter: Person, leader: Person
) -> None:
    goal = Goal.objects.get(unit__name="Älvskolan")
    for person, colour, why in (
        (principal, "Uppnått", "Alla klasser har prövat."),
        (leader, "På god väg", "Sju av tio lektioner börjar tydligt."),
        (supporter, "På god väg", "Enkäten har vänt."),
    ):
        page = person.goes_to(goal, "Sätt er färg")
        page.get_by_label(colour, exact=True).check()
        fill(page, {"Vad ser ni?": why})
        press(page, "Spara färgen")
        expect_said(page, "Färgen är satt.")
    expect(main(supporter.page)).to_contain_text("Parterna ser det olika")
    expect(main(supporter.page)).to_contain_text("Ingen gemensam färg än.")

    meeting = factories.meeting(case, state="held")
    page = supporter.goes_to(meeting, "Bestäm färger gemensamt")
    ours = page.locator("section").filter(has_text=GOAL)
    field(ours, "Gemensam färg").select_option("På god väg")
    field(ours, "Vad ser ni tillsammans?").fill("Sju av tio, och fler på väg.")
    press(page, "Spara färgerna")
    expect_said(page, "De gemensamma färgerna är sparade.")
    agreed = GoalRating.objects.get(goal=goal, whose="agreed")
    assert (agreed.level, agreed.agreed_in) == ("well_under_way", meeting.pk)


def walk_the_thread(case: Collaboration, reader: Person) -> None:
    """From the case to the picture of the unit, and from the picture to the goal."""
    page = reader.sees(case)
    school = page.locator("details").filter(has_text="Älvskolan")
    if school.get_attribute("open") is None:
        school.locator("summary").click()
    expect(school.get_by_role("listitem").filter(has_text=GOAL)).to_contain_text("På god väg")
    school.get_by_role("link", name="Den röda tråden").click()
    drawing = page.get_by_role("region")
    for word in ("Problem 1", "Mål 1", "Insats 1", "På god väg"):
        expect(drawing).to_contain_text(word)
    picture = page.get_by_role("link", name="Bilden som PNG, för dokument")
    answer = page.request.get(str(picture.get_attribute("href")))
    assert answer.body().startswith(PNG)

    drawing.get_by_role("link").filter(has_text="Mål 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mål 1, Älvskolan")
    expect(page.locator(".colours__agreed")).to_contain_text("Överens På god väg")
    for words in ("Sju av tio, och fler på väg.", "1. Undervisning i matematik", PROBLEM):
        expect(main(page)).to_contain_text(words)


def write_the_plan_anew(case: Collaboration, principal: Person, leader: Person) -> None:
    adopted = ActionPlan.objects.get(unit__name="Älvskolan")
    page = principal.goes_to(adopted, "Skriv en ny version")
    fill(page, {"Varför revideras planen?": "Enkäten visar vad som fungerar."})
    press(page, "Börja på den nya versionen")
    page.get_by_role("link", name="Ändra målet").click()
    fill(page, {"Målet": SHARPER_GOAL, "Följs upp den": str(TODAY + timedelta(days=200))})
    press(page, "Spara målet")
    revised = ActionPlan.objects.get(unit__name="Älvskolan", version=2)
    principal.takes("Dela planen", revised)
    leader.takes("Anteckna att den är diskuterad", revised)
    principal.takes("Anta planen", revised)

    page = leader.goes_to(revised, "Vad som är nytt i den här versionen")
    expect(main(page)).to_contain_text("Enkäten visar vad som fungerar.")
    expect(page.locator("ins").first).to_contain_text("och läser målet högt.")
    states = ActionPlan.objects.filter(unit__name="Älvskolan").order_by("version")
    assert [plan.state for plan in states] == ["superseded", "adopted"]


def amend_the_agreement(case: Collaboration, supporter: Person, head: Person) -> None:
    page = head.goes_to(Agreement.objects.get(collaboration=case), "Ändra överenskommelsen")
    fill(page, {"Varför ändras överenskommelsen?": "Fler lärare vill vara med."})
    press(page, "Börja på den nya versionen")
    amended = Agreement.objects.get(collaboration=case, version=2)
    page = supporter.goes_to(amended, "Ändra 1. Undervisning i matematik")
    fill(page, {"Vilka som deltar": "lärare 30\nrektor 1"})
    press(page, "Spara insatsen")
    supporter.takes("Föreslå för huvudmannen", amended)

    page = head.goes_to(amended, "Vad som är nytt i den här versionen")
    expect(page.locator("ins")).to_contain_text("30")
    expect(page.locator("del")).to_contain_text("24")
    head.takes("Skriv under för huvudmannen", amended)
    supporter.takes("Skriv under för Skolverket", amended)
    insats = Intervention.objects.get(collaboration=case)
    assert insats.participants == [["lärare", 30], ["rektor", 1]]
    assert insats.state == "running"
