// Java 11 and later: java.net.http.HttpClient with a form of URLEncoder.encode(.., UTF_8), as its javadoc shows.

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.regex.*;
import java.util.stream.Collectors;

public class JavaHttpClient {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    static final Map<String, String> env = System.getenv();

    public static void main(String[] args) throws InterruptedException {
        try {
            if (env.get("BLASTIQ_USERNAME").isEmpty() || env.get("BLASTIQ_PASSWORD").isEmpty())
                throw new IOException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
            String endpoint = discover(env.get("BLASTIQ_AUTHORITY").replaceFirst("/$", ""));
            String token = signIn(endpoint);
            for (int call = 0; call < Integer.parseInt(env.get("BLASTIQ_API_CALLS")); call++) {
                if (call > 0) Thread.sleep(1000);
                int status = callApi(token);
                if (status == 401) status = callApi(token = signIn(endpoint));
                if (status != 200) throw new IOException("the API answered " + status);
            }
        } catch (IOException | IllegalArgumentException problem) {
            System.err.println("BlastIQ: " + problem.getMessage());
            System.exit(1);
        }
    }

    static String discover(String authority) throws IOException, InterruptedException {
        var answer = send(HttpRequest.newBuilder(URI.create(authority + "/.well-known/openid-configuration")));
        if (answer.statusCode() != 200) throw new IOException("discovery answered " + answer.statusCode());
        if (!member(answer.body(), "issuer").replaceFirst("/$", "").equals(authority))
            throw new IOException("the issuer is not the authority");
        String endpoint = member(answer.body(), "token_endpoint");
        if (authority.startsWith("https:") && !endpoint.startsWith("https:"))
            throw new IOException("the token endpoint is no https:// address");
        return endpoint;
    }

    static String signIn(String endpoint) throws IOException, InterruptedException {
        var form = new TreeMap<>(Map.of("grant_type", "password", "client_id", env.get("BLASTIQ_CLIENT_ID"),
            "username", env.get("BLASTIQ_USERNAME"), "password", env.get("BLASTIQ_PASSWORD")));
        String body = form.entrySet().stream().map(field -> field.getKey() + "="
            + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        var answer = send(HttpRequest.newBuilder(URI.create(endpoint))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
        if (answer.statusCode() != 200) throw new IOException("sign-in was answered " + answer.statusCode());
        if (!member(answer.body(), "token_type").equalsIgnoreCase("bearer")) throw new IOException("no bearer token");
        return member(answer.body(), "access_token");
    }

    static int callApi(String token) throws IOException, InterruptedException {
        var call = HttpRequest.newBuilder(URI.create(env.get("BLASTIQ_API_URL")));
        return send(call.header("Authorization", "Bearer " + token)).statusCode();
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    // Java has no JSON of its own; a real program brings a library. This reads the strings of a flat object.
    static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"(\\s*:)?");

    static String member(String json, String name) throws IOException {
        boolean named = false;
        for (Matcher text = STRING.matcher(json); text.find(); ) {
            boolean isName = text.group(2) != null;
            if (named && !isName && !text.group(1).isEmpty()) return unescaped(text.group(1));
            named = isName && unescaped(text.group(1)).equals(name);
        }
        throw new IOException("no " + name + " in the answer");
    }

    static String unescaped(String text) {
        return Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))").matcher(text).replaceAll(escape ->
            Matcher.quoteReplacement(escape.group(2) != null ? escape.group(2)
                : String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
