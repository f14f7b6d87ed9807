"""Complete correct programs for the contract of `blastiq run`, one a language: the same files that CI runs."""

from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples"
PROGRAMS = {
    "python": "urllib_stdlib.py",
    "node": "node_fetch.mjs",
    "go": "go_net_http.go",
    "java": "JavaHttpClient.java",
    "php": "php_curl.php",
    "ruby": "ruby_net_http.rb",
    "perl": "perl_http_tiny.pl",
    "csharp": "CsharpHttpClient.cs",
    "curl": "curl.sh",
}
