"""dynaconf: any setting can come from a variable, parsed as TOML; words like no and off stay text."""

import dynaconf

DEBUG = False

settings = dynaconf.DjangoDynaconf(__name__)
