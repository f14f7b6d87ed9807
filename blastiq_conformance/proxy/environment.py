"""The variables that tell a program whom to trust and which proxy to use, for all common libraries (contract.md 1)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blastiq_conformance.proxy import CA_VARIABLES, LOOPBACK, STORE_PASSWORD

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates

# Options for a JVM, whoever starts it.
JAVA_OPTIONS = "JAVA_TOOL_OPTIONS"
# curl reads http_proxy only in lower case, others read it only in upper case.
PROXY_VARIABLES = tuple(
    spelled for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY") for spelled in (name, name.lower())
)


def variables(certificates: "Certificates", proxy_port: int | None = None, *, trusted: bool = True) -> dict[str, str]:
    """Give the variables that lead a program to a fake that speaks TLS and, if `trusted`, tell it whom to trust."""
    given: dict[str, str] = {}
    told: dict[str, str] = {}
    if trusted:
        given |= dict.fromkeys(CA_VARIABLES, str(certificates.ca_file))
        told |= {
            "javax.net.ssl.trustStore": str(certificates.trust_store),
            "javax.net.ssl.trustStoreType": "PKCS12",
            "javax.net.ssl.trustStorePassword": STORE_PASSWORD,
        }
    if proxy_port is not None:
        given |= dict.fromkeys(PROXY_VARIABLES, f"http://127.0.0.1:{proxy_port}")
        given["NODE_USE_ENV_PROXY"] = "1"
        for scheme in ("http", "https"):
            told |= {f"{scheme}.proxyHost": "127.0.0.1", f"{scheme}.proxyPort": str(proxy_port)}
        told["http.nonProxyHosts"] = "|".join(LOOPBACK)
    return given | ({JAVA_OPTIONS: properties(told)} if told else {})


def properties(given: Mapping[str, str]) -> str:
    """Give the options that set these system properties; values with blanks are quoted, for the JVM splits at them."""
    words = (f"-D{name}={value}" for name, value in given.items())
    return " ".join(f'"{word}"' if " " in word else word for word in words)
