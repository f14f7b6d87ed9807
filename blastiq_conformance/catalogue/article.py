"""The article, sentence by sentence in our own words, each with the rules that judge it or the reason why none does."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One statement of the article: `rules` judge it beside those that cite it; `reason` says what none of them see."""

    key: str
    gist: str
    rules: tuple[str, ...] = ()
    reason: str = ""


def _sentence(key: str, gist: str, rules: str = "", reason: str = "") -> Sentence:
    return Sentence(key, gist, tuple(f"BIQ{number}" for number in rules.split()), reason)


_STATEMENT = "a statement of fact, nothing that an integration could do or leave undone"
_ATTENDED = "judged only where the integration is declared as attended"

SENTENCES: tuple[Sentence, ...] = (
    _sentence("A1", "BlastIQ may be integrated with or without a person who signs in", reason=_STATEMENT),
    _sentence("A2", "where a person works with BlastIQ, the attended flow is to be used", reason=_ATTENDED),
    _sentence(
        "A3",
        "programs that people have on their own machines bring no Service User credentials along",
        reason="only a scan of the shipped files can see it",
    ),
    _sentence("A4", "the unattended flow is for server to BlastIQ, with no person there"),
    _sentence("A5", "who may see a site's data in the applications may see it through the API", reason=_STATEMENT),
    _sentence(
        "A6", "that suits applications which can ask their user to sign in", reason="advice on when to use which"
    ),
    _sentence(
        "A7",
        "who develops an attended integration asks BlastIQ Support",
        reason="an arrangement between people: on the list for a person",
    ),
    _sentence("A8", "a customer asks for Service User credentials, and gets them for use with the API"),
    _sentence("A9", "a Service User sees the data of a single site"),
    _sentence("A10", "the vendor lets the customer enter credentials of their own, securely", "704 706 708"),
    _sentence(
        "A11",
        "unattended integration signs in by the resource owner password grant of OpenID Connect",
        "201 202 203 204 206 207 208",
    ),
    _sentence("A12", "a token must be fetched, with the Service User that the customer has", "601"),
    _sentence(
        "A13",
        "a client library is recommended for that",
        "301 302 303",
        "whether a library was used cannot be seen, only whether the encoding is as right as a library's",
    ),
    _sentence("A14", "some libraries need nothing but the address of the identity server"),
    _sentence("A15", "the authentication type is oidc", "101 102 104"),
    _sentence("A16", "the authority is /identity below BlastIQ's address", "104 105"),
    _sentence("A17", "the discovery document stands at the well-known path below the authority", "102 103 106"),
    _sentence("A18", "sample: the discovery document is read first"),
    _sentence("A19", "sample: an error of discovery is looked at before going on"),
    _sentence("A20", "sample: the token endpoint comes from discovery, the client id from Support"),
    _sentence("A21", "sample: username and password are passed, scope is null"),
    _sentence("A22", "sample: an error of the token request is looked at before going on", "801"),
    _sentence("A23", "sample: the access token is taken from the answer", "410"),
    _sentence(
        "A24",
        "sample: the refresh token is taken from the answer",
        "501 502 503",
        "that it is used is not demanded: a new sign-in conforms as well",
    ),
    _sentence("A25", "Auth0 has examples in many languages, whose extras are not for BlastIQ", "202"),
    _sentence("A26", "Postman can show the grant at work", reason="a way to try it out, not a way to build it"),
    _sentence("A27", "it is a POST of a form, with the variables in its body"),
    _sentence(
        "A28",
        "the variable url is the token endpoint",
        reason="its value is lost in every copy that we know: the discovery document has it",
    ),
    _sentence("A29", "grant_type is password"),
    _sentence("A30", "username is what Support gave"),
    _sentence("A31", "password is what Support gave"),
    _sentence("A32", "client_id is external.customer"),
    _sentence("A33", "audience is not to be sent"),
    _sentence("A34", "scope need not be sent; where a library insists, cosmos may be"),
    _sentence("A35", "client_secret is not to be sent"),
    _sentence("A36", "the answer is JSON, with the token and what else is needed", "401"),
    _sentence(
        "A37",
        "a token may be decoded, to see what is in it",
        reason="leave to look, not a duty: `blastiq token` does it offline",
    ),
    _sentence("A38", "the page asks whether it was helpful", reason="not about integration"),
)
