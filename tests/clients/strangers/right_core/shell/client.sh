#!/bin/sh
# A right client on curl and jq; the functions are seams, one for each oddity. Start it with an oddity's name.
# Secrets reach the helpers by standard input or environment, so that no process list shows them.
set -eu

authority=${BLASTIQ_AUTHORITY%/}
tries=3
options=
refresh=
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "BlastIQ: $1" >&2
  exit 1
}

# METHOD URL [HEADER [BODY]]: sets $status (000 where no whole answer came) and $after (Retry-After), fills $work/body.
send() {
  result=$({
    printf 'url = "%s"\nrequest = "%s"\n' "$2" "$1"
    [ -z "${3-}" ] || printf 'header = "%s"\n' "$3"
    [ -z "${4-}" ] || printf 'data = "%s"\n' "$4"
  } | curl --disable --silent --max-time 10 $options --output "$work/body" \
    --write-out '%{http_code} %header{retry-after}' --config -) || result=000
  status=${result%% *}
  after=${result#* }
}

# Three tries at most, with growing pauses; what Retry-After asks for goes before: RFC 9110 10.2.3.
patiently() {
  tried=1
  pause=1
  while :; do
    : >"$work/body"
    send "$@"
    case $status in 000 | 429 | 5??) ;; *) return ;; esac
    [ "$tried" -lt "$tries" ] || return 0
    wait_for=$pause
    [ "$status" != 429 ] || wait_for=$((2 * pause))
    [ "$status" = 000 ] || case $after in
      '' | "$status") ;;
      *[!0-9]*) wait_for=$(($(date -d "$after" +%s) - $(date +%s))) ;;
      *) wait_for=$after ;;
    esac
    [ "$wait_for" -le 30 ] || return 0
    [ "$wait_for" -le 0 ] || sleep "$wait_for"
    tried=$((tried + 1))
    pause=$((2 * pause))
  done
}

member() { # the string that stands under this name in the object of $work/body, or nothing
  jq --raw-output --arg name "$1" 'objects | .[$name] | strings' "$work/body" 2>/dev/null || true
}

escaped() { # the value of this variable, from the environment
  jq --null-input --raw-output "env.$1 | @uri"
}

discover() {
  patiently GET "$authority/.well-known/openid-configuration"
  [ "$status" = 200 ] || fail "discovery answered $status"
  issuer=$(member issuer)
  [ "${issuer%/}" = "$authority" ] || fail 'the issuer is not the authority'
  endpoint=$(member token_endpoint)
  case $authority,$endpoint in https:*,https:* | http:*,http*) ;; *) fail 'discovery names no token endpoint that may be used' ;; esac
}

ask() { # the grant's own fields
  patiently POST "$endpoint" 'Content-Type: application/x-www-form-urlencoded' "$1&client_id=$(escaped BLASTIQ_CLIENT_ID)"
}

sign_in() {
  refresh=
  ask "grant_type=password&username=$(escaped BLASTIQ_USERNAME)&password=$(escaped BLASTIQ_PASSWORD)"
  keep
}

renew() {
  [ -n "$refresh" ] || { sign_in && return; }
  ask "grant_type=refresh_token&refresh_token=$refresh"
  if [ "$status" = 400 ]; then sign_in; else keep; fi
}

keep() {
  [ "$status" = 200 ] || fail "the token request was answered $status"
  case $(member token_type) in [Bb][Ee][Aa][Rr][Ee][Rr]) ;; *) fail 'the token is no bearer token' ;; esac
  token=$(member access_token)
  [ -n "$token" ] || fail 'the answer holds no access token'
  next=$(member refresh_token)
  refresh=${next:-$refresh}
}

call_api() {
  patiently GET "$BLASTIQ_API_URL" "Authorization: Bearer $token"
}

call() {
  call_api
  if [ "$status" = 401 ]; then
    renew
    call_api
  fi
  [ "$status" = 200 ] || fail "the API answered $status"
}

calls() { # what to do for each call
  made=0
  while [ "$made" -lt "$BLASTIQ_API_CALLS" ]; do
    [ "$made" = 0 ] || sleep 1
    "$@"
    made=$((made + 1))
  done
}

run() {
  discover
  sign_in
  calls call
}

. "$(dirname "$0")/oddities.sh"
[ -n "${BLASTIQ_USERNAME-}" ] && [ -n "${BLASTIQ_PASSWORD-}" ] || fail 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD'
run
