#!/usr/bin/env bash
# Adds to .env what is missing of the secrets; what is there stays. Nothing of it is printed.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
touch .env

has() { grep -q "^$1=." .env; }
add() { has "$1" || printf '%s=%s\n' "$1" "$2" >>.env; }
# PEM texts in one line, as files of variables hold them.
one_line() { awk '{ printf "%s\\n", $0 }'; }

for name in MONGO_ROOT_PASSWORD MONGO_PASSWORD MONGO_PREVIEW_PASSWORD; do
  add "$name" "$(openssl rand -hex 24)"
done
add SNAPSHOT_SECRET "$(openssl rand -base64 48 | tr -d '\n')"
add CREDENTIALS_SECRET "$(openssl rand -base64 48 | tr -d '\n')"

if ! has JWT_PRIVATE_KEY; then
  key=$(mktemp)
  trap 'rm -f "$key"' EXIT
  openssl genpkey -algorithm ed25519 -out "$key" 2>/dev/null
  # A public key without its private half verifies nothing any more.
  sed -i.old '/^JWT_PUBLIC_KEY=/d' .env && rm -f .env.old
  add JWT_PRIVATE_KEY "\"$(one_line <"$key")\""
  add JWT_PUBLIC_KEY "\"$(openssl pkey -in "$key" -pubout | one_line)\""
fi
