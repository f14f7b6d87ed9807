import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Collectors;

/** What ends the program; its text holds no secret. */
class BlastiqException extends Exception {
    BlastiqException(String text) {
        super(text);
    }
}

/** No whole answer came. */
class NoAnswerException extends Exception {}

/** What came back; names of headers in lower case. */
record Answer(int status, Map<String, String> headers, String body) {}

/** A right client on java.net.http; each method is a seam for one oddity. */
class Client {
    // java.net.http sends a GET again by itself when its connection breaks: with a third try it would be six.
    int tries = 2;
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    String endpoint;
    final Map<String, Object> tokens = new HashMap<>();
    final String authority = env("BLASTIQ_AUTHORITY").replaceFirst("/$", "");

    static String env(String name) {
        return System.getenv().getOrDefault(name, "");
    }

    void run() throws BlastiqException {
        if (env("BLASTIQ_USERNAME").isEmpty() || env("BLASTIQ_PASSWORD").isEmpty())
            throw new BlastiqException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
        discover();
        signIn();
        for (int call = 0; call < Integer.parseInt(env("BLASTIQ_API_CALLS")); call++) {
            if (call > 0) pause(Duration.ofSeconds(1));
            call();
        }
    }

    void discover() throws BlastiqException {
        Map<String, Object> document = object(patiently("GET", authority + "/.well-known/openid-configuration", Map.of(), null));
        if (!String.valueOf(document.get("issuer")).replaceFirst("/$", "").equals(authority))
            throw new BlastiqException("the issuer is not the authority");
        endpoint = String.valueOf(document.get("token_endpoint"));
        if (!endpoint.startsWith(authority.startsWith("https:") ? "https:" : "http"))
            throw new BlastiqException("discovery names no token endpoint that may be used");
    }

    void signIn() throws BlastiqException {
        Answer answer = ask("grant_type", "password", "username", env("BLASTIQ_USERNAME"), "password", env("BLASTIQ_PASSWORD"));
        tokens.clear();
        keep(answer);
    }

    void renew() throws BlastiqException {
        if (!(tokens.get("refresh_token") instanceof String refresh)) {
            signIn();
            return;
        }
        Answer answer = ask("grant_type", "refresh_token", "refresh_token", refresh);
        if (answer.status() == 400) signIn();
        else keep(answer);
    }

    Answer ask(String... grant) throws BlastiqException {
        var fields = new LinkedHashMap<String, String>();
        for (int at = 0; at < grant.length; at += 2) fields.put(grant[at], grant[at + 1]);
        fields.put("client_id", env("BLASTIQ_CLIENT_ID"));
        String form = fields.entrySet().stream().map(field -> field.getKey() + "="
            + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        return patiently("POST", endpoint, formHeaders(), form);
    }

    Map<String, String> formHeaders() {
        return Map.of("Content-Type", "application/x-www-form-urlencoded");
    }

    void keep(Answer answer) throws BlastiqException {
        Map<String, Object> fresh = object(answer);
        if (!(fresh.get("access_token") instanceof String token) || token.isEmpty())
            throw new BlastiqException("the answer holds no access token");
        if (!String.valueOf(fresh.get("token_type")).equalsIgnoreCase("bearer"))
            throw new BlastiqException("the token is no bearer token");
        tokens.putAll(fresh);
    }

    Map<String, Object> object(Answer answer) throws BlastiqException {
        if (answer.status() != 200) throw new BlastiqException("the identity server answered " + answer.status());
        return Json.object(answer.body());
    }

    void call() throws BlastiqException {
        Answer answer = callApi();
        if (answer.status() == 401) {
            renew();
            answer = callApi();
        }
        if (answer.status() != 200) throw new BlastiqException("the API answered " + answer.status());
    }

    Answer callApi() throws BlastiqException {
        return patiently("GET", env("BLASTIQ_API_URL"), Map.of("Authorization", "Bearer " + tokens.get("access_token")), null);
    }

    /** Tries again after a pause; what Retry-After asks for goes before: RFC 9110 10.2.3. */
    Answer patiently(String method, String url, Map<String, String> headers, String body) throws BlastiqException {
        for (int tried = 1; ; tried++) {
            Duration pause = Duration.ofSeconds(1L << (tried - 1));
            try {
                Answer answer = send(method, url, headers, body);
                pause = pauseAfter(answer, pause);
                boolean passing = answer.status() == 429 || answer.status() >= 500;
                if (!passing || tried >= tries || pause.compareTo(Duration.ofSeconds(30)) > 0) return answer;
            } catch (NoAnswerException problem) {
                if (tried >= tries) throw new BlastiqException("no answer");
            }
            pause(pause);
        }
    }

    Duration pauseAfter(Answer answer, Duration own) {
        String asked = answer.headers().getOrDefault("retry-after", "");
        if (asked.matches("\\d+")) return Duration.ofSeconds(Long.parseLong(asked));
        try {
            var until = ZonedDateTime.parse(asked, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Collections.max(List.of(own, Duration.between(Instant.now(), until)));
        } catch (DateTimeException none) {
            return answer.status() == 429 ? own.multipliedBy(2) : own;
        }
    }

    static void pause(Duration time) throws BlastiqException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException stopped) {
            throw new BlastiqException("stopped");
        }
    }

    /** One exchange, ten seconds in all: the library's own timeout ends with the headers. */
    Answer send(String method, String url, Map<String, String> headers, String body) throws NoAnswerException {
        var request = HttpRequest.newBuilder(URI.create(url)).method(method,
            body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        adorn(request, method);
        var answer = client(method).sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
        try {
            var response = answer.get(10, TimeUnit.SECONDS);
            var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> fields.put(name, values.get(0)));
            return new Answer(response.statusCode(), fields, response.body());
        } catch (InterruptedException | ExecutionException | TimeoutException problem) {
            answer.cancel(true);
            throw new NoAnswerException();
        }
    }

    void adorn(HttpRequest.Builder request, String method) {}

    HttpClient client(String method) {
        return http;
    }
}
