"""A search that grows finds what one finds that knew all from the start."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_idp.secrets.redact import Search, Secret, encodings

_JWT = "eyJhbGciOiJSUzI1NiJ9."
# Some begin alike, some are short, some need encoding, and some are words.
values = st.one_of(
    st.text("ab0_", min_size=14, max_size=30).map(lambda end: f"{_JWT}{end}"),
    st.text("xyz019", min_size=12, max_size=30).map(lambda end: f"5D7A0E92C4B1AAAABBBBCCCCDDDD{end}"),
    st.text("abc é&+=/", min_size=1, max_size=16),
    st.sampled_from(("password", "token", "<password:1>", "5D7A0E92C4B1")),
)


@settings(max_examples=40)
@given(st.lists(st.lists(values, max_size=20), min_size=2, max_size=4), st.data())
def test_a_search_that_grew_finds_the_same(batches: list[list[str]], data: st.DataObject) -> None:
    """Whatever was looked through before: rows that are made on use are kept up."""
    grown = Search(())
    seen: list[str] = []
    for batch in batches:
        seen += batch
        grown.add(Secret("password", value) for value in batch)
        texts = data.draw(st.lists(st.sampled_from(seen or ["-"]), max_size=6))
        text = " ".join(f"a={form}" for value in texts for form in sorted(encodings(value)))
        assert grown.find(text) == Search(Secret("password", value) for value in seen).find(text)
