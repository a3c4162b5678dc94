FROM_RUNPY = True
lower = 1
