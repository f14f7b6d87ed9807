import java.util.*;

/** Reads JSON, which Java's own library does not; objects become maps, numbers doubles. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) throws BlastiqException {
        try {
            Json json = new Json(text);
            Object value = json.value();
            json.blanks();
            if (json.at == text.length() && value instanceof Map) return (Map<String, Object>) value;
        } catch (RuntimeException problem) {
            // Said below.
        }
        throw new BlastiqException("the answer is no JSON object");
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private boolean skips(String word) {
        blanks();
        if (!text.startsWith(word, at)) return false;
        at += word.length();
        return true;
    }

    private void demand(String word) {
        if (!skips(word)) throw new IllegalArgumentException(word);
    }

    private Object value() {
        if (skips("{")) return members();
        if (skips("[")) return items();
        if (skips("\"")) return string();
        if (skips("true")) return true;
        if (skips("false")) return false;
        if (skips("null")) return null;
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        return Double.valueOf(text.substring(from, at));
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (skips("}")) return members;
        do {
            demand("\"");
            String name = string();
            demand(":");
            members.put(name, value());
        } while (skips(","));
        demand("}");
        return members;
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        if (skips("]")) return items;
        do items.add(value());
        while (skips(","));
        demand("]");
        return items;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        for (char next = text.charAt(at++); next != '"'; next = text.charAt(at++)) {
            string.append(next == '\\' ? escape(text.charAt(at++)) : next);
        }
        return string.toString();
    }

    private char escape(char letter) {
        if (letter != 'u') return "\b\f\n\r\t\"\\/".charAt("bfnrt\"\\/".indexOf(letter));
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
}
