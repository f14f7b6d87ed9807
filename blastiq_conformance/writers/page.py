"""Pages from templates: every value escaped, self-contained, and an error if a template lacks a value."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blastiq_conformance.report.shape import RequestShape, ResponseShape
from blastiq_conformance.writers import finding_text, markup, reading, scope
from blastiq_conformance.writers.sequence import duration
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
    finished = {name: _finished(getattr(markup, name)) for name in ("code", "block", "cell")}
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
    environment.filters |= {"sources": finding_text.sources, "cut": shorten}
    environment.globals |= {"reading": reading, "scope": scope, "duration": duration, "number": number}
    environment.globals |= {"marked": highlight, "request_text": request_text, "response_text": response_text}
    return environment


def request_text(request: RequestShape, parameter: str) -> Markup:
    """Give a request as on the wire, with the offending part marked."""
    lines = [highlight(f"{request['method']} {request['target']}", parameter)]
    return _message(lines, request["headers"], request["body"], parameter)


def response_text(response: ResponseShape, parameter: str) -> Markup:
    """Give a response likewise."""
    return _message([escape(str(response["status"]))], response["headers"], response["body"], parameter)


def _message(lines: list[Markup], headers: list[list[str]], body: str, parameter: str) -> Markup:
    for name, value in headers:
        line = f"{name}: {value}"
        whole = bool(parameter) and name.lower() == parameter.lower()
        lines.append(Markup("<mark>{}</mark>").format(_cut(line)) if whole else highlight(line, parameter))
    if body:
        lines += [Markup(), highlight(body, parameter)]
    return Markup("\n").join(lines)


def highlight(text: str, parameter: str) -> Markup:
    """Mark each place of a text that names the parameter, with its value."""
    spans = marked(_cut(text), parameter)
    return Markup().join(
        Markup("<mark>{}</mark>").format(span.text) if span.style is Style.MARK else escape(span.text) for span in spans
    )


def _cut(text: str) -> str:
    return tame(shorten(text, _LONGEST_LINE))
