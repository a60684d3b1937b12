#!/bin/sh
# Makes sure that a Chromium is there: an installed one, else Debian's as root, else it says how.
set -eu
find_browser() {
  if [ -n "${MIBYAN_CHROMIUM:-}" ]; then echo "$MIBYAN_CHROMIUM"; return; fi
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
    command -v "$name" && return
  done
  return 1
}
if browser=$(find_browser); then echo "browser: $browser"; exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "browser: none found; installing Debian's chromium"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  find_browser && exit 0
fi
cat >&2 <<'TEXT'
No Chromium or Chrome was found, and the JupyterLab tests need one.
Install it (Debian: sudo apt install chromium), or name it: MIBYAN_CHROMIUM=/path/to/chrome make test
TEXT
exit 1
