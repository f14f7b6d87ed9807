"""Every fault of a configuration has the line in which it stands."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blastiq_conformance.config import ConfigError, read
from blastiq_conformance.config.place import line_of
from blastiq_conformance.schemas import Place

LONG = '''# a comment
pytest = true

[[target]] # the first
name = "shop"
command = [
  "node",
  # not here: "{authorty}"
  "app.js",
  "{authority}",
]
env = { A = "1", B = "2" }
verbose.LOG = "x"

[[target.waivers]]
rule = "BIQ211"
reason = """
many
lines = [
"""

[[target.waivers]]
rule = "BIQ212"

[[target]]
command = ["x"]
waivers = [
  { rule = "BIQ211" },
  { rule = "BIQ212", reason = "y" }]
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("pytest",), 2),
        (("target",), 4),
        (("target", 0), 4),
        (("target", 0, "command"), 6),
        (("target", 0, "command", 0), 7),
        (("target", 0, "command", 2), 10),
        (("target", 0, "env", "B"), 12),
        (("target", 0, "verbose", "LOG"), 13),
        (("target", 0, "waivers", 0), 15),
        (("target", 0, "waivers", 0, "reason"), 17),
        (("target", 0, "waivers", 0, "owner"), 15),
        (("target", 0, "waivers", 1, "rule"), 23),
        (("target", 1), 25),
        (("target", 1, "name"), 25),
        (("target", 1, "waivers"), 27),
        (("target", 1, "waivers", 1, "reason"), 29),
        (("target", 2), 4),
        ((), None),
        (("colour", 1), None),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_line_of_a_value(place: Place, line: int | None, ending: str) -> None:
    """That with which it begins; of what is missing, that of the table which lacks it."""
    assert line_of(LONG.replace("\n", ending), place) == line


KEYS = st.text(st.sampled_from("abé \"'.\n"), max_size=3)
LEAVES = st.one_of(st.integers(), st.booleans(), KEYS.map(json.dumps), st.just('"""\n[x]\n\n\'\'\'"""'))
# A value over one line, or with its parts on lines of their own.
VALUES = st.one_of(LEAVES, st.lists(LEAVES, max_size=3).map(lambda parts: f"[{', '.join(map(_text, parts))}]"))


def _text(leaf: object) -> str:
    return str(leaf).lower() if isinstance(leaf, bool) else str(leaf)


@given(
    st.lists(
        st.dictionaries(KEYS, st.tuples(VALUES, st.lists(LEAVES, min_size=1, max_size=2)), max_size=2), max_size=3
    ),
    st.sampled_from(["\n", "\n\n", "  # x = [\n"]),
    st.data(),
)
def test_every_key_is_found_where_it_was_written(
    tables: list[dict[str, tuple[object, list[object]]]], end: str, data: st.DataObject
) -> None:
    """However tables, keys, comments and values of several lines follow each other."""
    text, lines = "# first\n", dict[Place, int]()

    def write(place: Place, line: str) -> None:
        nonlocal text
        lines[place] = text.count("\n") + 1
        text += line

    for number, table in enumerate(tables):
        write(("target", number), f"[[target]]{end}")
        for key, (value, parts) in table.items():
            write(("target", number, f"{key}1"), f"{json.dumps(f'{key}1')} = {_text(value)}{end}")
            write(("target", number, f"{key}2"), f"{json.dumps(f'{key}2')} = [{end}")
            for index, part in enumerate(parts):
                write(("target", number, f"{key}2", index), f"  {_text(part)},{end}")
            text += f"]{end}"
    # One of them a time: each look reads the text many times.
    assume(lines)
    place = data.draw(st.sampled_from(list(lines)))
    assert line_of(text, place) == lines[place]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n\ntagret = 3", "line 3, key 'tagret': there is no such key; did you mean 'target'?"),
        ("pytest = 1\n[[target]]\ncommand = ['x']", "line 1, key 'pytest': expected true or false"),
        ("[[target]]\nname = 'a'\n", "line 1, [[target]] 1, key 'command': it is missing"),
        ("[[target]]\ncommand = ['x']\n\nusers = 0", "line 4, [[target]] 1, key 'users': expected a whole number"),
        (
            "[[target]]\ncommand = ['x']\nrules = [\n 'BIQ211',\n 'BIQ000']",
            "line 5, [[target]] 1, key 'rules': there is no",
        ),
        (
            "[[target]]\ncommand = [\n 'x',\n '{authorty}']",
            "line 4, [[target]] 1, key 'command': there is no placeholder {authorty}; did you mean {authority}?",
        ),
        (
            "[[target]]\ncommand = ['x']\n[target.env]\nA = '{username}'\nB = '{usrname}'",
            "line 5, [[target]] 1, [target.env], key 'B': there is no placeholder {usrname}",
        ),
        (
            "[[target]]\ncommand = ['x']\nverbose = ['--log={api_ulr}']",
            "line 3, [[target]] 1, key 'verbose': there is no placeholder {api_ulr}; did you mean {api_url}?",
        ),
        (
            "[[target]]\ncommand = ['x']\n[[target.waivers]]\nrule = 'BIQ211'\n[[target.waivers]]\nrule = 'BIQ1'",
            "line 3, [[target]] 1, [[target.waivers]] 1, key 'reason': it is missing",
        ),
        (
            "[[target]]\ncommand = ['x']\n[[target.waivers]]\nrule = 'BIQ211'\nreason = 'r'\nowner='o'\nexpires = 'x'",
            "line 7, [[target]] 1, [[target.waivers]] 1, key 'expires': expected a date",
        ),
        (
            "[[target]]\ncommand = ['x']\n[[target]]\ncommand = ['y']\n\nname = 'default'",
            "line 6, [[target]] 2, key 'name': another target is called 'default' as well",
        ),
    ],
)
def test_faults_have_a_line(tmp_path: Path, text: str, said: str) -> None:
    """In a file of our own, and in one that is shared."""
    own, shared = tmp_path / "blastiq.toml", tmp_path / "pyproject.toml"
    own.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(own)
    assert f"{own}, {said}" in str(caught.value)
    heads = text.replace("[target", "[tool.blastiq.target")
    top = "" if heads.startswith("[[") else "[tool.blastiq]"
    shared.write_text(f"[project]\n{top}\n{heads}")
    line, _, rest = said.removeprefix("line ").partition(",")
    with pytest.raises(ConfigError) as caught:
        read(shared)
    where = rest.replace("[target", "[tool.blastiq.target").replace(
        " key", " [tool.blastiq], key", not rest.startswith(" [[")
    )
    assert f"{shared}, line {int(line) + 2},{where}" in str(caught.value)
