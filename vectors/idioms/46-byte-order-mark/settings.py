"""A file that starts with a byte order mark."""

NAME = "señal"
DEBUG = False
