#!/bin/sh
# curl: --data-urlencode for each field, as its manual shows; the form goes in by standard input, so that no process
# list shows the password; jq reads the answers. It signs in again on 401.
set -eu

authority=${BLASTIQ_AUTHORITY%/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "BlastIQ: $1" >&2
  exit 1
}

ask() { # URL [curl options]: the status on stdout, the body in $work/body
  curl --silent --max-time 10 --output "$work/body" --write-out '%{http_code}' "$@" || true
}

member() { # the string that stands under this name in the JSON of $work/body, or nothing
  jq --raw-output --arg name "$1" '.[$name] | strings' "$work/body" 2>/dev/null || true
}

discover() {
  [ "$(ask "$authority/.well-known/openid-configuration")" = 200 ] || fail 'no discovery document'
  issuer=$(member issuer)
  [ "${issuer%/}" = "$authority" ] || fail 'the issuer is not the authority'
  endpoint=$(member token_endpoint)
  [ -n "$endpoint" ] || fail 'discovery names no token endpoint'
  case $authority,$endpoint in https:*,http:*) fail 'the token endpoint is no https:// address' ;; esac
}

sign_in() {
  printf '%s' "$BLASTIQ_PASSWORD" >"$work/password"
  status=$(printf '%s' "$BLASTIQ_USERNAME" | ask "$endpoint" \
    --data grant_type=password --data-urlencode "client_id=$BLASTIQ_CLIENT_ID" \
    --data-urlencode username@- --data-urlencode "password@$work/password")
  rm "$work/password"
  [ "$status" = 200 ] || fail "sign-in refused: $status $(member error)"
  case $(member token_type) in [Bb][Ee][Aa][Rr][Ee][Rr]) ;; *) fail 'no bearer token' ;; esac
  token=$(member access_token)
  [ -n "$token" ] || fail 'no access token'
}

call_api() { # the header by standard input, for the same reason
  printf 'Authorization: Bearer %s' "$token" | ask "$BLASTIQ_API_URL" --header @-
}

umask 077
[ -n "$BLASTIQ_USERNAME" ] && [ -n "$BLASTIQ_PASSWORD" ] || fail 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD'
discover
sign_in
calls=0
while [ "$calls" -lt "$BLASTIQ_API_CALLS" ]; do
  [ "$calls" = 0 ] || sleep 1
  status=$(call_api)
  if [ "$status" = 401 ]; then
    sign_in
    status=$(call_api)
  fi
  [ "$status" = 200 ] || fail "the API answered $status"
  calls=$((calls + 1))
done
