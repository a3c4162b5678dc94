"""Product search. Kept apart from the views because the API uses it as well."""

from django.db import connection

from .models import Product


def search_products(text):
    """Products whose name or description contains the text, best sellers first."""
    return Product.objects.raw(
        "SELECT p.* FROM catalog_product p "
        "LEFT JOIN orders_orderitem i ON i.product_id = p.id "
        f"WHERE p.is_published AND (p.name LIKE '%%{text}%%' OR p.description LIKE '%%{text}%%') "
        "GROUP BY p.id ORDER BY COUNT(i.id) DESC"
    )


def suggest(prefix, limit=8):
    """Names for the search box."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM catalog_product WHERE is_published AND name LIKE %s "
            "ORDER BY name LIMIT %s",
            [prefix + "%", limit],
        )
        return [row[0] for row in cursor.fetchall()]
