#!/bin/sh
# A right client on curl and jq, and what real shell scripts do wrong in it: `stranger.sh [FLAW]`.
# Forms and headers go in by files of a private folder, so that no process list shows them.
set -eu
umask 077

authority=${BLASTIQ_AUTHORITY%/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api_options='' retries='1 2' pace=1 id_field=client_id user_field=username password_field=password scheme=Bearer

fail() {
  echo "BlastIQ: $1" >&2
  exit 1
}

get() { # one try: the status, 000 where no whole answer came
  curl --silent --max-time 10 --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' "$@" || printf 000
}

retry_after() {
  told=$(tr -d '\r' <"$work/head" | sed -n 's/^[Rr]etry-[Aa]fter: *//p' | tail -n 1)
  case $told in
    '') echo 0 ;;
    *[!0-9]*) echo $(($(date -d "$told" +%s) - $(date +%s))) ;;
    *) echo "$told" ;;
  esac
}

ask() { # curl's options and the address; then the status is in $status, the body in $work/body
  for usual in $retries ''; do
    : >"$work/head"
    status=$(get "$@" | tail -c 3)
    case $status in 000 | 429 | 5??) ;; *) return 0 ;; esac
    pause=$(retry_after)
    if [ -z "$usual" ] || [ "$pause" -gt 30 ]; then return 0; fi
    sleep "$([ "$pause" -gt "$usual" ] && echo "$pause" || echo "$usual")"
  done
}

member() { # the string that stands under this name in the JSON of $work/body, or nothing
  jq --raw-output --arg name "$1" '.[$name] | strings' "$work/body" 2>/dev/null || true
}
token_member() { member "$1"; }

no_discovery() { fail "$1"; }

discover() {
  ask "$authority/.well-known/openid-configuration"
  [ "$status" = 200 ] || { no_discovery 'no discovery document' && return; }
  jq --exit-status 'type == "object"' "$work/body" >/dev/null 2>&1 || { no_discovery 'no JSON object' && return; }
  issuer=$(member issuer)
  [ "${issuer%/}" = "$authority" ] || fail 'the issuer is not the authority'
  endpoint=$(member token_endpoint)
  [ -n "$endpoint" ] || { no_discovery 'discovery names no token endpoint' && return; }
  endpoint=${own_endpoint-$endpoint}
  case $authority,$endpoint in https:*,http:*) fail 'the token endpoint is no https:// address' ;; esac
}

credentials() {
  printf %s "$BLASTIQ_USERNAME" >"$work/username"
  printf %s "$BLASTIQ_PASSWORD" >"$work/password"
}

post() { # the fields beside the client's id, as curl's options
  ask --data-urlencode "$id_field=$BLASTIQ_CLIENT_ID" ${extra+--data-urlencode "$extra"} "$@" "$endpoint"
  [ "$status" = 200 ] || return 0
  case $(token_member token_type) in [Bb][Ee][Aa][Rr][Ee][Rr]) ;; *) fail 'no bearer token' ;; esac
  token=$(token_member access_token)
  [ -n "$token" ] || fail 'no access token'
  new=$(token_member refresh_token)
  [ -z "$new" ] || printf %s "$new" >"$work/refresh"
}

sign_in() {
  credentials
  rm -f "$work/refresh"
  post --data grant_type=password --data-urlencode "$user_field@$work/username" \
    --data-urlencode "$password_field@$work/password"
  [ "$status" = 200 ] || fail "sign-in was answered $status"
}

renew() {
  if [ -s "$work/refresh" ]; then
    post --data grant_type=refresh_token --data-urlencode "refresh_token@$work/refresh"
    [ "$status" != 200 ] || return 0
    [ "$status" = 400 ] || fail "the refresh was answered $status"
  fi
  sign_in
}

headers() { printf 'Authorization: %s %s\n' "$scheme" "$token"; }

call_api() {
  headers >"$work/headers"
  ask $api_options --header "@$work/headers" "$BLASTIQ_API_URL"
}

run() {
  [ -n "$BLASTIQ_USERNAME" ] && [ -n "$BLASTIQ_PASSWORD" ] || fail 'set BLASTIQ_USERNAME and BLASTIQ_PASSWORD'
  discover
  sign_in
  calls=0
  while [ "$calls" -lt "$BLASTIQ_API_CALLS" ]; do
    [ "$calls" = 0 ] || sleep "$pace"
    call_api
    if [ "$status" = 401 ]; then
      renew
      call_api
    fi
    [ "$status" = 200 ] || fail "the API answered $status"
    calls=$((calls + 1))
  done
}

case ${1-} in
  # curl --location-trusted: whoever the API points to gets the token.
  location-trusted) api_options=--location-trusted ;;
  # jq without --raw-output leaves the quotes on.
  quoted-token) headers() { printf 'Authorization: Bearer "%s"\n' "$token"; } ;;
  # sed instead of a parser: one line, no blanks, no escapes.
  sed-for-json) token_member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/body"; } ;;
  # read cuts the blanks off at both ends.
  read-trims)
    credentials() {
      printf %s "$BLASTIQ_USERNAME" >"$work/username"
      printf '%s\n' "$BLASTIQ_PASSWORD" | { read -r line && printf %s "$line"; } >"$work/password"
    }
    ;;
  # echo ends the password with a line feed, and curl sends the whole file.
  echo-to-file)
    credentials() {
      printf %s "$BLASTIQ_USERNAME" >"$work/username"
      echo "$BLASTIQ_PASSWORD" >"$work/password"
    }
    ;;
  # curl retries by itself, whatever the trouble, eight times with a second between.
  curl-retry)
    retries=''
    get() {
      curl --retry 8 --retry-all-errors --retry-delay 1 --retry-max-time 30 --silent --max-time 10 \
        --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' "$@" || printf 000
    }
    ;;
  # A pipe has the status of its last program.
  tee-hides-status)
    run 2>&1 | tee "$work/log"
    exit
    ;;
  # set -x, for the log of the nightly job.
  traces) set -x ;;
  # ?access_token= instead of a header; the address goes in by a file as well.
  token-in-query)
    call_api() {
      printf 'url = "%s?access_token=%s"\n' "$BLASTIQ_API_URL" "$token" >"$work/address"
      ask --config "$work/address"
    }
    ;;
  # The program that does the work is not installed here.
  not-installed) exec blastiq-night-sync "$@" ;;
  # A question before the first request.
  asks-first)
    printf 'Accept the terms? [y/N] '
    read -r answer
    [ "$answer" = y ] || fail 'the terms were not accepted'
    ;;
  # Without a discovery document there is still the usual path.
  usual-path) no_discovery() { endpoint=$authority/connect/token; } ;;
  # The scheme of another framework.
  jwt-scheme) scheme=JWT ;;
  # The id as it is written in a letter.
  id-in-capitals) BLASTIQ_CLIENT_ID=External.Customer ;;
  # The names that another API gives to the two fields.
  login) user_field=login ;;
  passwd) password_field=passwd ;;
  # A secret, because the sample had one.
  id-as-secret) extra=client_secret=$BLASTIQ_CLIENT_ID ;;
  # Somebody found a second too long.
  hurried) pace=0.7 ;;
  # Asked for by habit, beside the scope that is there anyway.
  offline-access) extra='scope=cosmos offline_access' ;;
  # The credentials of the first customer are part of the program.
  built-in)
    credentials() {
      printf %s svc-first-customer >"$work/username"
      printf %s Granite-Quarry-2019 >"$work/password"
    }
    ;;
  # User names are mail addresses, so case does not matter, does it?
  lower-name) BLASTIQ_USERNAME=$(printf %s "$BLASTIQ_USERNAME" | tr '[:upper:]' '[:lower:]') ;;
  # Discovery is read, checked, and not used.
  own-endpoint) own_endpoint=$authority/connect/token ;;
  # The scheduler takes 3 for "done, nothing new".
  ends-with-three) run && exit 3 ;;
  # A gateway of old before the API wanted the user's name and password.
  gateway)
    headers() {
      printf 'Authorization: Bearer %s\n' "$token"
      printf 'X-Gateway-Authorization: Basic %s\n' "$(printf %s "$BLASTIQ_USERNAME:$BLASTIQ_PASSWORD" | base64 -w 0)"
    }
    ;;
  '') ;;
  *) fail "there is no flaw $1" ;;
esac
run
