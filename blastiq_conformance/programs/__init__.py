"""Programs that the kit starts: a browser, and the examples, of which one is the demo.

An example is a complete correct program for the contract of `blastiq run`, one a language: the files that CI runs.
"""

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
