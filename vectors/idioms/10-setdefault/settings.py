"""The settings change the environment that later lines read."""

import os

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
os.environ.setdefault("CACHE_URL", REDIS_URL)
os.environ["OMP_THREAD_LIMIT"] = "1"
CACHE_LOCATION = os.environ["CACHE_URL"]
THREADS = int(os.environ["OMP_THREAD_LIMIT"])
if os.environ.pop("LEGACY", None):
    LEGACY = True
STILL_THERE = "LEGACY" in os.environ
os.environ.update(MODE="strict")
MODE = os.environ.get("MODE", "loose")
