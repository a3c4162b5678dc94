# -*- coding: latin-1 -*-
"""A file in Latin-1."""

NAME = "señal"
LENGTH = len(NAME)
