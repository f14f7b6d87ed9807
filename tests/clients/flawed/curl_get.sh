#!/bin/sh
# curl -G: the values are encoded well, and go into the address of a GET.
set -eu
endpoint=$(curl -sf --max-time 10 "${BLASTIQ_AUTHORITY%/}/.well-known/openid-configuration" | jq -er .token_endpoint)
token=$(curl -sfG --max-time 10 "$endpoint" -d grant_type=password -d "client_id=$BLASTIQ_CLIENT_ID" \
  --data-urlencode "username=$BLASTIQ_USERNAME" --data-urlencode "password=$BLASTIQ_PASSWORD" | jq -er .access_token)
curl -sf --max-time 10 -o /dev/null -H "Authorization: Bearer $token" "$BLASTIQ_API_URL"
