"""Ruby: net/http and open-uri of its own library."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_ruby = partial(Stranger, file="strangers/core/stranger.rb")

RUBY = (
    # Only endpoint-query has a query to lose.
    _ruby(
        flaw="path-only",
        warnings="204",
        origin="Net::HTTP::Post.new(uri.path): drbrain/net-http-persistent#35, postalserver/postal#924",
    ),
    # The API's redirect to another origin takes Authorization along; no redirect of the token endpoint is followed.
    _ruby(
        flaw="open-uri",
        errors="008",
        origin="open-uri as Ruby 3.3 ships it, mended in ruby/open-uri#36",
    ),
    # The form, with the password, stands on stderr in every run.
    _ruby(
        flaw="debug-output",
        errors="701",
        origin="Net::HTTP#set_debug_output, whose documentation calls it a serious security hole",
    ),
    # Where 002 fails it explains 003 and 004 (issue 11, section 5).
    _ruby(flaw="verify-none", errors="002", options=("--tls",), origin="OpenSSL::SSL::VERIFY_NONE, as kyma#1639"),
    # Only a decomposed password is changed; that is normalising (302), not encoding (301).
    _ruby(flaw="normalised-password", errors="302", origin="ours: String#unicode_normalize as for names"),
    # Only the password of 100 characters is longer than 72; a combined one may be too.
    _ruby(flaw="cut-password", errors="304", perhaps="301", origin="bcrypt's 72 bytes, a column of 72 characters"),
    # & + = stay as they are; nothing raw is sent, so 214 is silent, and what arrives is wrong for another reason (D25).
    _ruby(
        flaw="uri-escape",
        errors="301",
        origin="URI.escape, today URI::DEFAULT_PARSER.escape: RFC2396_Parser leaves reserved characters",
    ),
    # The short body is mended, so that half a token goes to the API; a cut chunk raises EOFError and ends it.
    _ruby(
        flaw="mends-json",
        errors="412",
        origin="net/http: ignore_eof is true by default, a body that ends early raises nothing",
    ),
    # One name and no value to the server: 202, and not four fields that are missing.
    _ruby(flaw="form-as-one-value", errors="202", origin="ours: encodeURIComponent(body), URLEncoder.encode(body)"),
    # 602 for the method and 704 for the address; that the API refuses it (501) has the same cause.
    _ruby(flaw="query-after-refusal", errors="602 704", origin="ours: a second way after a 401"),
    # A date is 0 to it, so that its own second counts; seconds are heeded.
    _ruby(flaw="retry-after-to-i", warnings="803", origin="String#to_i of a date; the like is elizaOS/eliza#22162"),
    # The one oddity that lacks expires_in ends it; odd values are read with care, so 405 is silent.
    _ruby(flaw="fetches-lifetime", errors="404", origin="p2/OAuth2#27, carbon-apimgt#10762"),
    # On refresh 502 is the twin of 201 to 203 (D24); the refresh token in an address is 704 as well (M13).
    _ruby(flaw="refresh-in-query", errors="502 704", origin="cf-java-client#571, finapi-java-client#243"),
    # The method alone is wrong; 400 at each sign-in, so that no token ever came and nothing else can be told.
    _ruby(flaw="put", errors="201", origin="ours"),
    # Eight tries within four seconds where five are the bound (D41); a cut chunk of the token answer is retried too.
    _ruby(flaw="retries-lost", warnings="805", perhaps="802", origin="rescue … retry, as Ruby's own manual shows it"),
    # Empty values are sent and refused once; it is the only scenario without credentials.
    _ruby(flaw="unchecked", warnings="308", perhaps="207 208", origin="ours: ENV.fetch is content with an empty value"),
    # D26: 217 alone, for the body has the id. The fake takes the header for the client: refused at each sign-in.
    _ruby(flaw="user-in-basic", errors="217", origin="requests-oauthlib#227, axios `auth`"),
)
