"""Runs refextract over texts; for an environment that has refextract, and nothing of ours.

Standard input: a JSON list of texts. Argument: for how many seconds of the processor to go on. Standard output: a JSON
object: `seconds`, `texts` (how many were done), and `found`, for each of them what may hold an id of arXiv.
"""

import json
import sys
import time

from refextract import extract_references_from_string  # type: ignore[import-not-found,unused-ignore]


def found_in(text: str) -> list[str]:
    """The report numbers, DOIs and addresses of the references in a text."""
    references = extract_references_from_string(text, is_only_references=True)
    if isinstance(references, dict):
        references = references["references"]
    fields = ("reportnumber", "url", "doi")
    return [value for one in references for field in fields for value in one.get(field, ())]


def main() -> None:
    """Run."""
    texts = json.load(sys.stdin)
    extract_references_from_string("[1] A. Author, arXiv:1706.03762")  # reads its lists of journals
    start = time.process_time()
    found: list[list[str]] = []
    for text in texts:
        if time.process_time() - start > float(sys.argv[1]):
            break
        try:
            found.append(found_in(text))
        except Exception:  # whatever it is, it is a text without ids
            found.append([])
    json.dump({"seconds": time.process_time() - start, "texts": len(found), "found": found}, sys.stdout)


if __name__ == "__main__":
    main()
