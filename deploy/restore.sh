#!/usr/bin/env bash
# Puts a backup back: restore.sh FOLDER/wfm-STAMP. What is there now is replaced; the secrets of .env have to be those of
# the time of the backup, or people's own vendor keys cannot be opened.
set -euo pipefail
backup=${1:?usage: restore.sh FOLDER/wfm-STAMP}
backup=$(cd "$(dirname "$backup")" && pwd)/$(basename "$backup")
cd "$(dirname "$0")"
(cd "$(dirname "$backup")" && sha256sum --check --quiet "$(basename "$backup").sha256")

docker compose stop nginx api worker virtual-api
docker compose up -d --wait mongo
docker compose exec -T mongo sh -c \
  'mongorestore --quiet --username root --password "$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin --db wfm --drop --archive --gzip' \
  <"$backup.mongo.gz"
docker compose run --rm --no-deps -T --entrypoint sh api -c 'find /data -mindepth 1 -delete && tar -C /data -xz' <"$backup.files.tgz"
docker compose up -d --wait
