"""Prints Django's default settings as JSON; run by the python of a `plain-<series>` environment."""

import json
import platform

import django
from django.conf import global_settings

from tagged import tagged


def main():
    settings = {
        name: tagged(getattr(global_settings, name))
        for name in sorted(dir(global_settings))
        if name.isupper()
    }
    lines = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()
    )
    print("{")
    print(f'  "django": {json.dumps(django.get_version())},')
    print(f'  "python": {json.dumps(platform.python_version())},')
    print('  "settings": {')
    print(lines)
    print("  }")
    print("}")


if __name__ == "__main__":
    main()
