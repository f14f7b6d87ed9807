"""C#: HttpClient, built by mono's mcs."""

from functools import partial

from tests.clients.strangers.stranger import Stranger

_csharp = partial(Stranger, file="strangers/core/Stranger.cs", needs="System.Net.Http System.Web.Extensions")

CSHARP = (
    # Empty on the password grant 210, on refresh 504 (D24); never refused.
    _csharp(flaw="NullSecret", errors="210 504", origin="FormUrlEncodedContent writes a null as an empty value"),
    # & + = stay as they are; nothing raw is sent (D25).
    _csharp(flaw="EscapeUriString", errors="301", origin="Uri.EscapeUriString, obsolete as SYSLIB0013 for this"),
    # The access token goes to the token endpoint, under the name of the refresh token: 610 (BIQ502 has its form right).
    _csharp(flaw="PresentsAccessToken", errors="610", origin="ours: what is renewed is presented"),
    # 10^12 s is beyond the year 9999: a crash is a misreading (D48); a string of digits and none at all are read.
    _csharp(flaw="AddsSeconds", warnings="405", origin="DateTime.AddSeconds; requests-oauthlib does the like"),
    # Where 002 fails it explains 003 and 004; old versions it may take too.
    _csharp(
        flaw="TrustsEveryone",
        errors="002",
        perhaps="005",
        options=("--tls",),
        origin="ServerCertificateCustomValidationCallback => true",
    ),
    # Counts as read (D26): 218 alone; the product forgives.
    _csharp(flaw="PropertyNames", errors="218", origin="a form of an object's properties; client_Id of M24"),
    # Slow: a hundred seconds a try. `slow` of discovery-broken may show it too.
    _csharp(flaw="HundredSeconds", warnings="804", perhaps="106", origin="HttpClient.Timeout: 100 s by default"),
    # 604 explains what follows (D44).
    _csharp(flaw="BearerTwice", errors="604", origin="nuxt-community/auth-module#95"),
    # Four posts of what was refused; a refused refresh goes out four times as well, one cause.
    _csharp(
        flaw="RetriesEverything",
        errors="801",
        perhaps="508",
        origin="Infisical/infisical-dotnet-sdk#11: Polly, !IsSuccessStatusCode, WaitAndRetryAsync(3)",
    ),
    # The control failed and the newline was read: 309, and 808 is silent. Discovery was called, so it is not a 3.
    _csharp(flaw="AsksForCode", errors="309", origin="ours: Console.ReadLine for a second factor"),
    # D39: ends with a failure that shows: a warning. It fails the same with and without a refresh token.
    _csharp(flaw="NeverRenews", warnings="501", perhaps="415", origin="vayu#478"),
    # The API is called with an empty bearer after a 400; what is not a 400 still ends it.
    _csharp(
        flaw="IgnoresRefusal",
        errors="408",
        perhaps="601 604",
        origin="the article's sample without its second `if (IsError)`",
    ),
    # Ends with a failure where a refused refresh should lead to one sign-in; 508 is for who sends it again.
    _csharp(flaw="EndsWithRefresh", warnings="501", origin="ours: whoever refreshes never signs in again"),
)
