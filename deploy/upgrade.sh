#!/usr/bin/env bash
# Goes on to the version of the working copy: upgrade.sh BACKUP_FOLDER. A backup first; then new images; then the API, which
# alone migrates the database; then the others.
set -euo pipefail
folder=${1:?usage: upgrade.sh BACKUP_FOLDER}
cd "$(dirname "$0")"
./backup.sh "$folder"
docker compose build
docker compose up -d --wait --no-deps api
docker compose up -d --wait
echo 'The new version runs. To go back: check out the old one, docker compose build, then restore.sh with the backup.'
