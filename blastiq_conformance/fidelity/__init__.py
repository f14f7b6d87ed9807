"""Whether a recorded authority answers as the fake does: the fake gets the same requests, compared trait by trait."""
