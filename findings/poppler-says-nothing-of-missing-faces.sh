#!/bin/sh
# A valid PDF with a line of Chinese whose font is named and not embedded (as quotations for machinery have it), on a machine
# with poppler's character maps and no Chinese face: pdftoppm puts another font in its place, draws the same empty box, or
# nothing, for every sign, says nothing at all (also without -q) and ends with 0. Without the maps it does complain, so
# installing half of what is needed takes the only sign away. Exits with 0 while that is so.
set -eu
command -v pdftoppm >/dev/null || { echo "pdftoppm is not installed (package poppler-utils)"; exit 2; }
[ -d /usr/share/poppler/cMap ] || { echo "the character maps are not installed (package poppler-data)"; exit 2; }
[ -d /usr/share/fonts/truetype/dejavu ] || { echo "DejaVu is not installed (package fonts-dejavu-core)"; exit 2; }
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check pillow==13.0.0
pdftoppm -v 2>&1 | head -1
printf '<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>%s</cachedir></fontconfig>' "$folder/cache" >"$folder/fonts.conf"
"$folder/venv/bin/python" - "$folder/quotation.pdf" <<'PYTHON'
import sys

text = "价车".encode("utf-16-be").hex()
content = f"BT /F 60 Tf 20 25 Td <{text[:4]}> Tj ET\nBT /F 60 Tf 120 25 Td <{text[4:]}> Tj ET".encode()
system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> /DW 1000"
facts = "/Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
parts = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    f"<< /Length {len(content)} >>\nstream\n{content.decode()}\nendstream",
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light {system} /FontDescriptor 7 0 R >>",
    f"<< /Type /FontDescriptor /FontName /STSong-Light {facts} >>",
]
pdf, places = b"%PDF-1.4\n", []
for number, part in enumerate(parts, 1):
    places.append(len(pdf))
    pdf += f"{number} 0 obj\n{part}\nendobj\n".encode()
table = "".join(f"{place:010} 00000 n \n" for place in places)
end = f"trailer << /Size 8 /Root 1 0 R >>\nstartxref\n{len(pdf)}\n%%EOF\n"
pdf += f"xref\n0 8\n0000000000 65535 f \n{table}{end}".encode()
with open(sys.argv[1], "wb") as file:
    file.write(pdf)
PYTHON
code=0
FONTCONFIG_FILE="$folder/fonts.conf" pdftoppm -singlefile -scale-to 400 "$folder/quotation.pdf" "$folder/page" 2>"$folder/said" || code=$?
alike="$("$folder/venv/bin/python" - "$folder/page.ppm" <<'PYTHON'
import sys

from PIL import Image

page = Image.open(sys.argv[1]).convert("L")
one, other = page.crop((0, 0, 200, 200)), page.crop((200, 0, 400, 200))
print("alike" if one.tobytes() == other.tobytes() else "different")
PYTHON
)"
echo "exit $code, bytes said: $(wc -c <"$folder/said"), two different signs are drawn $alike"
[ "$code" = 0 ] && [ ! -s "$folder/said" ] && [ "$alike" = alike ]
