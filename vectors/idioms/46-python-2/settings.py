"""Python 2: nothing of it runs."""

DEBUG = False
print "loading"
