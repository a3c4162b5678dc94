ALLOWED_HOSTS.append("twenty.example")
