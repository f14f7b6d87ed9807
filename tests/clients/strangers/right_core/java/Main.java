import java.io.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;

/** Starts the client of the name that it is given: what is unusual but legal, in Java. */
public class Main {
    public static void main(String[] names) {
        int status = 0;
        try {
            oddity(names[0]).run();
        } catch (BlastiqException problem) {
            System.err.println("BlastIQ: " + problem.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    static Client oddity(String name) {
        return switch (name) {
            case "expect-continue" -> new ExpectContinue();
            case "follows-redirects" -> new FollowsRedirects();
            case "url-connection-in-chunks" -> new UrlConnectionInChunks();
            case "spring-like" -> new SpringLike();
            case "strict-parser" -> new StrictParser();
            case "odd-media-types" -> new OddMediaTypes();
            default -> throw new IllegalArgumentException(name);
        };
    }
}

/** Waits for 100 Continue before the form; over plain http java.net.http offers h2c as well, as it does by default. */
class ExpectContinue extends Client {
    @Override void adorn(HttpRequest.Builder request, String method) {
        request.expectContinue(method.equals("POST"));
    }
}

/** Redirect.NORMAL at the identity server: a 307 is followed with the form. The API is called without. */
class FollowsRedirects extends Client {
    final HttpClient follows = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @Override HttpClient client(String method) {
        return method.equals("POST") ? follows : http;
    }
}

/** HttpURLConnection: its own Accept with q-values, and a form in chunks. */
class UrlConnectionInChunks extends Client {
    final ExecutorService worker = Executors.newCachedThreadPool();

    @Override Answer send(String method, String url, Map<String, String> headers, String body) throws NoAnswerException {
        try {
            return worker.submit(() -> exchange(method, url, headers, body)).get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException problem) {
            throw new NoAnswerException();
        }
    }

    Answer exchange(String method, String url, Map<String, String> headers, String body) throws IOException {
        var connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setReadTimeout(10_000);
        headers.forEach(connection::setRequestProperty);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setChunkedStreamingMode(0);
            try (var out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        int status = connection.getResponseCode();
        var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        connection.getHeaderFields().forEach((name, values) -> fields.put(String.valueOf(name), values.get(0)));
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] got = in == null ? new byte[0] : in.readAllBytes();
            // The library takes a short answer for a whole one.
            if (got.length < connection.getContentLength()) throw new IOException("cut short");
            return new Answer(status, fields, new String(got, StandardCharsets.UTF_8));
        }
    }
}

/** The headers of Spring Security's password grant, a new sign-in a minute before the end, and no refresh. */
class SpringLike extends Client {
    long until = Long.MAX_VALUE;
    boolean used;

    @Override Map<String, String> formHeaders() {
        return Map.of("Accept", "application/json;charset=UTF-8", "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
    }

    @Override void keep(Answer answer) throws BlastiqException {
        super.keep(answer);
        tokens.remove("refresh_token");
        until = tokens.get("expires_in") instanceof Double seconds ? System.nanoTime() + (long) (Math.min(seconds - 60, 1e9) * 1e9) : Long.MAX_VALUE;
        used = false;
    }

    @Override void call() throws BlastiqException {
        if (used && System.nanoTime() > until) renew();
        used = true;
        super.call();
    }
}

/** Takes what is said to be application/json alone, with whatever parameters, and no lifetime but a number from 0 on. */
class StrictParser extends Client {
    @Override Map<String, Object> object(Answer answer) throws BlastiqException {
        Map<String, Object> object = super.object(answer);
        String type = answer.headers().getOrDefault("content-type", "").replaceFirst(";.*", "").strip();
        if (!type.equalsIgnoreCase("application/json")) throw new BlastiqException("the answer is not application/json");
        return object;
    }

    @Override void keep(Answer answer) throws BlastiqException {
        Map<String, Object> fresh = object(answer);
        if (fresh.containsKey("expires_in") && !(fresh.get("expires_in") instanceof Double seconds && seconds >= 0))
            throw new BlastiqException("expires_in is no number of seconds");
        super.keep(answer);
    }
}

/** Media types in another case, with blanks and quotes: RFC 9110 8.3.1 and 12.5.1. */
class OddMediaTypes extends Client {
    @Override Map<String, String> formHeaders() {
        return Map.of("Content-Type", "Application/X-WWW-Form-URLEncoded ; Charset=\"UTF-8\"",
            "Accept", "text/html;q=0.1, Application/JSON;q=0.9 , */*;q=0.05");
    }
}
