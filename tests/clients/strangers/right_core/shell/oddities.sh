# What is unusual but legal, in the shell: each case changes one thing of the plain client.
case $1 in
plain) ;;

curl-retries) # curl's own --retry at the identity server: 408, 429, 5xx and timeouts, after 1 s and 2 s or as Retry-After says
  tries=1
  options='--retry 2 --retry-max-time 30'
  call_api() {
    options=
    patiently GET "$BLASTIQ_API_URL" "Authorization: Bearer $token"
    options='--retry 2 --retry-max-time 30'
  }
  ;;

http-1.0)
  options=--http1.0
  ;;

h2c) # curl --http2 offers the upgrade with every request over plain http
  options=--http2
  ;;

compressed)
  options=--compressed
  ;;

oauth2-bearer) # curl's own option for the token; redirects of the API are followed, to other hosts without it
  call_api() {
    : >"$work/body"
    status=$(printf 'url = "%s"\noauth2-bearer = "%s"\nlocation\n' "$BLASTIQ_API_URL" "$token" |
      curl --disable --silent --max-time 10 --output "$work/body" --write-out '%{http_code}' --config -) || status=000
  }
  ;;

wget) # wget for everything; the form and the header stand in files that only their owner may read
  send() {
    {
      printf 'method = %s\n' "$1"
      [ -z "${3-}" ] || printf 'header = %s\n' "$3"
      [ -z "${4-}" ] || printf 'body_file = %s\n' "$work/form"
    } >"$work/wgetrc"
    printf '%s' "${4-}" >"$work/form"
    code=0
    : >"$work/log"
    WGETRC=$work/wgetrc timeout 10 wget --no-verbose --server-response --output-file="$work/log" --tries=1 \
      --max-redirect=0 --content-on-error --no-proxy --no-hsts --output-document="$work/body" "$2" || code=$?
    status=$(sed -n 's/^ *HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/log" | tail -n 1)
    after=$(sed -n 's/^ *[Rr]etry-[Aa]fter: *//p' "$work/log" | tail -n 1)
    # 6 and 8 are wget's words for statuses that are no success; with any other there was no whole answer.
    case $code in 0 | 6 | 8) ;; *) status=000 ;; esac
    rm -f "$work/form" "$work/wgetrc"
  }
  ;;

process-per-job) # a crontab: each call is a run of its own, which signs in for itself
  job() { BLASTIQ_API_CALLS=1 sh "$0" plain || exit; }
  run() { calls job; }
  ;;

given-up-at-once) # one try, and the word temporary failure of sysexits.h
  tries=1
  fail() {
    echo "BlastIQ: $1" >&2
    exit 75
  }
  ;;

*)
  fail "no oddity is called $1"
  ;;
esac
