// What is unusual but legal, in C#: each class differs from the plain client in one thing.
using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;
using System.Web;

// HttpWebRequest as .NET Framework has it: Expect: 100-continue before the form, whose escapes HttpUtility writes in small hex.
public class WebRequestExpects : Client
{
    protected override Answer Post(string url, List<KeyValuePair<string, string>> fields)
    {
        byte[] form = Encoding.ASCII.GetBytes(string.Join("&", fields.Select(field => field.Key + "=" + HttpUtility.UrlEncode(field.Value))));
        return Within(async () =>
        {
            var request = (HttpWebRequest) WebRequest.Create(url);
            request.Method = "POST";
            request.AllowAutoRedirect = false;
            request.ContentType = "application/x-www-form-urlencoded";
            request.ContentLength = form.Length;
            using (var stream = await request.GetRequestStreamAsync()) await stream.WriteAsync(form, 0, form.Length);
            using (var response = await Whatever(request))
            using (var reader = new StreamReader(response.GetResponseStream()))
            {
                string body = await reader.ReadToEndAsync();
                if (response.ContentLength > body.Length) throw new IOException("cut short");
                return new Answer { Status = (int) response.StatusCode, RetryAfter = response.Headers["Retry-After"] ?? "", Body = body };
            }
        });
    }

    // The library throws for 4xx and 5xx, which are answers as well.
    static async Task<HttpWebResponse> Whatever(HttpWebRequest request)
    {
        try { return (HttpWebResponse) await request.GetResponseAsync(); }
        catch (WebException problem) when (problem.Response is HttpWebResponse response) { return response; }
    }
}

// WebClient.UploadValues; any answer but a success is an exception of the library, whose short message is all that it says.
public class UploadsValues : Client
{
    class Careful : WebClient
    {
        protected override WebRequest GetWebRequest(Uri address)
        {
            var request = (HttpWebRequest) base.GetWebRequest(address);
            request.AllowAutoRedirect = false;
            return request;
        }
    }

    protected override Answer Post(string url, List<KeyValuePair<string, string>> fields)
    {
        var values = new NameValueCollection();
        fields.ForEach(field => values.Add(field.Key, field.Value));
        return Within(async () =>
        {
            using (var web = new Careful())
            {
                try
                {
                    byte[] body = await web.UploadValuesTaskAsync(url, values);
                    if (long.Parse(web.ResponseHeaders["Content-Length"] ?? "0") > body.Length) throw new IOException("cut short");
                    return new Answer { Status = web.ResponseHeaders["Location"] == null ? 200 : 302, Body = Encoding.UTF8.GetString(body) };
                }
                catch (WebException problem) when (problem.Response is HttpWebResponse response)
                {
                    return new Answer { Status = (int) response.StatusCode, RetryAfter = response.Headers["Retry-After"] ?? "" };
                }
            }
        });
    }
}

// StringContent, which says its charset; Uri.EscapeDataString writes a blank as %20.
public class EscapesDataString : Client
{
    protected override HttpContent Form(List<KeyValuePair<string, string>> fields)
    {
        var pairs = fields.Select(field => field.Key + "=" + Uri.EscapeDataString(field.Value));
        return new StringContent(string.Join("&", pairs), Encoding.UTF8, "application/x-www-form-urlencoded");
    }
}

// The scheme as many samples write it.
public class BearerLowerCase : Client
{
    protected override string Scheme { get { return "bearer"; } }
}

// HttpClient's own hundred seconds, and no second try.
public class HundredSeconds : Client
{
    protected override int Tries { get { return 1; } }
    protected override TimeSpan Patience { get { return TimeSpan.FromSeconds(100); } }
}

// The article's own library: the keys are fetched with the document, and no discovery is right without them.
public class IdentityModelLike : Client
{
    protected override void Discover()
    {
        base.Discover();
        Patiently(() => Send("GET", Text(Document, "jwks_uri"), null)).Object("the key set");
    }

    protected override void Adorn(HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }
}

// A form in chunks, on a connection that is closed after it.
public class ChunkedAndClosed : Client
{
    protected override void Adorn(HttpRequestMessage request)
    {
        request.Headers.ConnectionClose = true;
        request.Headers.TransferEncodingChunked = request.Content == null ? (bool?) null : true;
    }
}

public static class Program
{
    static readonly Dictionary<string, Func<Client>> Oddities = new Dictionary<string, Func<Client>>
    {
        { "web-request-expects", () => new WebRequestExpects() }, { "uploads-values", () => new UploadsValues() },
        { "escapes-data-string", () => new EscapesDataString() }, { "bearer-lower-case", () => new BearerLowerCase() },
        { "hundred-seconds", () => new HundredSeconds() }, { "identity-model-like", () => new IdentityModelLike() },
        { "chunked-and-closed", () => new ChunkedAndClosed() },
    };

    [DllImport("libc")]
    static extern void _exit(int status);

    public static void Main(string[] names)
    {
        int status = 0;
        try
        {
            Oddities[names[0]]().Run();
        }
        catch (BlastiqException problem)
        {
            Console.Error.WriteLine("BlastIQ: " + problem.Message);
            status = 1;
        }
        // Not by return: now and then mono's own shutdown aborts, or waits for a thread of its pool.
        _exit(status);
    }
}
