"""dj-database-url: DATABASE_URL or the default, parsed."""

import os

import dj_database_url

DATABASES = {
    "default": dj_database_url.config(default="postgres://shop:shop@localhost/shop", conn_max_age=600),
    "other": dj_database_url.parse("sqlite:///other.sqlite3"),
    "replica": dj_database_url.config(env="REPLICA_URL", ssl_require=True),
}
DATABASES["default"].update(dj_database_url.parse(os.getenv("LATE_URL", "mysql://u:p@h:3306/n?charset=utf8mb4")) if os.getenv("LATE") else {})
