#!/bin/sh
# The three system libraries that make PDFs (WeasyPrint draws text with Pango), the programs that draw the pages of those
# people send (pdftoppm), and what they draw Chinese, Japanese and Korean with where a PDF brings no font along. Everything
# else of the portal runs without them: papers and pages then say "failed" with an apt line, and their retry works once it
# was run. bin/system-deps.sh test: also the program with which the tests check PDFs. bin/system-deps.sh look and faces:
# install nothing, and say by the exit code whether the libraries and programs (look) or the fonts (faces) are here.
set -u
PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils poppler-data fonts-wqy-microhei"
PROGRAMS="pdftoppm pdftotext pdfinfo pdffonts"
case "${1:-}" in test | look) PACKAGES="$PACKAGES qpdf" PROGRAMS="$PROGRAMS qpdf" ;; esac

missing() {
    for program in $PROGRAMS; do command -v "$program" >/dev/null || return 0; done
    ! python3 -c "
import ctypes
for name in ('libpango-1.0.so.0', 'libpangoft2-1.0.so.0', 'libharfbuzz-subset.so.0'):
    ctypes.CDLL(name)
" 2>/dev/null
}

faces_missing() {
    [ -d /usr/share/poppler/cMap ] || return 0
    for face in /usr/share/fonts/truetype/wqy/wqy-*.ttc /usr/share/fonts/opentype/noto/Noto*CJK*; do
        [ -e "$face" ] && return 1
    done
    return 0
}

if [ "${1:-}" = faces ]; then
    faces_missing && exit 1
    exit 0
fi
if [ "${1:-}" = look ]; then
    missing && exit 1
    exit 0
fi
missing || faces_missing || exit 0

root=""
if [ "$(id -u)" != 0 ]; then
    root="sudo -n"
    $root true 2>/dev/null || root="none"
fi
if [ "$root" != none ] && command -v apt-get >/dev/null; then
    echo "Installing what makes PDFs and draws their pages: $PACKAGES"
    { $root apt-get -qq update && $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $PACKAGES; } >/dev/null 2>&1 </dev/null
fi
if missing; then
    echo "PDFs cannot be made or drawn yet; everything else works. To have them: apt-get install $PACKAGES"
    [ "${1:-}" = test ] && exit 1
elif faces_missing; then
    echo "Pages in Chinese, Japanese or Korean cannot be shown in full yet. To have them: apt-get install $PACKAGES"
fi
exit 0
