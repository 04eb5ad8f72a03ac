#!/usr/bin/env bash
# Backs up the database and the files of an installation: backup.sh FOLDER. The programs may go on meanwhile: the database
# is copied first, so that every file that it names is still there or comes after it.
set -euo pipefail
folder=${1:?usage: backup.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")"
umask 077
stamp=$(date -u +%Y%m%dT%H%M%SZ)

docker compose exec -T mongo sh -c \
  'mongodump --quiet --username root --password "$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin --db wfm --archive --gzip' \
  >"$folder/wfm-$stamp.mongo.gz.part"
docker compose exec -T api tar -C /data -cz . >"$folder/wfm-$stamp.files.tgz.part"

# Only whole backups have these names.
for part in "$folder/wfm-$stamp".*.part; do mv "$part" "${part%.part}"; done
(cd "$folder" && sha256sum "wfm-$stamp".* >"wfm-$stamp.sha256")
echo "$folder/wfm-$stamp"
