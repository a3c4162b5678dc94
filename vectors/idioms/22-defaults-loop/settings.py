"""Names that are set by loops."""

import os

DEFAULTS = {"DEBUG": False, "SECURE_HSTS_SECONDS": 3600, "X_FRAME_OPTIONS": "DENY"}
X_FRAME_OPTIONS = "SAMEORIGIN"

for key, value in DEFAULTS.items():
    if key not in vars():
        vars()[key] = value

for provider in ("GITHUB", "GOOGLE"):
    globals()[f"SOCIAL_AUTH_{provider}_KEY"] = os.environ.get(f"{provider}_KEY", "")

COUNT = 0
while COUNT < 3:
    COUNT += 1
else:
    FINISHED = True

for number in range(10):
    if number == 2:
        continue
    if number == 4:
        break
    globals()["LAST_NUMBER"] = number
