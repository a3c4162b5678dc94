ALLOWED_HOSTS.append("ten.example")
