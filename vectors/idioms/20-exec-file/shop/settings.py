"""Other files executed in place."""

import os
import runpy

HERE = os.path.dirname(os.path.abspath(__file__))
DEBUG = True
exec(open(os.path.join(HERE, "overrides.py")).read())

fragments = os.path.join(HERE, "settings.d")
for name in sorted(os.listdir(fragments)):
    if name.endswith(".py"):
        with open(os.path.join(fragments, name)) as file:
            exec(compile(file.read(), name, "exec"))

globals().update(
    {key: value for key, value in runpy.run_path(os.path.join(HERE, "more.py")).items() if key.isupper()}
)
