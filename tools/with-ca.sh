#!/bin/sh
# Runs a command of an image's build with the certificates that the build was given as the secret
# `ca`, if it was: for a mirror of PyPI behind a proxy of one's own.
set -eu
if [ -e /run/secrets/ca ]; then
    export PIP_CERT=/run/secrets/ca SSL_CERT_FILE=/run/secrets/ca
fi
exec "$@"
