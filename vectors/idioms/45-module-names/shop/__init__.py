"""Its own package is the one that it is."""

PACKAGE = __package__
