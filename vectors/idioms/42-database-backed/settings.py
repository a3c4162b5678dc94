"""django-constance: values that the database overrides at run time."""

CONSTANCE_BACKEND = "constance.backends.database.DatabaseBackend"
CONSTANCE_CONFIG = {
    "MAINTENANCE": (False, "Close the shop"),
    "THEME": ("light", "Colours", str),
}
CONSTANCE_CONFIG_FIELDSETS = {"General": tuple(CONSTANCE_CONFIG)}
