"""The doorway to Jinja: templates that escape what they print, and fail where a name is unknown.

What a template calls is called as it stands, and words without a sign of HTML are printed as they stand: both are asked
hundreds of times on a page, and Jinja's own ways look at each of them first.
"""

from __future__ import annotations

import re
from functools import cache
from operator import call
from pathlib import Path
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

_TEMPLATES = Path(__file__).with_name("templates")
_SIGNS = re.compile("[&<>'\"]")


def _escaped(value: Any) -> str:
    """A value as it stands in HTML."""
    return value if type(value) is str and not _SIGNS.search(value) else escape(value)


class _PlainCode(CodeGenerator):
    """The code of a template: none of our functions asks for the state in which it is called."""

    def visit_Call(self, node: jinja2.nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 - as the base class has it
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def _output_child_pre(self, node: jinja2.nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")


class _Environment(jinja2.Environment):
    """Templates in plain code."""

    code_generator_class = _PlainCode
    called: Any = staticmethod(call)
    escaped: Any = staticmethod(_escaped)


@cache
def _environment() -> jinja2.Environment:
    return _Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> jinja2.Template:
    """The template with that file name."""
    return _environment().get_template(name)


def marked(text: str, language: str, *, differs: bool) -> Markup:
    """A text of the data: with its language where that is not the page's, else with its direction if need be."""
    if language and differs:
        return Markup(f'<span lang="{_escaped(language)}" dir="auto">{_escaped(text)}</span>')
    if text.isascii() or language:
        return Markup(_escaped(text))
    return Markup(f'<span dir="auto">{_escaped(text)}</span>')


def linked(href: str, inside: Markup, kind: str = "") -> Markup:
    """A link, if there is where to; kind: its class."""
    if not href:
        return inside
    named = f' class="{_escaped(kind)}"' if kind else ""
    away = ' rel="noreferrer external"' if "://" in href else ""
    return Markup(f'<a href="{_escaped(href)}"{named}{away}>{inside}</a>')
