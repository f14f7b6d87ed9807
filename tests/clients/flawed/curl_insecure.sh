#!/bin/sh
# curl: --insecure, from an answer to "SSL certificate problem".
set -eu

ask() {
  curl --insecure --silent --fail --max-time 10 "$@"
}

endpoint=$(ask "${BLASTIQ_AUTHORITY%/}/.well-known/openid-configuration" | jq --raw-output .token_endpoint)
password=$(mktemp)
trap 'rm "$password"' EXIT
printf '%s' "$BLASTIQ_PASSWORD" >"$password"
token=$(printf '%s' "$BLASTIQ_USERNAME" | ask "$endpoint" --data grant_type=password \
  --data-urlencode "client_id=$BLASTIQ_CLIENT_ID" --data-urlencode username@- \
  --data-urlencode "password@$password" | jq --raw-output .access_token)
[ -n "$token" ]
printf 'Authorization: Bearer %s' "$token" | ask "$BLASTIQ_API_URL" --header @- >/dev/null
