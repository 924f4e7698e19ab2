#!/usr/bin/env bash
# A Chromium for the report's tests and picture: the distribution's own package, where there is none.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "no Chromium on PATH, and this is not root on Debian: install chromium (or google-chrome)," \
    "or the report's tests are listed as not run" >&2
  exit 1
fi
apt-get update --quiet
DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends chromium
