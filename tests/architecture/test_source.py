"""What no line of the product may do; each rule is also shown a bad line, so that it can fail."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from sbs_workflow.engine import declared_names
from sbs_workflow.models import WorkflowModel

pytestmark = pytest.mark.portable

ROOT = Path(settings.BASE_DIR)
HOUSES = (*settings.STREET, "config")
ENGINE, CLOCK = "sbs_workflow/engine.py", "notifications/clock.py"

STEPS = set().union(*(declared_names(machine) for machine in WorkflowModel.machines()))
# Words that lists, files and threads know too: a step only when said of one of these.
COMMON_WORDS = {"close", "extend", "open", "start"}
OBJECTS = {
    "agreement", "analysis", "case", "collaboration", "document", "fresh", "instance",
    "intervention", "meeting", "plan", "report", "visit",
}  # fmt: skip

Finder = Callable[[ast.AST], bool]


@dataclass(frozen=True)
class Rule:
    name: str
    breaks: Finder
    bad: str
    excepted: tuple[str, ...] = ()

    def applies_to(self, path: str) -> bool:
        return not path.startswith(self.excepted)

    def breaches(self, nodes: Iterable[ast.AST]) -> Iterator[str]:
        for node in nodes:
            if self.breaks(node):
                yield f"line {getattr(node, 'lineno', '?')}: {ast.unparse(node)[:80]}"


def nodes_of(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


def takes_a_step(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=attr, value=value)) if attr in STEPS - COMMON_WORDS:
            return not isinstance(value, ast.Name) or value.id != "outbox"  # it holds mail
        case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id=name))):
            return attr in COMMON_WORDS and name in OBJECTS
        case ast.Call(func=ast.Call(func=ast.Name(id="getattr"))):
            return True
    return False


def calls(*names: str) -> Finder:
    """A call of an attribute of these names, such as ``anything.delay()``."""

    def breaks(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in names
        )

    return breaks


def reads_a_clock(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=("now" | "utcnow" | "today"), value=value)):
            return ast.unparse(value).rpartition(".")[2] in ("date", "datetime", "timezone")
        case ast.Call(func=ast.Attribute(attr="time", value=ast.Name(id="time"))):
            return True
    return False


def connects_a_signal(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module=module):
            return bool(module) and str(module).endswith((".signals", "django.dispatch"))
        case ast.Import(names=names):
            return any(name.name.endswith("signals") for name in names)
    return False


def leaves_a_task_to_celery(node: ast.AST) -> bool:
    """Celery keeps no appointment: the outbox and the next tick do."""
    match node:
        case ast.keyword(arg=("eta" | "countdown" | "autoretry_for" | "retry_backoff")):
            return True
        case ast.Call(func=ast.Attribute(attr="retry")):
            return True
    return False


def writes_a_state(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
            return any(keyword.arg == "state" for keyword in keywords)
    return False


def takes_all_fields(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id="fields")], value=ast.Constant(value="__all__")):
            return True
    return False


def trusts_markup(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=("mark_safe" | "SafeString")) | ast.alias(name="mark_safe"):
            return isinstance(node, ast.alias) or node.id == "mark_safe"
    return False


def reads_past_the_door(node: ast.AST) -> bool:
    """``Model.objects`` that does not go on with ``visible_to`` or ``none``."""
    match node:
        case ast.Attribute(attr=attr, value=ast.Attribute(attr="objects")):
            return attr not in ("visible_to", "none", "lock")
    return False


VIEWS_AND_FORMS = {"views", "forms"}
# Read past the door, each for a reason that somebody has judged.
JUDGED = {
    "organisations/views/providers.py: IdentityProvider.objects.in_use": "everybody may log in",
    "organisations/views/account.py: IdentityProvider.objects.in_use": "whether there is any",
    "organisations/views/account.py: UserSession.objects.filter": "the person's own",
    "organisations/views/account.py: Authenticator.objects.filter": "the person's own",
    "organisations/views/account.py: SocialAccount.objects.filter": "the person's own",
    "organisations/views/register.py: RegisterFile.objects.select_related": "who keeps the schools",
    "organisations/views/invitations.py: Invitation.objects.filter": "404 unless may",
    "organisations/views/invitations.py: User.objects.filter": "the letter's key is the door",
    "reminders/views/mail.py: MailChoice.objects.filter": "the person's own",
    "portfolio/views.py: CalendarFeed.objects.behind": "the address is the door",
    "portfolio/views.py: Participation.objects.filter": "of a collaboration behind the door",
    "interventions/views.py: Unit.objects.filter": "the units of a collaboration behind the door",
    "interventions/views.py: Intervention.objects.filter": "of an agreement behind the door",
    "interventions/views.py: Visit.objects.filter": "shared logs about an insats behind the door",
    "interventions/views.py: Cause.objects.filter": "causes_said gives the words that may be read",
    "plans/views.py: Problem.objects.filter": "of the unit whose plan this person writes",
    "plans/forms.py: Problem.objects.filter": "of the unit whose plan this person writes",
    "plans/forms.py: Cause.objects.filter": "of the unit whose plan this person writes",
    "meetings/forms/booking.py: User.objects.filter": "keys that were choices of the form",
    "meetings/forms/poll.py: User.objects.filter": "keys that were choices of the form",
    "reports/views/blanks.py: ReportTemplate.objects.select_related": "of who keeps the forms",
    "records/views/people.py: ProtectedIdentity.objects.filter": "of one's own people",
    "records/views/retention.py: LegalHold.objects.filter": "of a collaboration behind the door",
    "records/views/retention.py: ThinningDecision.objects.select_related": "of the own agency",
    "sbs_workflow/forms.py: Organisation.objects.filter": "the agency's manager names any of them",
    "portfolio/views.py: Handover.objects.to": "the person's own",
    "sbs_workflow/views/leaving.py: Membership.objects.filter": "of those that one leads",
    "sbs_workflow/views/cases.py: Participation.objects.filter": "of the case behind the door",
}
RULES = [
    Rule("steps are taken by perform", takes_a_step, "meeting.book(starts_at=now)", (ENGINE,)),
    Rule("no step by another name", takes_a_step, "getattr(visit, name)(log='')", (ENGINE,)),
    Rule("states are written by perform", writes_a_state, "rows.update(state='closed')"),
    Rule("one clock", reads_a_clock, "today = timezone.now()", (CLOCK,)),
    Rule("one clock for days", reads_a_clock, "day = datetime.date.today()", (CLOCK,)),
    Rule(
        "only notifications hand work to the worker",
        calls("delay", "apply_async", "send_task"),
        "send.delay()",
        ("notifications/", "config/"),
    ),
    Rule("no appointments with Celery", leaves_a_task_to_celery, "f(countdown=3)"),
    Rule(
        "no signals",
        connects_a_signal,
        "from django.db.models.signals import post_save",
    ),
    Rule("no hidden reads", calls("refresh_from_db"), "meeting.refresh_from_db()"),
    Rule("forms name their fields", takes_all_fields, "fields = '__all__'"),
    Rule("markup is escaped", trusts_markup, "return mark_safe(text)"),
]


def sources() -> dict[str, str]:
    """The product's own code, by path."""
    return {
        str(path.relative_to(ROOT)): path.read_text()
        for house in HOUSES
        for path in sorted((ROOT / house).rglob("*.py"))
        if "migrations" not in path.parts
    }


def test_no_line_breaks_a_rule():
    found = []
    for path, source in sources().items():
        nodes = nodes_of(source)  # read once for all rules
        for rule in RULES:
            if rule.applies_to(path):
                found += [f"{rule.name}: {path}, {breach}" for breach in rule.breaches(nodes)]
    assert found == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_rule_finds_a_bad_line(rule: Rule):
    assert list(rule.breaches(nodes_of(rule.bad)))


def test_pages_read_through_the_door():
    rule = Rule("through the door", reads_past_the_door, "Meeting.objects.all()")
    assert list(rule.breaches(nodes_of(rule.bad)))
    found = {
        f"{path}: {breach.partition(': ')[2]}"
        for path, source in sources().items()
        if VIEWS_AND_FORMS & set(Path(path).with_suffix("").parts)
        for breach in rule.breaches(nodes_of(source))
    }
    assert found - set(JUDGED) == set(), "nobody has judged these"
    assert set(JUDGED) - found == set(), "these are gone: strike them out"


# --- templates -----------------------------------------------------------------------------

PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts)
# Help texts are written in code, by us and by Django, and some are lists.
TRUSTED = {"templates/components/field_notes.html"}
INCLUDE = re.compile(r"{%\s*include\s(?:(?!%}).)*%}")
INLINE = re.compile(
    r"""\sstyle=|<style[\s>]|<script(?![^>]*\ssrc=)[\s>]|\son[a-z]+="|javascript:"""
    r"""|\|\s*safe\b|autoescape\s+off"""
)


def careless_includes(text: str) -> list[str]:
    return [tag for tag in INCLUDE.findall(text) if not re.search(r"\sonly\s*%}$", tag)]


def test_components_are_given_what_they_need_and_no_more():
    found = {
        str(page.relative_to(ROOT)): tags
        for page in PAGES
        if (tags := careless_includes(page.read_text()))
    }
    assert found == {}
    assert careless_includes('{% include "components/badge.html" with a=b %}')


def test_no_style_nor_script_in_the_pages():
    """The content security policy would refuse it, silently for whoever wrote it."""
    found = {str(page.relative_to(ROOT)) for page in PAGES if INLINE.search(page.read_text())}
    assert found == TRUSTED
    for bad in (
        '<p style="color: red">',
        "<script>go()</script>",
        '<a onclick="go()">',
        "{{ a|safe }}",
    ):
        assert INLINE.search(bad)
    assert not INLINE.search('<script type="module" src="/static/js/trepart.js"></script>')
