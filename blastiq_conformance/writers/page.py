"""Pages from templates: every value escaped, self-contained, and an error if a template lacks a value."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blastiq_conformance.writers import finding_text, markup, reading
from blastiq_conformance.writers.sequence import MOST_ARROWS, duration
from blastiq_conformance.writers.text import Style, marked, number, shorten
from fake_idp.system.plain_text import tame

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_LINE = 1_000


def render(template: str, **values: object) -> str:
    """Render a template; raises jinja2.UndefinedError if a value is missing."""
    return _environment().get_template(template).render(**values)


def render_part(template: str, **values: object) -> Markup:
    """Render a template whose result is inserted into another one as it is."""
    return Markup(render(template, **values))  # noqa: S704 - the template escapes


def render_markdown(template: str, **values: object) -> str:
    """Render a template of Markdown: a value is prose without markup unless a filter made it something else."""
    return _markdown().get_template(template).render(**values)


@cache
def _markdown() -> Environment:
    environment = _environment().overlay(
        autoescape=False, finalize=lambda value: value if isinstance(value, Markup) else markup.prose(str(value))
    )
    finished = {name: _finished(getattr(markup, name)) for name in ("code", "block", "cell", "label")}
    environment.filters = {**environment.filters, **finished}
    return environment


def _finished(write: Callable[[str], str]) -> Callable[[str], Markup]:
    return lambda value: Markup(write(value))  # noqa: S704 - it is Markdown, which has been escaped


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Every value passes here, so that none steers the page or cannot be encoded.
        finalize=lambda value: tame(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters |= {"sources": finding_text.sources, "cut": shorten, "title_of": reading.title}
    environment.globals |= {"reading": reading, "duration": duration, "number": number}
    environment.globals |= {"marked": highlight, "MOST_ARROWS": MOST_ARROWS}
    return environment


def highlight(text: str, parameter: str) -> Markup:
    """Mark each place of a text that names the parameter, with its value."""
    spans = marked(tame(shorten(text, _LONGEST_LINE)), parameter)
    return Markup().join(
        Markup("<mark>{}</mark>").format(span.text) if span.style is Style.MARK else escape(span.text) for span in spans
    )
