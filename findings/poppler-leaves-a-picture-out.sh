#!/bin/sh
# pdftoppm draws a valid scan (A4 at 340 dots an inch, one JPEG 2000 picture) within a bound of 150 MB of address space: it
# has no memory for the picture, leaves it out, writes a white page and ends with 0. With -q not a word is said of it;
# without, it speaks of a stream it could not open, not of memory. Exits with 0 while that is so.
set -eu
command -v pdftoppm >/dev/null || { echo "pdftoppm is not installed (package poppler-utils)"; exit 2; }
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check pillow==13.0.0
pdftoppm -v 2>&1 | head -1
"$folder/venv/bin/python" - "$folder/scan.pdf" <<'PYTHON'
import io
import sys

from PIL import Image

width, height = 3508, 4961
sheet = Image.new("RGB", (width, height), (200, 200, 200))
sheet.paste((40, 40, 40), (0, height // 2, width, height))
out = io.BytesIO()
sheet.save(out, "JPEG2000", quality_mode="rates", quality_layers=[25], irreversible=True)
picture = out.getvalue()
content = b"q 595 0 0 842 0 0 cm /I Do Q"
facts = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceRGB"
parts = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
    f"<< /Length {len(picture)} /Filter /JPXDecode {facts} >>\nstream\n".encode() + picture + b"\nendstream",
]
pdf, places = b"%PDF-1.7\n", []
for number, part in enumerate(parts, 1):
    places.append(len(pdf))
    pdf += b"%d 0 obj\n" % number + part + b"\nendobj\n"
table = b"".join(b"%010d 00000 n \n" % place for place in places)
end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
pdf += b"xref\n0 6\n0000000000 65535 f \n" + table + end
with open(sys.argv[1], "wb") as file:
    file.write(pdf)
PYTHON
draw() {  # name, address space in kB, more words
    name="$1"
    space="$2"
    shift 2
    code=0
    (ulimit -v "$space"; exec pdftoppm "$@" -singlefile -scale-to 700 "$folder/scan.pdf" "$folder/$name") 2>"$folder/$name.said" || code=$?
    shade="$("$folder/venv/bin/python" -c "
import sys
from PIL import Image
print(Image.open(sys.argv[1]).convert('L').getpixel((200, 600)))" "$folder/$name.ppm")"
    echo "$name: address space $space kB, options '$*': exit $code, $(wc -l <"$folder/$name.said") lines said, shade of the dark half (40 was sent): $shade"
}
draw whole unlimited
draw quiet 153600 -q
[ "$code" = 0 ] && [ "$shade" -ge 250 ] && [ ! -s "$folder/quiet.said" ] || exit 1
draw loud 153600
tail -1 "$folder/loud.said"
[ "$code" = 0 ] && [ "$shade" -ge 250 ] && grep -q "JPX Stream" "$folder/loud.said" && ! grep -qi memory "$folder/loud.said"
