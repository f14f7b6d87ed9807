"""A search that grows finds what one finds that knew all from the start."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.search import Search, Secret

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
    """Whatever was looked through before: rows, samples and short forms that are made on use are kept up."""
    grown = Search(())
    seen: list[str] = []
    for batch in batches:
        seen += batch
        grown.add(Secret("password", value) for value in batch)
        texts = data.draw(st.lists(st.sampled_from(seen or ["-"]), max_size=6))
        text = " ".join(f"a={form}" for value in texts for form in sorted(encodings(value)))
        # Long enough to be worth a sample, for some.
        text += "-" * data.draw(st.sampled_from((0, 20_000)))
        assert grown.find(text) == Search(Secret("password", value) for value in seen).find(text)


def test_what_came_after_a_sample_was_made_is_met_in_it() -> None:
    """Many that begin each in its way, and much text: then places are sampled, and the sample knows newcomers."""
    search = Search(Secret("password", f"{number:05}-Kq7pWz3mVx9bTn2c") for number in range(40))
    assert not search.find("-" * 20_000)
    search.add([Secret("password", "zzzzz-Gh1Zx9Cv4Bn7Mq2Ws8")])
    assert [leak.secret.value for leak in search.find("-" * 20_000 + " zzzzz-Gh1Zx9Cv4Bn7Mq2Ws8 ")]
