"""Whatever stands in a text of the model, the document is well-formed and the text stays text."""

import html.parser
import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from blastiq_conformance.writers import FORMATS, terminal, writer
from blastiq_conformance.writers.markup import block, cell, code, prose
from tests.judge.writers.models import NASTY, nasty

pytestmark = pytest.mark.slow

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


class Elements(html.parser.HTMLParser):
    """Counts elements that a hostile text could have opened, and checks that tags are balanced."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.unmeasured
def test_no_character_steers_a_reader(form: str) -> None:
    """No control character, no change of direction, nothing that UTF-8 cannot carry."""
    text = writer(form)(nasty())
    assert not FORBIDDEN.search(text)
    assert text.encode()


def commands(text: str) -> list[str]:
    """Give the lines that a CI system would act upon."""
    anywhere = re.compile(r"##[A-Za-z]*\[")
    return [line for line in text.splitlines() if line.strip().startswith("::") or anywhere.search(line)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.unmeasured
def test_no_text_becomes_a_command_of_a_ci_system(form: str) -> None:
    """A report may stand in a log that is searched for commands; our own annotations are the only ones there."""
    found = commands(writer(form)(nasty()))
    ours = [line for line in found if form == "github" and re.match(r"::(error|warning|notice) ", line)]
    assert found == ours
    assert bool(ours) == (form == "github")


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", range(40, 121, 7))
@pytest.mark.unmeasured
def test_no_width_puts_a_command_at_the_start_of_a_line(width: int, *, color: bool) -> None:
    """A terminal breaks lines wherever they become too long."""
    text = terminal.write(nasty(), width=width, color=color)
    assert commands(re.sub("\x1b\\[[0-9;]*m", "", text)) == []


@pytest.mark.parametrize("form", ["json", "sarif", "ctrf", "har", "intoto", "badge"])
def test_json_formats_parse(form: str) -> None:
    """By a strict parser."""
    assert json.loads(writer(form)(nasty()))


def test_xml_parses() -> None:
    """No text ends an element, an attribute, or the document."""
    suites = ET.fromstring(writer("junit")(nasty()).encode())  # noqa: S314 - that is the question
    assert {element.tag for element in suites.iter()} <= {
        *("testsuites", "testsuite", "properties", "property", "testcase"),
        *("failure", "error", "skipped", "system-out"),
    }


@pytest.mark.parametrize("form", ["html", "statement-html"])
def test_pages_hold_no_foreign_element(form: str) -> None:
    """No script, image or address comes out of a text; tags are balanced and ids are unique."""
    page = writer(form)(nasty())
    elements = Elements()
    elements.feed(page)
    assert elements.open == []
    assert not elements.seen & {"script", "img", "iframe", "object", "link", "form"}
    assert len(elements.ids) == len(set(elements.ids))
    assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import""", page)
    assert "49" not in re.findall(r"\{\{ (\d+) \}\}", page)


@pytest.mark.parametrize("form", ["markdown", "statement"])
def test_markdown_holds_no_foreign_markup(form: str) -> None:
    """No link, image, mention or HTML of the text's own; every table row has the cells of its head."""
    tokens = MARKDOWN.parse(writer(form)(nasty()))
    inline = [child for token in tokens for child in token.children or ()]
    assert not {token.type for token in inline} & {"link_open", "image", "em_open", "strong_open", "s_open"} - {
        *(("strong_open",) if form == "markdown" else ()),
    }
    markup = {token.content for token in (*tokens, *inline) if token.type in {"html_inline", "html_block"}}
    assert not [text for text in markup if "<script" in text]
    assert not [token for token in (*tokens, *inline) if token.type != "code_inline" and "@octocat" in _own(token)]


def _own(token: Token) -> str:
    return "" if token.type in {"inline", "fence"} else token.content


def test_workflow_commands_stay_data() -> None:
    """A text cannot begin a command of its own: each line is one of ours."""
    lines = writer("github")(nasty()).splitlines()
    assert lines
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines)


TEXTS = st.text(st.characters(codec=None, categories=None), max_size=60) | st.text("`|\\<*_[]@#w.:/ \n", max_size=30)


@given(TEXTS)
@settings(deadline=None)
def test_prose_is_read_back_as_it_was(text: str) -> None:
    """Whatever Markdown means by a character, a reader sees the text, on one line."""
    (paragraph,) = [token for token in MARKDOWN.parse("x" + prose(text) + "x") if token.type == "inline"]
    children = paragraph.children or []
    assert {child.type for child in children} <= {"text", "html_inline", "text_special"}
    assert {child.content for child in children if child.type == "html_inline"} <= {"<!-- -->"}


@given(TEXTS)
@settings(deadline=None)
def test_code_is_one_span(text: str) -> None:
    """No row of back-ticks in it ends it."""
    if not (span := code(text)):
        assert not text
        return
    (paragraph,) = [token for token in MARKDOWN.parse(f"x {span} x") if token.type == "inline"]
    assert [child.type for child in paragraph.children or ()] == ["text", "code_inline", "text"]


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_a_table_keeps_its_cells(one: str, other: str) -> None:
    """Bars and back-ticks in a text make no cell."""
    tokens = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| {prose(one)} | {cell(code(other))} |")
    assert [token.type for token in tokens].count("td_open") == 2
    assert tokens[-1].type == "table_close"


@given(TEXTS)
@settings(deadline=None)
def test_a_block_ends_where_it_should(text: str) -> None:
    """No fence in it ends it."""
    (fence,) = MARKDOWN.parse(block(text))
    assert fence.type == "fence"


def test_the_hostile_text_is_hostile() -> None:
    """It holds what each of these tests is about."""
    assert FORBIDDEN.search(NASTY)
    assert {"]]>", "-->", "<script>", "`", "|", "@", "::", "{{", "\u202e", "\ud800"} <= {
        part for part in ("]]>", "-->", "<script>", "`", "|", "@", "::", "{{", "\u202e", "\ud800") if part in NASTY
    }
