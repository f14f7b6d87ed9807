"""How certificate checks are switched off in each library: what to look for in a program and remove."""

SWITCHES = {
    "requests, httpx": "remove verify=False; for a private authority verify='/path/ca.pem' or SSL_CERT_FILE",
    "Node": "remove rejectUnauthorized: false, and NODE_TLS_REJECT_UNAUTHORIZED=0 from the environment",
    "Go": "remove InsecureSkipVerify: true; for a private authority set RootCAs",
    "curl": "remove -k, --insecure; for a private authority --cacert",
    "Java": "remove the TrustManager and the HostnameVerifier that accept everything",
    ".NET": "remove ServerCertificateCustomValidationCallback, DangerousAcceptAnyServerCertificateValidator",
    "PHP": "remove CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST, verify_peer and verify_peer_name set to false",
}
