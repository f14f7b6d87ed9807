"""curl's options, as far as real command lines use them: those with a value and those without."""

_VALUED = """
url request header data data-ascii data-binary data-raw data-urlencode json form form-string user oauth2-bearer
user-agent referer cookie upload-file config proxy proxy-user proxy-header output cookie-jar max-time
connect-timeout cacert capath cert cert-type key key-type pass ciphers tls-max tls13-ciphers resolve connect-to
interface retry retry-delay retry-max-time max-redirs write-out range limit-rate dump-header trace trace-ascii
stderr unix-socket dns-servers preproxy socks5 socks5-hostname noproxy proto proto-default proto-redir crlfile
pinnedpubkey speed-limit speed-time time-cond continue-at netrc-file output-dir max-filesize local-port
expect100-timeout keepalive-time happy-eyeballs-timeout-ms aws-sigv4 alt-svc hsts doh-url engine variable
"""
_SWITCHES = """
get head insecure location location-trusted silent show-error verbose include fail fail-with-body compressed
http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only http0.9 tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 ssl
ssl-reqd ipv4 ipv6 globoff basic digest ntlm negotiate anyauth remote-name remote-name-all remote-header-name
remote-time create-dirs no-buffer progress-bar raw retry-all-errors retry-connrefused path-as-is post301 post302
post303 proxy-insecure proxytunnel parallel netrc netrc-optional tcp-nodelay tcp-fastopen trace-time trace-ids
styled-output junk-session-cookies fail-early disable ignore-content-length suppress-connect-headers next
sslv2 sslv3 ssl-no-revoke ssl-allow-beast ca-native cert-status false-start doh-insecure no-progress-meter
"""
VALUED = frozenset(_VALUED.split())
SWITCHES = frozenset(_SWITCHES.split())
SHORT = {
    "X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "A": "user-agent", "e": "referer",
    "b": "cookie", "T": "upload-file", "K": "config", "x": "proxy", "U": "proxy-user", "o": "output",
    "c": "cookie-jar", "m": "max-time", "E": "cert", "w": "write-out", "r": "range", "D": "dump-header",
    "y": "speed-time", "Y": "speed-limit", "z": "time-cond", "C": "continue-at",
    "G": "get", "I": "head", "k": "insecure", "L": "location", "s": "silent", "S": "show-error", "v": "verbose",
    "i": "include", "f": "fail", "0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6",
    "g": "globoff", "O": "remote-name", "J": "remote-header-name", "R": "remote-time", "N": "no-buffer",
    "#": "progress-bar", "p": "proxytunnel", "Z": "parallel", "n": "netrc", "j": "junk-session-cookies", "q": "disable",
}  # fmt: skip
