"""Makes the virtual environments that the recorders run Django in.

usage: venvs.py DIRECTORY

`plain-<series>` holds Django alone (its defaults are recorded there);
`full-<series>` holds Django with the packages of requirements-full.txt;
`routes` holds Django with the packages of requirements-routes.txt;
`classes` holds the packages of requirements-classes.txt, whose classes are recorded;
`urlconfs` holds these and those of requirements-urlconfs.txt, whose URLconfs are recorded;
`templates` holds Django and the packages of requirements-templates.txt, whose templates are read;
`names/<package>` holds the files of one package whose setting names are read, nothing installed.
An environment that exists is left as it is: delete it to get newer releases.
"""

import os
import subprocess
import sys
from pathlib import Path

import name_facts

# series -> the Python it runs on: the newest one here that the series supports.
PLAIN = {
    "3.2": "3.10",
    "4.0": "3.10",
    "4.1": "3.11",
    "4.2": "3.12",
    "5.0": "3.12",
    "5.1": "3.12",
    "5.2": "3.12",
    "6.0": "3.12",
    "6.1": "3.12",
}
FULL = ["4.2", "5.2", "6.0", "6.1"]
# The series whose resolver is asked for routes.
ROUTES = "5.2"
CLASSES = "3.12"
# The series whose parser is asked for trees.
TEMPLATES = "6.1"
# Installed without its dependencies: it asks for a database driver that it never imports.
ALONE = ["--no-deps", "django-heroku"]
HERE = Path(__file__).resolve().parent


def interpreter(version):
    """The python of that minor version: on the path, or among pyenv's."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for directory in sorted(root.glob(f"{version}.*"), reverse=True):
        if (directory / "bin/python").exists():
            return str(directory / "bin/python")
    return f"python{version}"


def make(directory, python, *installs):
    if (directory / "bin/python").exists():
        return
    subprocess.run([python, "-m", "venv", str(directory)], check=True)
    pip = [str(directory / "bin/python"), "-m", "pip", "install", "--quiet"]
    for packages in installs:
        subprocess.run([*pip, *packages], check=True)


def main(root):
    for series, version in PLAIN.items():
        make(root / f"plain-{series}", interpreter(version), [f"Django~={series}.0"])
    for series in FULL:
        make(
            root / f"full-{series}",
            interpreter(PLAIN[series]),
            [f"Django~={series}.0", "-r", str(HERE / "requirements-full.txt")],
            ALONE,
        )
    make(
        root / "routes",
        interpreter(PLAIN[ROUTES]),
        [f"Django~={ROUTES}.0", "-r", str(HERE / "requirements-routes.txt")],
    )
    make(root / "classes", interpreter(CLASSES), ["-r", str(HERE / "requirements-classes.txt")])
    files = ["requirements-classes.txt", "requirements-urlconfs.txt"]
    make(root / "urlconfs", interpreter(CLASSES), [part for name in files for part in ("-r", str(HERE / name))])
    make(
        root / "templates",
        interpreter(PLAIN[TEMPLATES]),
        [f"Django~={TEMPLATES}.0", "-r", str(HERE / "requirements-templates.txt")],
    )
    for folder, _ in name_facts.PACKAGES.values():
        unpack(root, folder)


def unpack(root, package):
    """The newest release of one package; one that cannot be had is named and left out."""
    target = root / "names" / package
    if target.exists():
        return
    pip = [str(root / "plain-5.2/bin/python"), "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    if subprocess.run([*pip, package], check=False).returncode != 0:
        print(f"left out: {package}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
