"""Whom udata shows: contacts, publishers and others, each with a name or a mail address that it can read."""

from __future__ import annotations

from typing import Any

from openproposals.doctor.node_values import Nodes, Term, is_iri, is_literal, python
from openproposals.doctor.udata_addresses import is_web
from openproposals.doctor.udata_terms import value
from openproposals.doctor.verdicts import Tell

_LONGEST_NAME = 255
_ROLES = {
    "contact": "dcat:contactPoint",
    "creator": "dct:creator",
    "publisher": "dct:publisher",
    "rightsHolder": "dct:rightsHolder",
}
_ROLES |= {
    role: f"geodcat:{role}"
    for role in (
        "custodian",
        "distributor",
        "originator",
        "principalInvestigator",
        "processor",
        "resourceProvider",
        "user",
    )
}
_ORG = "vcard:org"


def contacts(nodes: Nodes, node: Term, tell: Tell) -> list[tuple[str | None, str | None, str]]:
    """Name, mail address and role of each person or organisation that is shown; no mail address is checked."""
    found = []
    for role, term in _ROLES.items():
        for each in nodes.objects(node, term):
            if odd := next(filter(lambda said: said and not isinstance(said, str), _mails(nodes, each)), None):
                tell("refused", "text-expected", each, str(odd))
                continue
            name, mail, form = _contact(nodes, each, role)
            if why := _wrong_contact(name, mail, form, role):
                tell("dropped", why, node if is_literal(each) else each, each)
            else:
                mailed = nodes.first(each, "vcard:hasEmail", "foaf:mbox")
                if mailed is not None and not is_literal(mailed) and not is_iri(mailed):
                    tell("changed", "mail-in-a-node", each, mail)
                elif is_literal(mailed):
                    tell("kept", "mail-without-mailto", each, mailed)
                found.append((name, mail, role))
    return found


def _contact(nodes: Nodes, node: Term, role: str) -> tuple[Any, Any, Any]:
    if is_literal(node):
        return python(node), None, None
    card, agent = _card(nodes, node), _agent(nodes, node)
    first, second = (card, agent) if role == "contact" else (agent, card)
    return first if any(first) else second


def _card(nodes: Nodes, node: Term) -> tuple[Any, Any, Any]:
    org = nodes.first(node, _ORG)
    names = value(nodes, node, "vcard:fn"), value(nodes, node, "vcard:organization-name") or (
        None if org is None or is_literal(org)
        else value(nodes, org, "vcard:organization-name") or value(nodes, org, "vcard:organisation-name"))  # fmt: skip
    mail = value(nodes, node, "vcard:hasEmail") or value(nodes, node, "vcard:email")
    form = value(nodes, node, "vcard:hasURL") or value(nodes, node, "vcard:url") or value(nodes, node, "vcard:hasUrl")
    return _called(*names), _mail(mail), form or None


def _agent(nodes: Nodes, node: Term) -> tuple[Any, Any, Any]:
    name = value(nodes, node, "foaf:name") or value(nodes, node, "skos:prefLabel")
    mail, other = value(nodes, node, "foaf:mbox"), None
    org, member = nodes.first(node, "org:memberOf"), nodes.first(node, "foaf:member")
    if org is not None and not is_literal(org):
        other, mail = value(nodes, org, "foaf:name"), mail or value(nodes, org, "foaf:mbox")
    elif member is not None and not is_literal(member):
        name, other = value(nodes, member, "foaf:name"), name
        mail = value(nodes, member, "foaf:mbox") or mail
    return _called(name, other), _mail(mail), None


def _called(name: Any, organisation: Any) -> Any:
    return f"{name} ({organisation})" if name and organisation else name or organisation or None


def _mails(nodes: Nodes, node: Term) -> list[Any]:
    terms = ("vcard:hasEmail", "vcard:email", "foaf:mbox")
    return [] if is_literal(node) else [value(nodes, node, term) for term in terms]


def _mail(said: Any) -> str | None:
    return str(said or "").removeprefix("mailto:").strip() or None


def _wrong_contact(name: Any, mail: str | None, form: Any, role: str) -> str:
    if not (name or mail or form):
        return "contact-says-nothing"
    if role == "contact" and not (mail or form):
        return "contact-without-mail"
    if name and (not isinstance(name, str) or len(name) > _LONGEST_NAME):
        return "name-too-long"
    return "form-not-web" if form and not is_web(str(form)) else ""
