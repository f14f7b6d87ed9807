// A right client on HttpClient, built by mono's mcs, and what real C# programs do wrong in it: `Stranger.exe [FLAW]`.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Script.Serialization;
using Form = System.Collections.Generic.Dictionary<string, string>;
using Members = System.Collections.Generic.Dictionary<string, object>;

class StrangerException : Exception { public StrangerException(string words) : base(words) {} }
class RefusedException : StrangerException { public RefusedException(string words) : base(words) {} }

class Answer
{
    public int Status;
    public string Body = "";
    public TimeSpan Told;
}

class Client
{
    protected static string Env(string name) { return Environment.GetEnvironmentVariable("BLASTIQ_" + name) ?? ""; }

    protected readonly string authority = Regex.Replace(Env("AUTHORITY"), "/$", "");
    protected readonly HttpClientHandler handler = new HttpClientHandler { AllowAutoRedirect = false };
    readonly HttpClient http;
    protected string endpoint;
    protected Members tokens;

    public Client() { http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; } // Patience is the limit

    protected virtual TimeSpan Patience { get { return TimeSpan.FromSeconds(10); } }

    // One try; HttpClient's limit covers the body too, and a message can be sent once only.
    protected async Task<Answer> Send(Func<HttpRequestMessage> request)
    {
        var limit = new CancellationTokenSource(Patience);
        try
        {
            using (var response = await http.SendAsync(request(), limit.Token))
            {
                var after = response.Headers.RetryAfter;
                var told = after == null ? TimeSpan.Zero : after.Delta ?? after.Date.Value - DateTimeOffset.Now;
                return new Answer { Status = (int)response.StatusCode, Body = await response.Content.ReadAsStringAsync(), Told = told };
            }
        }
        catch (Exception problem) when (problem is HttpRequestException || problem is OperationCanceledException
            || problem is WebException || problem is System.IO.IOException || problem is ObjectDisposedException)
        {
            return new Answer();
        }
    }

    protected virtual async Task<Answer> Ask(Func<HttpRequestMessage> request)
    {
        foreach (var usual in new[] { 1, 2, 0 })
        {
            var answer = await Send(request);
            var again = answer.Status == 0 || answer.Status == 429 || answer.Status >= 500;
            if (!again || usual == 0 || answer.Told.TotalSeconds > 30)
                return answer.Status > 0 ? answer : throw new StrangerException("no answer");
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(usual, answer.Told.TotalSeconds)));
        }
        throw new InvalidOperationException();
    }

    protected virtual Members Read(Answer answer, string what)
    {
        if (answer.Status == 400) throw new RefusedException(what + " was refused");
        if (answer.Status != 200) throw new StrangerException(what + " was answered " + answer.Status);
        Members document = null;
        try { document = new JavaScriptSerializer().DeserializeObject(answer.Body) as Members; }
        catch (ArgumentException) {}
        catch (InvalidOperationException) {}
        if (document == null) throw new StrangerException(what + " was answered with something else than a JSON object");
        return document;
    }

    protected static string Text(Members document, string name)
    {
        object value;
        return document.TryGetValue(name, out value) ? value as string ?? "" : "";
    }

    async Task Discover()
    {
        var address = authority + "/.well-known/openid-configuration";
        var document = Read(await Ask(() => new HttpRequestMessage(HttpMethod.Get, address)), "discovery");
        if (Regex.Replace(Text(document, "issuer"), "/$", "") != authority)
            throw new StrangerException("the issuer is not the authority");
        endpoint = Text(document, "token_endpoint");
        if (!endpoint.StartsWith(authority.StartsWith("https:") ? "https:" : "http"))
            throw new StrangerException("discovery names no token endpoint");
    }

    protected virtual HttpContent Encode(Form form) { return new FormUrlEncodedContent(form); }

    protected virtual Form Complete(Form form)
    {
        form["client_id"] = Env("CLIENT_ID");
        return form;
    }

    protected virtual async Task<Members> RequestTokens(Form grant)
    {
        var form = Complete(grant);
        var answer = await Ask(() => new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = Encode(form) });
        var given = Read(answer, "the token request");
        if (Text(given, "access_token") == "" || Text(given, "token_type").ToLowerInvariant() != "bearer")
            throw new StrangerException("no bearer token");
        return given;
    }

    protected virtual async Task SignIn()
    {
        tokens = await RequestTokens(new Form {
            { "grant_type", "password" }, { "username", Env("USERNAME") }, { "password", Env("PASSWORD") } });
    }

    protected virtual bool SignsInAgain(StrangerException problem) { return problem is RefusedException; }

    protected virtual async Task Renew()
    {
        var refresh = Text(tokens, "refresh_token");
        if (refresh != "")
        {
            try
            {
                var given = await RequestTokens(new Form { { "grant_type", "refresh_token" }, { "refresh_token", refresh } });
                foreach (var member in given) tokens[member.Key] = member.Value;
                return;
            }
            catch (StrangerException problem) when (SignsInAgain(problem)) {}
        }
        await SignIn();
    }

    protected virtual AuthenticationHeaderValue Bearer
    {
        get { return new AuthenticationHeaderValue("Bearer", Text(tokens, "access_token")); }
    }

    async Task<int> CallApi()
    {
        var answer = await Ask(() => {
            var request = new HttpRequestMessage(HttpMethod.Get, Env("API_URL"));
            request.Headers.Authorization = Bearer;
            return request;
        });
        return answer.Status;
    }

    public async Task Run()
    {
        if (Env("USERNAME") == "" || Env("PASSWORD") == "")
            throw new StrangerException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
        await Discover();
        await SignIn();
        for (var call = 0; call < int.Parse(Env("API_CALLS")); call++)
        {
            if (call > 0) await Task.Delay(1000);
            var status = await CallApi();
            if (status == 401)
            {
                await Renew();
                status = await CallApi();
            }
            if (status != 200) throw new StrangerException("the API answered " + status);
        }
    }
}

// FormUrlEncodedContent writes a null as an empty value.
class NullSecret : Client
{
    readonly string secret = null;
    protected override Form Complete(Form form) { base.Complete(form)["client_secret"] = secret; return form; }
}

// Uri.EscapeUriString is for whole addresses: it leaves & + = # as they are.
class EscapeUriString : Client
{
    protected override HttpContent Encode(Form form)
    {
        var pairs = form.Select(field => field.Key + "=" + Uri.EscapeUriString(field.Value));
        return new StringContent(string.Join("&", pairs), Encoding.UTF8, "application/x-www-form-urlencoded");
    }
}

// A renewal is thought to present the token that is renewed.
class PresentsAccessToken : Client
{
    protected override Form Complete(Form form)
    {
        if (form.ContainsKey("refresh_token")) form["refresh_token"] = Text(tokens, "access_token");
        return base.Complete(form);
    }
}

// The end of a token is a date, and the calendar ends with the year 9999.
class AddsSeconds : Client
{
    protected override async Task SignIn()
    {
        await base.SignIn();
        object lifetime;
        if (tokens.TryGetValue("expires_in", out lifetime))
            tokens["expires_at"] = DateTime.UtcNow.AddSeconds(Convert.ToDouble(lifetime));
    }
}

// The callback that says yes to every certificate.
class TrustsEveryone : Client
{
    public TrustsEveryone()
    {
        handler.ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true;
    }
}

// The form is made of an object's properties, under the names that C# gives them.
class PropertyNames : Client
{
    protected override Form Complete(Form form)
    {
        return base.Complete(form).ToDictionary(
            field => Regex.Replace(field.Key, "(^|_)([a-z])", start => start.Value.ToUpperInvariant()), field => field.Value);
    }
}

// HttpClient's own limit.
class HundredSeconds : Client
{
    protected override TimeSpan Patience { get { return TimeSpan.FromSeconds(100); } }
}

// The token was kept with its scheme, and the scheme is put before it once more.
class BearerTwice : Client
{
    protected override AuthenticationHeaderValue Bearer
    {
        get { return new AuthenticationHeaderValue("Bearer", base.Bearer.ToString()); }
    }
}

// Polly's WaitAndRetryAsync(3) for every answer that is no success, a refusal too.
class RetriesEverything : Client
{
    protected override async Task<Answer> Ask(Func<HttpRequestMessage> request)
    {
        var answer = await base.Ask(request);
        for (var retry = 1; answer.Status == 400 && retry <= 3; retry++)
        {
            await Task.Delay(TimeSpan.FromSeconds(retry));
            answer = await base.Ask(request);
        }
        return answer;
    }
}

// Somebody must type the code of the day.
class AsksForCode : Client
{
    protected override async Task SignIn()
    {
        Console.Write("Code: ");
        if (string.IsNullOrEmpty(Console.ReadLine())) throw new StrangerException("no code was given");
        await base.SignIn();
    }
}

// A token that has died is the end.
class NeverRenews : Client
{
    protected override Task Renew() { throw new StrangerException("the token is no longer valid"); }
}

// IsError is not asked for: what was refused is an answer without a token.
class IgnoresRefusal : Client
{
    protected override async Task SignIn()
    {
        try { await base.SignIn(); }
        catch (RefusedException) { tokens = new Members(); }
    }

    protected override Task Renew()
    {
        return tokens.Count > 0 ? base.Renew() : throw new StrangerException("the API refused the call");
    }
}

// The refresh token was refused, and nobody thought of the password.
class EndsWithRefresh : Client
{
    protected override bool SignsInAgain(StrangerException problem) { return false; }
}

static class Program
{
    [System.Runtime.InteropServices.DllImport("libc")]
    static extern void _exit(int status);

    // Not by return: now and then mono's own shutdown aborts.
    static void Main(string[] arguments)
    {
        _exit(Ended(arguments));
    }

    static int Ended(string[] arguments)
    {
        var client = arguments.Length > 0 ? Activator.CreateInstance(Type.GetType(arguments[0])) : new Client();
        try
        {
            ((Client)client).Run().GetAwaiter().GetResult();
            return 0;
        }
        catch (StrangerException problem)
        {
            Console.Error.WriteLine("BlastIQ: " + problem.Message);
            return 1;
        }
    }
}
