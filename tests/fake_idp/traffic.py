"""Strategies for whatever a journal can hold."""

from hypothesis import strategies as st

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Delivery, Ending, Headers, Request, Response

latin = st.text(st.characters(max_codepoint=255), max_size=12)
texts = st.text(max_size=12)
seconds = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.integers(min_value=1)
headers = st.builds(Headers, st.lists(st.tuples(latin, latin), max_size=4).map(tuple))
bodies = st.one_of(st.binary(max_size=30), texts.map(str.encode))
requests = st.builds(
    Request,
    method=latin,
    target=latin,
    headers=headers,
    body=bodies,
    http_version=st.sampled_from(("1.0", "1.1", "2")),
    scheme=st.sampled_from(("http", "https")),
)
deliveries = st.builds(
    Delivery,
    delay=seconds,
    drip=seconds,
    drip_bytes=numbers,
    ending=st.sampled_from(Ending),
    after=st.none() | numbers,
    chunked=st.booleans(),
)
responses = st.builds(
    Response, status=numbers, headers=headers, body=bodies, reason=texts, delivery=st.just(Delivery()) | deliveries
)
exchanges = st.builds(
    Exchange,
    number=numbers,
    kind=st.sampled_from(Kind),
    request=requests,
    response=st.none() | responses,
    started=seconds,
    ended=seconds,
    at=texts,
    scenario=texts,
    edited=texts,
    lost=st.frozensets(st.sampled_from(("body", "headers", "response"))),
    source=texts,
    via=numbers,
    client=texts,
)
connections = st.builds(
    Connection,
    number=numbers,
    started=seconds,
    ended=seconds,
    at=texts,
    received=bodies,
    server_name=st.none() | texts,
    ending=texts,
    scenario=texts,
)
secrets = st.builds(Secret, kind=texts, value=texts)
entries = st.lists(exchanges | connections, max_size=4, unique_by=lambda entry: entry.number)
