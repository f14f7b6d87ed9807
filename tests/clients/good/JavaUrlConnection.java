// Java since 1.1: HttpURLConnection with doOutput, here in chunks, as its javadoc shows; signs in again on 401.

import java.io.IOException;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.regex.*;

public class JavaUrlConnection {
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
        } catch (IOException problem) {
            System.err.println("BlastIQ: " + problem.getMessage());
            System.exit(1);
        }
    }

    static String discover(String authority) throws IOException {
        String document = read(open(authority + "/.well-known/openid-configuration"), "discovery");
        if (!member(document, "issuer").replaceFirst("/$", "").equals(authority))
            throw new IOException("the issuer is not the authority");
        return member(document, "token_endpoint");
    }

    static String signIn(String endpoint) throws IOException {
        String form = "grant_type=password&client_id=" + encoded("CLIENT_ID")
            + "&username=" + encoded("USERNAME") + "&password=" + encoded("PASSWORD");
        HttpURLConnection request = open(endpoint);
        request.setDoOutput(true); // makes a POST of it
        request.setChunkedStreamingMode(0);
        request.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        try (var body = request.getOutputStream()) {
            body.write(form.getBytes(StandardCharsets.US_ASCII));
        }
        String tokens = read(request, "sign-in");
        if (!member(tokens, "token_type").equalsIgnoreCase("bearer")) throw new IOException("no bearer token");
        return member(tokens, "access_token");
    }

    static int callApi(String token) throws IOException {
        HttpURLConnection request = open(env.get("BLASTIQ_API_URL"));
        request.setRequestProperty("Authorization", "Bearer " + token);
        return request.getResponseCode();
    }

    static HttpURLConnection open(String url) throws IOException {
        var request = (HttpURLConnection) URI.create(url).toURL().openConnection();
        request.setConnectTimeout(10_000);
        request.setReadTimeout(10_000);
        // A redirect would carry the password on: none is followed.
        request.setInstanceFollowRedirects(false);
        return request;
    }

    static String encoded(String name) {
        return URLEncoder.encode(env.get("BLASTIQ_" + name), StandardCharsets.UTF_8);
    }

    static String read(HttpURLConnection request, String what) throws IOException {
        if (request.getResponseCode() != 200) throw new IOException(what + " was answered " + request.getResponseCode());
        return new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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
