#!/usr/bin/env python3
"""Measures djsec against parsing alone, and against other auditors, on the same trees.

    python3 bench/run.py TREE [TREE ...] [--runs N]

Prints a Markdown table per tree: median wall time, CPU time and peak memory of N runs, and
the ratios of wall and CPU time to parse-only. bench/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# The groups whose rules read what production's settings say, and the rule among them that follows data.
SETTINGS_GROUPS = ["settings", "transport", "cookies", "headers", "sessions", "cors"]
# They look at what views do, too.
NOT_SETTINGS = ",".join(
    [
        "cookie-sensitive-value",
        "cors-reflected-origin",
        "csp-blocks-template-code",
        "csp-nonce-cached",
        "set-cookie-missing-flags",
    ]
)
SKIPPED_FOLDERS = {".git", ".venv", "venv", "node_modules", "__pycache__"}


@dataclasses.dataclass
class Tool:
    """One row. `command` lacks the tree; None says that the tool cannot run, `why` says why."""

    name: str
    command: list[str] | None
    why: str = ""
    success: frozenset[int] = frozenset({0})
    # What a status that still counts as a run says about it, such as djsec's 3.
    remarks: dict[int, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Run:
    wall: float
    cpu: float
    peak_bytes: int
    status: int


@dataclasses.dataclass
class Row:
    tool: Tool
    runs: list[Run] = dataclasses.field(default_factory=list)
    failure: str = ""


def measure(command: list[str], timeout: float) -> Run | None:
    """One run, with its output thrown away; None when it took longer than `timeout` seconds.

    os.wait4 gives the usage of this child and of the children it waited for, and of no other
    run. CPU time is their sum, peak memory that of the largest single process.
    """
    overdue = threading.Event()
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def stop() -> None:
        overdue.set()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    timer = threading.Timer(timeout, stop)
    timer.start()
    try:
        _, wait_status, usage = os.wait4(process.pid, 0)
    except BaseException:
        stop()
        raise
    finally:
        timer.cancel()
    wall = time.perf_counter() - started
    status = os.waitstatus_to_exitcode(wait_status)
    process.returncode = status
    if overdue.is_set():
        return None
    # Linux counts kibibytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, status)


def measure_all(tools: list[Tool], tree: str, runs: int, timeout: float) -> list[Row]:
    """The tools take turns, so that a slow moment of the machine does not hit one of them only.

    Each round has an order of its own, the same in every measurement: what has just run for long leaves the processor
    hotter, and the system with more to tidy up, for the one that comes next. Round 0 warms the file cache and is not
    counted.
    """
    order = random.Random(0)
    rows = [Row(tool) for tool in tools]
    for number in range(runs + 1):
        for row in order.sample(rows, len(rows)):
            if row.tool.command is None or row.failure:
                continue
            progress(f"{row.tool.name}: run {number} of {runs}")
            run = measure([*row.tool.command, tree], timeout)
            if run is None:
                row.failure = f"stopped after {timeout:.0f} s"
            elif run.status not in row.tool.success:
                row.failure = f"failed with status {run.status}"
            elif number > 0:
                row.runs.append(run)
    progress("")
    return rows


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def cargo_executable(arguments: list[str]) -> tuple[str | None, str]:
    """Builds a release binary; its path, or None and why not. Building is not measured."""
    if shutil.which("cargo") is None:
        return None, "cargo is not installed"
    command = ["cargo", "build", "--release", "--quiet", "--message-format=json", *arguments]
    build = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if build.returncode != 0:
        reasons = build.stderr.strip().splitlines() or [f"status {build.returncode}"]
        return None, f"not built: {reasons[0]}"
    for line in reversed(build.stdout.splitlines()):
        message = json.loads(line)
        if message.get("reason") == "compiler-artifact" and message.get("executable"):
            return message["executable"], ""
    return None, "not built: cargo named no executable"


def own_tool(name: str, given: str | None, build: list[str], arguments: list[str]) -> Tool:
    path, why = (given, "") if given else cargo_executable(build)
    return Tool(name, None if path is None else [path, *arguments], why)


def foreign_tool(name: str, program: str, arguments: list[str], success: set[int]) -> Tool:
    path = shutil.which(program)
    if path is None:
        return Tool(name, None, "not installed")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    words = version.stdout.split()
    number = next((word for word in words if word[:1].isdigit()), "")
    return Tool(
        f"{name} ({number})" if number else name, [path, *arguments], "", frozenset(success)
    )


def semgrep(config: str | None) -> Tool:
    if shutil.which("semgrep") is None:
        return Tool("semgrep", None, "not installed")
    if config is None:
        return Tool("semgrep", None, "not run: give local rules with --semgrep-config")
    arguments = ["scan", "--config", config, "--metrics", "off", "--disable-version-check"]
    return foreign_tool("semgrep", "semgrep", [*arguments, "--json"], {0, 1})


def tools(options: argparse.Namespace) -> list[Tool]:
    """Parse-only comes first: the others are compared with it."""
    parse_only = own_tool(
        "parse-only", options.parse_only, ["-p", "djsec_python", "--example", "parse_only"], []
    )
    djsec = own_tool(
        "djsec check",
        options.djsec,
        ["-p", "djsec", "--bin", "djsec"],
        ["check", "--format", "json"],
    )
    djsec.success = frozenset({0, 1, 3})
    djsec.remarks = {3: "incomplete"}
    settings = own_tool(
        "djsec check, settings",
        options.djsec,
        ["-p", "djsec", "--bin", "djsec"],
        ["check", "--format", "json", "--select", ",".join(SETTINGS_GROUPS), "--ignore", NOT_SETTINGS],
    )
    settings.success, settings.remarks = djsec.success, djsec.remarks
    ruff = ["check", "--select", "S", "--isolated", "--no-cache", "--output-format", "json"]
    return [
        parse_only,
        settings,
        djsec,
        foreign_tool("ruff --select S", "ruff", ruff, {0, 1}),
        foreign_tool("bandit", "bandit", ["--quiet", "--format", "json", "--recursive"], {0, 1}),
        semgrep(options.semgrep_config),
    ]


def python_size(tree: str) -> tuple[int, int]:
    """Python files and their lines; what each tool reads of them is its own choice."""
    files = lines = 0
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in names:
            path = Path(folder, name)
            if name.endswith(".py") and path.is_file():
                files += 1
                lines += path.read_bytes().count(b"\n")
    return files, lines


def seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def mebibytes(value: int, floor: int) -> str:
    """A child is charged with this script's own memory at its start: below that nothing is seen."""
    if value <= floor * 1.05:
        return f"under {floor / 2**20:.0f} MiB"
    return f"{value / 2**20:.0f} MiB"


def ratio(value: float, base: float | None) -> str:
    return f"{value / base:.2f}" if base else "–"


def table(rows: list[Row], floor: int) -> str:
    base = rows[0].runs
    base_wall = statistics.median(run.wall for run in base) if base else None
    base_cpu = statistics.median(run.cpu for run in base) if base else None
    lines = [
        "| tool | wall | CPU | peak memory | wall ÷ parse-only | CPU ÷ parse-only |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        if row.failure or not row.runs:
            lines.append(f"| {row.tool.name} | {row.failure or row.tool.why} | | | | |")
            continue
        wall = statistics.median(run.wall for run in row.runs)
        cpu = statistics.median(run.cpu for run in row.runs)
        peak = round(statistics.median(run.peak_bytes for run in row.runs))
        remarks = {
            row.tool.remarks[run.status] for run in row.runs if run.status in row.tool.remarks
        }
        name = f"{row.tool.name} ({', '.join(sorted(remarks))})" if remarks else row.tool.name
        cells = [seconds(wall), seconds(cpu), mebibytes(peak, floor)]
        cells += [ratio(wall, base_wall), ratio(cpu, base_cpu)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} cores"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trees", nargs="+", metavar="TREE")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each tool (5)")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run (600)")
    parser.add_argument("--djsec", metavar="PATH", help="this binary, without building one")
    parser.add_argument("--parse-only", metavar="PATH", help="this binary, without building one")
    parser.add_argument("--semgrep-config", metavar="PATH", help="local rules for semgrep")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    for tree in options.trees:
        if not os.path.isdir(tree):
            parser.error(f"no such folder: {tree}")

    measured = tools(options)
    idle = measure(["true"], options.timeout)
    floor = idle.peak_bytes if idle else 0
    for tree in options.trees:
        files, lines = python_size(tree)
        rows = measure_all(measured, tree, options.runs, options.timeout)
        print(
            f"`{tree}`: {files:,} Python files, {lines:,} lines; {machine()}; median of {options.runs}\n"
        )
        print(table(rows, floor), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
