#!/bin/sh
# Runs when PostgreSQL starts for the first time, and makes each database role with its own password.
# `continuum setup postgres` then gives each role its rights (docs/auditor.md).
set -eu
for duty in owner app signer eraser; do
    psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname record \
        --set role="continuum_$duty" --set word="$(cat "/run/secrets/${duty}_password")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'word';
SQL
done
