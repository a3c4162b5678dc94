"""Settings, one module per environment.

base.py        what all of them share
dev.py         laptops (the default of manage.py)
test.py        the test suite, here and in CI
production.py  www.shop.example.com and its workers
"""
