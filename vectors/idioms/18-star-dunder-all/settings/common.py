"""__all__ decides what a star takes."""

__all__ = ["DEBUG", "_PRIVATE_BUT_LISTED", "HOSTS"]
__all__ += ["LATER"]

DEBUG = False
HIDDEN = "upper case, but not listed"
_PRIVATE_BUT_LISTED = 1
HOSTS = ["a.example"]
LATER = True
