import csv
from decimal import Decimal, InvalidOperation

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalog.models import Category, Product


class Command(BaseCommand):
    help = "Adds or updates products from a CSV file (category, slug, name, price, stock)."

    def add_arguments(self, parser):
        parser.add_argument("file")

    @transaction.atomic
    def handle(self, *args, **options):
        count = 0
        with open(options["file"], newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                try:
                    price = Decimal(row["price"])
                except InvalidOperation as error:
                    raise CommandError(f"{row['slug']}: no price: {row['price']}") from error
                category, _ = Category.objects.get_or_create(
                    slug=row["category"], defaults={"name": row["category"].title()}
                )
                Product.objects.update_or_create(
                    slug=row["slug"],
                    defaults={
                        "category": category,
                        "name": row["name"],
                        "price": price,
                        "stock": int(row["stock"]),
                    },
                )
                count += 1
        self.stdout.write(f"{count} products")
