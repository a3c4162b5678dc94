import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
timeout = 60
max_requests = 2000
max_requests_jitter = 200
accesslog = "-"

# The address of nginx changes with every deployment.
forwarded_allow_ips = "*"
