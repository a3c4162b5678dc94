ALLOWED_HOSTS = ["shop.example"]
