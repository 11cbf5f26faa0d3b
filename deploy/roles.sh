#!/bin/sh
# When PostgreSQL starts for the first time: the role of each duty with its own password.
# `continuum setup postgres` then gives each what it may (docs/auditor.md).
set -eu
for duty in owner app signer eraser; do
    psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname record \
        --set role="continuum_$duty" --set word="$(cat "/run/secrets/${duty}_password")" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'word';
SQL
done
