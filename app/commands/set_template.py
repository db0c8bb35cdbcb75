"""Write a text for contracts, change it, or put it out of use."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.contract import TEXT_MOST, Template, strange_places
from app.domain.values import Keys
from app.text import N_

TEMPLATES_MOST = 50


class SetTemplate(Command, frozen=True, kw_only=True):
    """`template.rev` is the revision the person started from, 0 for a new one."""

    template: Template


def needs(command: SetTemplate) -> Keys:
    """Name the text."""
    return frozenset({("template", command.template.code)})


def decide(command: SetTemplate, facts: Facts) -> Decided:
    """Publish the text under its next revision; contracts that were sent keep the words they had.

    Refuses: `bad_code`, `bad_title`, `bad_words`, `too_many`, `stale_content`, `unchanged`.
    """
    template = command.template
    wrong = _wrong(template, facts)
    return wrong if wrong is not None else publish("template", template.code, template, facts)


def _wrong(template: Template, facts: Facts) -> Refusal | None:
    known = facts.refs.templates
    if template.code not in known and not is_code(template.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if template.code not in known and len(known) >= TEMPLATES_MOST:
        return refuse("too_many", N_("There are 50 texts already. Change one of those."))
    if not is_title(template.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if not template.text.strip() or len(template.text) > TEXT_MOST:
        return refuse("bad_words", N_("A text has up to 6,000 characters, and some. Change it."))
    if any(not sign.isprintable() and sign != "\n" for sign in template.text):
        return refuse("bad_words", N_("There are signs in it that no printer knows. Type it anew there."))
    strange = strange_places(template.text)
    if strange:
        return refuse("bad_words", N_("Nobody fills in {place}. Choose one of the names."), place=strange[0])
    return None


def inverse(command: SetTemplate, facts: Facts) -> Undo | None:
    """Publish the text as it was; a new one stays, contracts may name it already."""
    return go_back("set_template", "template", facts.refs.templates.get(command.template.code))


SPEC = Spec("set_template", SetTemplate, needs, decide, Authority.HUB, inverse=inverse, touches=False)
