"""Containers built from other containers."""

BASE = ["a", "b"]
TUPLED = tuple(BASE)
LISTED = list(("x", "y"))
SORTED = sorted({"b", "a", "c"})
REVERSED = list(reversed(BASE))
UNIQUE = list(dict.fromkeys(["a", "b", "a"]))
FROZEN = frozenset({"x"})
COUNT = len(BASE)
SETTING = dict(BACKEND="x", OPTIONS={"timeout": 5})
MERGED = {**SETTING, "OPTIONS": {}}
PIPED = SETTING | {"EXTRA": True}
PAIRS = list(zip(["a", "b"], [1, 2]))
NUMBERED = dict(enumerate(["zero", "one"]))
FILTERED = [name.upper() for name in BASE if name != "a"]
LOOKUP = {name: index for index, name in enumerate(BASE)}
ANYTHING = any([False, 1 == 1]), all([True, False])
RANGE = list(range(3))
SPLAT = [*BASE, *TUPLED, "c"]
NESTED = [[inner for inner in (1, 2)] for outer in (1, 2)]
FIRST, *REST = BASE + ["c"]
LEFT = RIGHT = []
RIGHT.append("seen by both names")
KEYS = list(SETTING)
VALUE = SETTING.get("MISSING", "fallback")
