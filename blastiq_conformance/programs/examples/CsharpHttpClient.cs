// HttpClient: a FormUrlEncodedContent of exactly these fields, as Microsoft's reference shows; signs in again on 401.
// .NET: this as the Program.cs of `dotnet new console`. Mono: mcs -r:System.Net.Http,System.Runtime.Serialization.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading.Tasks;

[DataContract]
public class Discovery
{
    [DataMember(Name = "issuer")] public string Issuer = "";
    [DataMember(Name = "token_endpoint")] public string TokenEndpoint = "";
}

[DataContract]
public class Tokens
{
    [DataMember(Name = "access_token")] public string AccessToken = "";
    [DataMember(Name = "token_type")] public string TokenType = "";
    [DataMember(Name = "error")] public string Error = "";
}

public static class Program
{
    // A redirect would carry the password on: none is followed.
    static readonly HttpClient Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };
    static readonly string Authority = Env("BLASTIQ_AUTHORITY").TrimEnd('/');

    static string Env(string name) { return Environment.GetEnvironmentVariable(name) ?? ""; }

    static T Read<T>(string json) where T : class
    {
        using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(json)))
            return new DataContractJsonSerializer(typeof(T)).ReadObject(stream) as T;
    }

    static async Task<string> Discover()
    {
        using (var answer = await Http.GetAsync(Authority + "/.well-known/openid-configuration"))
        {
            if ((int)answer.StatusCode != 200) throw new InvalidOperationException("no discovery document");
            var found = Read<Discovery>(await answer.Content.ReadAsStringAsync());
            if (found == null || (found.Issuer ?? "").TrimEnd('/') != Authority)
                throw new InvalidOperationException("the issuer is not the authority");
            var endpoint = new Uri(found.TokenEndpoint ?? "");
            if (Authority.StartsWith("https:") && endpoint.Scheme != "https")
                throw new InvalidOperationException("the token endpoint is no https:// address");
            return found.TokenEndpoint;
        }
    }

    static async Task<string> SignIn(string endpoint)
    {
        var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            { "grant_type", "password" },
            { "username", Env("BLASTIQ_USERNAME") },
            { "password", Env("BLASTIQ_PASSWORD") },
            { "client_id", Env("BLASTIQ_CLIENT_ID") },
        });
        using (var answer = await Http.PostAsync(endpoint, form))
        {
            var body = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode != 200)
                throw new InvalidOperationException("sign-in was answered " + (int)answer.StatusCode);
            var tokens = Read<Tokens>(body);
            var bearer = "bearer".Equals(tokens?.TokenType, StringComparison.OrdinalIgnoreCase);
            if (!bearer || string.IsNullOrEmpty(tokens.AccessToken))
                throw new InvalidOperationException("the answer holds no bearer token " + tokens?.Error);
            return tokens.AccessToken;
        }
    }

    static async Task<int> Call(string token)
    {
        using (var request = new HttpRequestMessage(HttpMethod.Get, Env("BLASTIQ_API_URL")))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using (var answer = await Http.SendAsync(request)) return (int)answer.StatusCode;
        }
    }

    static async Task Run()
    {
        if (Env("BLASTIQ_USERNAME") == "" || Env("BLASTIQ_PASSWORD") == "")
            throw new InvalidOperationException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
        Http.DefaultRequestHeaders.ExpectContinue = false;
        var endpoint = await Discover();
        var token = await SignIn(endpoint);
        for (var call = 0; call < int.Parse(Env("BLASTIQ_API_CALLS")); call++)
        {
            if (call > 0) await Task.Delay(1000);
            var status = await Call(token);
            if (status == 401)
            {
                token = await SignIn(endpoint);
                status = await Call(token);
            }
            if (status != 200) throw new InvalidOperationException("the API answered " + status);
        }
    }

    public static int Main()
    {
        try
        {
            Run().GetAwaiter().GetResult();
            return 0;
        }
        catch (Exception problem)
        {
            // What a reader of JSON says quotes the text, or a stack.
            var own = problem is InvalidOperationException || problem is HttpRequestException;
            Console.Error.WriteLine("BlastIQ: " + (own ? problem.Message : problem.GetType().Name));
            return 1;
        }
    }
}
