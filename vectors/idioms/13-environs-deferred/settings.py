"""environs: errors are collected until seal(), names that failed hold None-like values until then."""

from environs import Env

env = Env(eager=False)
PORT = env.int("PORT")
DEBUG = env.bool("DEBUG", default=False)
env.seal()
