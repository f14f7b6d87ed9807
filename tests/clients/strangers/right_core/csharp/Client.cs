// A right client on System.Net.Http; each virtual method is a seam for one oddity.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Script.Serialization;

// What ends the program; its text holds no secret.
public class BlastiqException : Exception { public BlastiqException(string text) : base(text) { } }

// No whole answer came.
public class NoAnswerException : Exception { }

public class Answer
{
    public int Status;
    public string RetryAfter = "";
    public string Body = "";

    public IDictionary<string, object> Object(string what)
    {
        if (Status != 200) throw new BlastiqException(what + " was answered " + Status);
        try
        {
            if (new JavaScriptSerializer().DeserializeObject(Body) is IDictionary<string, object> members) return members;
        }
        catch (Exception problem) when (problem is ArgumentException || problem is InvalidOperationException) { }
        throw new BlastiqException(what + " was answered with something else than a JSON object");
    }
}

public class Client
{
    protected readonly string Authority = Strip(Env("BLASTIQ_AUTHORITY"));
    protected IDictionary<string, object> Document;
    protected string Endpoint;
    protected Dictionary<string, object> Tokens = new Dictionary<string, object>();
    protected virtual int Tries { get { return 3; } }
    protected virtual TimeSpan Patience { get { return TimeSpan.FromSeconds(10); } }
    HttpClient http;

    public static string Env(string name) { return Environment.GetEnvironmentVariable(name) ?? ""; }

    static string Strip(string url) { return url.EndsWith("/") ? url.Substring(0, url.Length - 1) : url; }

    protected static string Text(IDictionary<string, object> members, string name)
    {
        return members.TryGetValue(name, out object value) ? value as string ?? "" : "";
    }

    public void Run()
    {
        if (Env("BLASTIQ_USERNAME") == "" || Env("BLASTIQ_PASSWORD") == "")
            throw new BlastiqException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
        Discover();
        SignIn();
        for (int call = 0; call < int.Parse(Env("BLASTIQ_API_CALLS")); call++)
        {
            if (call > 0) Thread.Sleep(1000);
            Call();
        }
    }

    protected virtual void Discover()
    {
        Document = Patiently(() => Send("GET", Authority + "/.well-known/openid-configuration", null)).Object("discovery");
        if (Strip(Text(Document, "issuer")) != Authority) throw new BlastiqException("the issuer is not the authority");
        Endpoint = Text(Document, "token_endpoint");
        if (!Endpoint.StartsWith(Authority.StartsWith("https:") ? "https:" : "http"))
            throw new BlastiqException("discovery names no token endpoint that may be used");
    }

    void SignIn()
    {
        var answer = Ask("grant_type", "password", "username", Env("BLASTIQ_USERNAME"), "password", Env("BLASTIQ_PASSWORD"));
        Tokens = new Dictionary<string, object>();
        Keep(answer);
    }

    void Renew()
    {
        string refresh = Text(Tokens, "refresh_token");
        var answer = refresh == "" ? null : Ask("grant_type", "refresh_token", "refresh_token", refresh);
        if (answer == null || answer.Status == 400) SignIn();
        else Keep(answer);
    }

    Answer Ask(params string[] grant)
    {
        var fields = new List<KeyValuePair<string, string>>();
        for (int at = 0; at < grant.Length; at += 2) fields.Add(new KeyValuePair<string, string>(grant[at], grant[at + 1]));
        fields.Add(new KeyValuePair<string, string>("client_id", Env("BLASTIQ_CLIENT_ID")));
        return Patiently(() => Post(Endpoint, fields));
    }

    void Keep(Answer answer)
    {
        var fresh = answer.Object("the token request");
        if (Text(fresh, "access_token") == "") throw new BlastiqException("the answer holds no access token");
        if (Text(fresh, "token_type").ToLowerInvariant() != "bearer") throw new BlastiqException("the token is no bearer token");
        foreach (var member in fresh) Tokens[member.Key] = member.Value;
    }

    void Call()
    {
        var answer = CallApi();
        if (answer.Status == 401)
        {
            Renew();
            answer = CallApi();
        }
        if (answer.Status != 200) throw new BlastiqException("the API answered " + answer.Status);
    }

    Answer CallApi()
    {
        var authorization = new AuthenticationHeaderValue(Scheme, Text(Tokens, "access_token"));
        return Patiently(() => Send("GET", Env("BLASTIQ_API_URL"), null, authorization));
    }

    protected virtual string Scheme { get { return "Bearer"; } }

    // Tries again with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3.
    protected Answer Patiently(Func<Answer> exchange)
    {
        for (int tried = 1; ; tried++)
        {
            double pause = Math.Pow(2, tried - 1);
            try
            {
                var answer = exchange();
                pause = PauseAfter(answer, pause);
                if ((answer.Status != 429 && answer.Status < 500) || tried >= Tries || pause > 30) return answer;
            }
            catch (NoAnswerException)
            {
                if (tried >= Tries) throw new BlastiqException("no answer");
            }
            Thread.Sleep(TimeSpan.FromSeconds(pause));
        }
    }

    static double PauseAfter(Answer answer, double own)
    {
        if (int.TryParse(answer.RetryAfter, out int seconds)) return seconds;
        if (DateTime.TryParseExact(answer.RetryAfter, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime until))
            return Math.Max(own, (until - DateTime.UtcNow).TotalSeconds);
        return answer.Status == 429 ? 2 * own : own;
    }

    protected virtual HttpContent Form(List<KeyValuePair<string, string>> fields) { return new FormUrlEncodedContent(fields); }

    protected virtual Answer Post(string url, List<KeyValuePair<string, string>> fields) { return Send("POST", url, Form(fields)); }

    // One exchange with all of its body in the time that the client has.
    protected virtual Answer Send(string method, string url, HttpContent content, AuthenticationHeaderValue authorization = null)
    {
        http = http ?? new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = content };
        request.Headers.Authorization = authorization;
        Adorn(request);
        return Within(async () =>
        {
            using (var response = await http.SendAsync(request))
            {
                // JSON is UTF-8, whatever charset is said, and the library trips over one in quotes.
                string body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
                string pause = response.Headers.Contains("Retry-After") ? response.Headers.GetValues("Retry-After").First() : "";
                return new Answer { Status = (int) response.StatusCode, RetryAfter = pause, Body = body };
            }
        });
    }

    protected virtual void Adorn(HttpRequestMessage request) { }

    // Whatever goes wrong below, there was no whole answer.
    protected Answer Within(Func<Task<Answer>> exchange)
    {
        try
        {
            var task = Task.Run(exchange);
            if (task.Wait(Patience)) return task.Result;
        }
        catch (AggregateException) { }
        throw new NoAnswerException();
    }
}
