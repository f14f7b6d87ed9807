// A right client on java.net.http, and what real Java programs do wrong in it: `Stranger [FLAW]`.

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

public class Stranger {
    static class StrangerException extends RuntimeException {
        StrangerException(String words) { super(words); }
    }

    static class RefusedException extends StrangerException {
        RefusedException(String words) { super(words); }
    }

    final Map<String, String> env = System.getenv();
    final String authority = env.get("BLASTIQ_AUTHORITY").replaceFirst("/$", "");
    final HttpClient http = HttpClient.newHttpClient(); // follows no redirect unless told to
    String endpoint;
    Map<String, Object> tokens = new HashMap<>();

    // The limit is one of the whole answer. A lost connection is not tried again: HttpClient did so by itself.
    HttpResponse<String> send(HttpRequest request) {
        var answer = http.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException problem) {
            answer.cancel(true);
            throw new StrangerException("no answer: " + problem.getClass().getSimpleName());
        }
    }

    HttpResponse<String> ask(HttpRequest request) {
        for (long usual : new long[] {1000, 2000}) {
            var answer = send(request);
            long told = answer.headers().firstValue("Retry-After").map(Stranger::retryAfter).orElse(0L);
            if (told > 30_000 || answer.statusCode() != 429 && answer.statusCode() < 500) return answer;
            pause(Math.max(usual, told));
        }
        return send(request);
    }

    static long retryAfter(String header) {
        if (header.matches("\\d+")) return Long.parseLong(header) * 1000;
        try {
            var due = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Math.max(0, Duration.between(Instant.now(), due).toMillis() + 1);
        } catch (DateTimeParseException problem) {
            return 0;
        }
    }

    static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException problem) {
            throw new StrangerException("interrupted");
        }
    }

    Map<String, Object> object(HttpResponse<String> answer, String what) {
        if (answer.statusCode() == 400) throw new RefusedException(what + " was refused");
        if (answer.statusCode() != 200) throw new StrangerException(what + " was answered " + answer.statusCode());
        if (new Json(answer.body()).whole() instanceof Map<?, ?> object) {
            return object.entrySet().stream().filter(member -> member.getValue() != null)
                .collect(Collectors.toMap(member -> (String) member.getKey(), Map.Entry::getValue));
        }
        throw new StrangerException(what + " was answered with something else than a JSON object");
    }

    void discover() {
        var request = HttpRequest.newBuilder(URI.create(authority + "/.well-known/openid-configuration")).build();
        var document = object(ask(request), "discovery");
        if (!String.valueOf(document.get("issuer")).replaceFirst("/$", "").equals(authority))
            throw new StrangerException("the issuer is not the authority");
        endpoint = String.valueOf(document.get("token_endpoint"));
        if (!endpoint.startsWith(authority.startsWith("https:") ? "https:" : "http"))
            throw new StrangerException("discovery names no token endpoint");
    }

    Charset charset() { return StandardCharsets.UTF_8; }

    String encode(Map<String, String> form) {
        return form.entrySet().stream().map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), charset()))
            .collect(Collectors.joining("&"));
    }

    HttpRequest.Builder post(String form) {
        return HttpRequest.newBuilder(URI.create(endpoint)).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    }

    boolean isBearer(String type) { return type.equalsIgnoreCase("bearer"); }

    Map<String, Object> request(Map<String, String> grant) {
        var form = new TreeMap<>(grant);
        form.put("client_id", env.get("BLASTIQ_CLIENT_ID"));
        var given = object(ask(post(encode(form)).build()), "the token request");
        if (!(given.get("access_token") instanceof String token) || token.isEmpty()
            || !isBearer(String.valueOf(given.get("token_type")))) throw new StrangerException("no bearer token");
        return given;
    }

    String passwordGrant() { return "password"; }

    void signIn() {
        tokens = request(Map.of("grant_type", passwordGrant(), "username", env.get("BLASTIQ_USERNAME"),
            "password", env.get("BLASTIQ_PASSWORD")));
    }

    void renew() {
        if (!(tokens.get("refresh_token") instanceof String refresh)) {
            signIn();
            return;
        }
        try {
            tokens.putAll(request(Map.of("grant_type", "refresh_token", "refresh_token", refresh)));
        } catch (RefusedException problem) {
            signIn();
        }
    }

    int callApi() {
        return ask(HttpRequest.newBuilder(URI.create(env.get("BLASTIQ_API_URL")))
            .header("Authorization", "Bearer " + tokens.get("access_token")).build()).statusCode();
    }

    int work() {
        int status = callApi();
        if (status != 401) return status;
        renew();
        return callApi();
    }

    void calls(int count) {
        for (int call = 0; call < count; call++) {
            if (call > 0) pause(1000);
            int status = work();
            if (status != 200) throw new StrangerException("the API answered " + status);
        }
    }

    void run() {
        if (env.get("BLASTIQ_USERNAME").isEmpty() || env.get("BLASTIQ_PASSWORD").isEmpty())
            throw new StrangerException("set BLASTIQ_USERNAME and BLASTIQ_PASSWORD");
        discover();
        signIn();
        calls(Integer.parseInt(env.get("BLASTIQ_API_CALLS")));
    }

    /** The payload of an access token that is a JWT, else nothing. */
    static Map<?, ?> payload(String token, Base64.Decoder decoder) {
        String[] parts = token.split("\\.");
        return parts.length != 3 ? Map.of()
            : (Map<?, ?>) new Json(new String(decoder.decode(parts[1]), StandardCharsets.UTF_8)).whole();
    }

    static final Map<String, Supplier<Stranger>> FLAWS = Map.ofEntries(
        // An authenticator as OkHttp wants it that never says no: every 401 gives a new token and a new try.
        Map.entry("always-authenticates", () -> new Stranger() {
            int work() {
                int status = callApi();
                for (int tries = 0; status == 401 && tries < 6; tries++) {
                    renew();
                    status = callApi();
                }
                return status;
            }
        }),
        // The member has the name of the Java property, and null is a word.
        Map.entry("accessToken", () -> new Stranger() {
            void signIn() {
                super.signIn();
                tokens.put("access_token", String.valueOf(tokens.get("accessToken")));
            }
        }),
        // URLEncoder with the charset of the old web.
        Map.entry("latin-1", () -> new Stranger() {
            Charset charset() { return StandardCharsets.ISO_8859_1; }
        }),
        // The subject is read from the token, with the decoder that knows no - and _, and without a second part fails.
        Map.entry("decodes-token", () -> new Stranger() {
            void signIn() {
                super.signIn();
                try {
                    String part = String.valueOf(tokens.get("access_token")).split("\\.")[1];
                    new Json(new String(Base64.getDecoder().decode(part), StandardCharsets.UTF_8)).whole();
                } catch (RuntimeException problem) {
                    throw new StrangerException("the token cannot be decoded");
                }
            }
        }),
        // An id_token that comes unasked is checked for a nonce that nobody sent.
        Map.entry("wants-nonce", () -> new Stranger() {
            void signIn() {
                super.signIn();
                var idToken = tokens.get("id_token");
                if (idToken != null && payload(String.valueOf(idToken), Base64.getUrlDecoder()).get("nonce") == null)
                    throw new StrangerException("the id_token has no nonce");
            }
        }),
        // Whoever signs in gets a refresh token, it thinks.
        Map.entry("wants-refresh-token", () -> new Stranger() {
            void signIn() {
                super.signIn();
                if (!tokens.containsKey("refresh_token")) throw new StrangerException("no refresh token");
            }
        }),
        // The token endpoint is a property of its own, and discovery is for the issuer alone.
        Map.entry("configured-endpoint", () -> new Stranger() {
            void discover() {
                super.discover();
                endpoint = authority + "/connect/token";
            }
        }),
        // An enum of one name: Bearer.
        Map.entry("exact-bearer", () -> new Stranger() {
            boolean isBearer(String type) { return type.equals("Bearer"); }
        }),
        // The recipe that compresses every body that is sent.
        Map.entry("gzip-body", () -> new Stranger() {
            HttpRequest.Builder post(String form) {
                var bytes = new ByteArrayOutputStream();
                try (var gzip = new GZIPOutputStream(bytes)) {
                    gzip.write(form.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException problem) {
                    throw new StrangerException(problem.getMessage());
                }
                return super.post(form).header("Content-Encoding", "gzip").POST(BodyPublishers.ofByteArray(bytes.toByteArray()));
            }
        }),
        // The exception tells what was sent.
        Map.entry("form-in-message", () -> new Stranger() {
            Map<String, Object> request(Map<String, String> grant) {
                try {
                    return super.request(grant);
                } catch (RefusedException problem) {
                    throw new RefusedException(problem.getMessage() + ": POST " + endpoint + " " + grant);
                } catch (StrangerException problem) {
                    throw new StrangerException(problem.getMessage() + ": POST " + endpoint + " " + grant);
                }
            }
        }),
        // The calls run in a pool that nobody shuts down: its threads keep the program alive.
        Map.entry("pool-stays-up", () -> new Stranger() {
            void calls(int count) {
                try {
                    Executors.newFixedThreadPool(1).submit(() -> super.calls(count)).get();
                } catch (InterruptedException | ExecutionException problem) {
                    throw new StrangerException(problem.getCause().getMessage());
                }
            }
        }),
        // nbf is compared with the clock of this machine, give or take a minute.
        Map.entry("not-yet-valid", () -> new Stranger() {
            void signIn() {
                super.signIn();
                var from = payload(String.valueOf(tokens.get("access_token")), Base64.getUrlDecoder()).get("nbf");
                if (from instanceof Double seconds && seconds > System.currentTimeMillis() / 1000.0 + 60)
                    throw new StrangerException("the token is not valid yet");
            }
        }),
        // GrantType.PASSWORD.name()
        Map.entry("grant-in-capitals", () -> new Stranger() {
            String passwordGrant() { return "PASSWORD"; }
        }),
        // What the API refuses is logged, and the next call goes out with the same token; the status is 1 at the end.
        Map.entry("keeps-dead-token", () -> new Stranger() {
            void calls(int count) {
                int failed = 0;
                for (int call = 0; call < count; call++) {
                    if (call > 0) pause(1000);
                    if (callApi() != 200) failed++;
                }
                if (failed > 0) throw new StrangerException(failed + " calls failed");
            }
        }));

    public static void main(String[] arguments) {
        try {
            (arguments.length > 0 ? FLAWS.get(arguments[0]).get() : new Stranger()).run();
        } catch (StrangerException problem) {
            System.err.println("BlastIQ: " + problem.getMessage());
            System.exit(1);
        }
    }

    /** Java has no JSON of its own; a real program brings a library. Numbers are Double. */
    static class Json {
        final String text;
        int at = 0;

        Json(String text) { this.text = text; }

        Object whole() {
            try {
                Object value = value();
                return peek() == 0 ? value : null;
            } catch (RuntimeException problem) {
                return null;
            }
        }

        char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
            return at < text.length() ? text.charAt(at) : 0;
        }

        boolean take(char wanted) {
            if (peek() != wanted) return false;
            at++;
            return true;
        }

        void demand(boolean holds) { if (!holds) throw new IllegalArgumentException("no JSON at " + at); }

        Object value() {
            if (peek() == '"') return string();
            if (take('{')) {
                var object = new HashMap<String, Object>();
                if (!take('}')) {
                    do {
                        demand(peek() == '"');
                        String name = string();
                        demand(take(':'));
                        object.put(name, value());
                    } while (take(','));
                    demand(take('}'));
                }
                return object;
            }
            if (take('[')) {
                var list = new ArrayList<Object>();
                if (!take(']')) {
                    do list.add(value()); while (take(','));
                    demand(take(']'));
                }
                return list;
            }
            int from = at;
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
            String word = text.substring(from, at);
            return switch (word) {
                case "null" -> null;
                case "true" -> true;
                case "false" -> false;
                default -> Double.valueOf(word);
            };
        }

        String string() {
            var out = new StringBuilder();
            for (at++; text.charAt(at) != '"'; at++) {
                if (text.charAt(at) != '\\') out.append(text.charAt(at));
                else if (text.charAt(++at) != 'u') out.append("\"\\/\b\f\n\r\t".charAt("\"\\/bfnrt".indexOf(text.charAt(at))));
                else {
                    out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                }
            }
            at++;
            return out.toString();
        }
    }
}
