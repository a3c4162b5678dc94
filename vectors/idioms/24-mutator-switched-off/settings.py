"""A helper that is told to leave the hosts alone, and a later line that wins."""


def settings(config, allowed_hosts=True, logging=True):
    if allowed_hosts:
        config["ALLOWED_HOSTS"] = ["*"]
    if logging:
        config["LOGGING"] = {"version": 1}


ALLOWED_HOSTS = ["shop.example"]
settings(globals(), allowed_hosts=False)
LOGGING["disable_existing_loggers"] = False
