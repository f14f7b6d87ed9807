#!/bin/sh
# curl -d, as most samples on the web show it: the values go out as they are, so that + & % in a password change it.
set -eu
endpoint=$(curl -sf --max-time 10 "${BLASTIQ_AUTHORITY%/}/.well-known/openid-configuration" | jq -er .token_endpoint)
token=$(curl -sf --max-time 10 "$endpoint" -d grant_type=password -d "client_id=$BLASTIQ_CLIENT_ID" \
  -d "username=$BLASTIQ_USERNAME" -d "password=$BLASTIQ_PASSWORD" | jq -er .access_token)
curl -sf --max-time 10 -o /dev/null -H "Authorization: Bearer $token" "$BLASTIQ_API_URL"
