#!/usr/bin/env python3
"""How much of the security settings djsec knows, per project.

    python3 bench/kinds.py target/release/djsec PATH [PATH ...]

Counts the kinds that `djsec settings --format json` gives to the settings that
`crates/djsec_django/data/settings-names.json` marks as security-relevant, and prints a Markdown table.
"""

import json
import pathlib
import subprocess
import sys
from collections import Counter

KINDS = ["known", "env", "file", "union", "partial", "opaque"]


def security_names():
    data = pathlib.Path(__file__).parent.parent / "crates/djsec_django/data/settings-names.json"
    names = json.loads(data.read_text())["settings"]
    return {name for name, facts in names.items() if facts.get("security")}


def main():
    djsec, *paths = sys.argv[1:]
    names = security_names()
    total = Counter()
    print("| project | settings module | " + " | ".join(KINDS) + " | opaque |")
    print("|---|---|" + "---:|" * (len(KINDS) + 1))
    for path in paths:
        done = subprocess.run(
            [djsec, "settings", path, "--format", "json", "--no-progress"], capture_output=True, text=True
        )
        if not done.stdout.strip():
            print(f"| {pathlib.Path(path).name} | {done.stderr.strip().splitlines()[-1:]} |" + " |" * (len(KINDS) + 1))
            continue
        for project in json.loads(done.stdout)["projects"]:
            settings = project["settings"]
            kinds = Counter(s["kind"] for s in settings if s["name"] in names)
            row(pathlib.Path(path).name, project["profile"]["module"], kinds)
            total += kinds
            opaque = [s["name"] for s in settings if s["name"] in names and s["kind"] == "opaque"]
            if opaque:
                print(f"<!-- opaque: {', '.join(opaque)} -->")
    row("all", "", total)


def row(name, module, kinds):
    count = sum(kinds.values())
    share = f"{100 * kinds['opaque'] / count:.1f} %" if count else "–"
    cells = " | ".join(str(kinds[kind]) for kind in KINDS)
    print(f"| {name} | {module} | {cells} | {share} |")


if __name__ == "__main__":
    main()
