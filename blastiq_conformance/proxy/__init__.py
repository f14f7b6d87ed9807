"""Production names on this machine: the kit's own certificates, and what leads a program to the fake's proxy."""

# Each names the file of an authority to trust, for one library or many.
CA_VARIABLES = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"),
    "GIT_SSL_CAINFO",
)
LOOPBACK = ("localhost", "127.0.0.1")
# It protects nothing, for the store holds one certificate and no key, but the JVM requires a password.
STORE_PASSWORD = "changeit"  # noqa: S105 - as said above
