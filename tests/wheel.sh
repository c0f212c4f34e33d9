#!/usr/bin/env bash
# Builds the wheel, installs it where nothing else is, and runs the main job from another folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

uv build --quiet --wheel --out-dir "$place/dist" "$root"
wheel=$(ls "$place"/dist/*.whl)
python3 - "$wheel" <<'PY'
import sys, zipfile
names = {entry.filename: entry.compress_size for entry in zipfile.ZipFile(sys.argv[1]).infolist()}
catalogue = names["tracker/catalogue/embedded.catalogue"]
assert catalogue <= 8_000_000, f"the catalogue takes {catalogue} bytes of the wheel; 8 MB are allowed"
assert any(name.startswith("tracker/_data/templates/") for name in names), "the templates are not in the wheel"
print(f"wheel: {len(names)} files, catalogue {catalogue / 1e6:.1f} MB")
PY
uv venv --quiet "$place/env"
uv pip install --quiet --python "$place/env/bin/python" "$wheel"
cp "$root"/lists/samples/*.md "$place/"
cd "$place"
tracker="$place/env/bin/tracker"
"$tracker" list --offline ./*.md >list.md
"$tracker" bib --offline ./*.md >refs.bib
grep -q '^@' refs.bib
grep -q '^#' list.md
"$tracker" scan --json --offline ./*.md | python3 -c 'import json, sys; assert [json.loads(line) for line in sys.stdin]'
echo "the installed wheel works: $(grep -c '^@' refs.bib) BibTeX entries"
