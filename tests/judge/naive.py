"""Two programs as text: one that signs in without discovery and calls the API once, and the kit's own example."""

from blastiq_conformance.programs import EXAMPLES, PROGRAMS

RIGHT = f"import runpy; runpy.run_path({str(EXAMPLES / PROGRAMS['python'])!r})"
# It also sends the fields that MORE holds.
NAIVE = """
import json, os, urllib.parse, urllib.request
fields = {"grant_type": "password", "username": os.environ["BLASTIQ_USERNAME"],
          "password": os.environ["BLASTIQ_PASSWORD"], "client_id": os.environ["BLASTIQ_CLIENT_ID"]}
fields |= json.loads(os.environ.get("MORE", "{}"))
data = urllib.parse.urlencode(fields).encode()
with urllib.request.urlopen(os.environ["BLASTIQ_TOKEN_URL"], data) as answer:
    token = json.load(answer)["access_token"]
call = urllib.request.Request(os.environ["BLASTIQ_API_URL"], headers={"Authorization": f"Bearer {token}"})
urllib.request.urlopen(call)
"""
