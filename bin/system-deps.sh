#!/bin/sh
# The three system libraries that make PDFs (WeasyPrint draws text with Pango). Everything else of the portal runs
# without them: papers then say "failed" with the same apt line, and their retry works once it was run.
# bin/system-deps.sh test: also the programs with which the tests read PDFs.
set -u
PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
if [ "${1:-}" = test ]; then PACKAGES="$PACKAGES poppler-utils qpdf"; fi

missing() {
    case "$PACKAGES" in *qpdf*) for program in pdftotext pdfinfo qpdf; do command -v "$program" >/dev/null || return 0; done ;; esac
    ! python3 -c "
import ctypes
for name in ('libpango-1.0.so.0', 'libpangoft2-1.0.so.0', 'libharfbuzz-subset.so.0'):
    ctypes.CDLL(name)
" 2>/dev/null
}

missing || exit 0

root=""
if [ "$(id -u)" != 0 ]; then
    root="sudo -n"
    $root true 2>/dev/null || root="none"
fi
if [ "$root" != none ] && command -v apt-get >/dev/null; then
    echo "Installing what makes PDFs${1:+ and reads them}: $PACKAGES"
    { $root apt-get -qq update && $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $PACKAGES; } >/dev/null 2>&1 </dev/null
fi
if missing; then
    echo "PDFs cannot be made yet; everything else works. To have them: apt-get install $PACKAGES"
    [ "${1:-}" = test ] && exit 1
fi
exit 0
