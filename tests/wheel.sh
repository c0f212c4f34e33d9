#!/usr/bin/env bash
# Builds the wheel, installs it where nothing else is, and runs the main job from another folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

uv build --quiet --wheel --out-dir "$place/dist" "$root"
wheel=$(ls "$place"/dist/*.whl)
(cd "$root" && git ls-files -z 2>/dev/null || true) >"$place/tracked"
python3 - "$wheel" "$place/tracked" <<'PY'
import shutil, sys, zipfile
from pathlib import Path

sizes = {entry.filename: entry.compress_size for entry in zipfile.ZipFile(sys.argv[1]).infolist()}
names = {name for name in sizes if ".dist-info/" not in name}
compiled = {name for name in names if name.endswith((".so", ".pyd"))}
names -= compiled
assert len(compiled) == (shutil.which("cc") is not None), f"compiled are {sorted(compiled)}"
catalogue = sizes["tracker/catalogue/embedded.catalogue"]
assert catalogue <= 8_000_000, f"the catalogue takes {catalogue} bytes of the wheel; 8 MB are allowed"
tracked = {name for name in Path(sys.argv[2]).read_text().split("\0") if name}
if tracked:  # a checkout: the wheel holds what git keeps, all of it and nothing else
    expected = {name for name in tracked if name.startswith("tracker/")}
    expected |= {f"tracker/_data/{name}" for name in tracked if name.startswith("templates/")}
    assert names == expected, f"the wheel differs from git: {sorted(names ^ expected)}"
assert any(name.endswith("licenses/LICENSE") for name in sizes), "the licence is not in the wheel"
print(f"wheel: {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB, catalogue {catalogue / 1e6:.1f} MB")
PY

uv venv --quiet "$place/env"
uv pip install --quiet --python "$place/env/bin/python" "$wheel"
cp -r "$root/lists/samples" "$place/documents"
cd "$place/documents"
export HOME="$place/home" TRACKER_OFFLINE=1
unset XDG_DATA_HOME XDG_CACHE_HOME PYTHONPATH
tracker="$place/env/bin/tracker"

"$tracker" list --format md,html -o "$place/lists" ./* 2>/dev/null
"$tracker" bib -o "$place/refs.bib" ./* 2>/dev/null
"$tracker" scan --json ./* | python3 -c '
import json, sys
links = [json.loads(line) for line in sys.stdin]
assert sum(link["paper"] is not None for link in links) > 50, "hardly a paper was found"'
"$tracker" add ./* 2>/dev/null
"$tracker" new --exit-code ./*
grep -q '^# ' "$place/lists/reading-list.md"
grep -q '<html' "$place/lists/reading-list.html"
# The papers are those of lists/; how documents are called differs.
diff <(grep -o '^@.*' "$root/lists/references.bib") <(grep -o '^@.*' "$place/refs.bib")
echo "the installed wheel works: $(grep -c '^@' "$place/refs.bib") BibTeX entries"
