"""http.client: Auth0's sample for the password grant, to which the article points, with its placeholders filled in."""

import http.client
import json
import os
import sys
from contextlib import closing
from urllib.parse import quote, urlsplit


def main() -> None:
    authority = urlsplit(os.environ["BLASTIQ_AUTHORITY"].rstrip("/"))
    with closing(http.client.HTTPConnection(authority.netloc, timeout=10)) as connection:
        sign_in(connection, authority.path)


def sign_in(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", f"{path}/.well-known/openid-configuration")
    document = json.load(connection.getresponse())
    user, password = (quote(os.environ[name], safe="") for name in ("BLASTIQ_USERNAME", "BLASTIQ_PASSWORD"))
    payload = (
        f"grant_type=password&username={user}&password={password}&audience=https%3A%2F%2Fapi.example&scope=read%3Asample"
        f"&client_id={os.environ['BLASTIQ_CLIENT_ID']}&client_secret=%7ByourClientSecret%7D"
    )
    headers = {"content-type": "application/x-www-form-urlencoded"}
    connection.request("POST", urlsplit(document["token_endpoint"]).path, payload, headers)
    answer = connection.getresponse()
    if answer.status != 200:
        sys.exit(f"BlastIQ: sign-in was answered {answer.status}")
    token = json.load(answer)["access_token"]
    connection.request(
        "GET", urlsplit(os.environ["BLASTIQ_API_URL"]).path, headers={"Authorization": f"Bearer {token}"}
    )
    if connection.getresponse().status != 200:
        sys.exit("BlastIQ: the API refuses the token")


main()
