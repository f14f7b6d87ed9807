#!/bin/sh
# curl -F, which its manual calls "form": it sends multipart/form-data.
set -eu
endpoint=$(curl -sf --max-time 10 "${BLASTIQ_AUTHORITY%/}/.well-known/openid-configuration" | jq -er .token_endpoint)
token=$(curl -sf --max-time 10 "$endpoint" -F grant_type=password --form-string "client_id=$BLASTIQ_CLIENT_ID" \
  --form-string "username=$BLASTIQ_USERNAME" --form-string "password=$BLASTIQ_PASSWORD" | jq -er .access_token)
curl -sf --max-time 10 -o /dev/null -H "Authorization: Bearer $token" "$BLASTIQ_API_URL"
