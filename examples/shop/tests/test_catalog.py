import io
import tempfile

from django.core.exceptions import SuspiciousOperation
from django.core.management import call_command
from django.test import TestCase

from catalog.images import fetch_feed
from catalog.models import Product

from .factories import make_product, make_user


class ProductPages(TestCase):
    def test_list_shows_published_products_only(self):
        make_product("red-mug")
        make_product("secret-mug", is_published=False)
        response = self.client.get("/")
        self.assertContains(response, "Red Mug")
        self.assertNotContains(response, "Secret Mug")

    def test_search_finds_by_part_of_the_name(self):
        make_product("red-mug")
        make_product("blue-plate")
        response = self.client.get("/", {"q": "mug"})
        self.assertContains(response, "Red Mug")
        self.assertNotContains(response, "Blue Plate")

    def test_suggestions_start_with_the_text(self):
        make_product("red-mug")
        self.assertEqual(self.client.get("/suggest/", {"q": "Red"}).json(), {"names": ["Red Mug"]})

    def test_reviews_need_a_login(self):
        product = make_product()
        url = f"{product.get_absolute_url()}reviews/"
        data = {"rating": 5, "title": "Good", "text": "Holds tea."}
        self.assertEqual(self.client.post(url, data).status_code, 302)
        self.assertEqual(product.reviews.count(), 0)
        self.client.force_login(make_user())
        self.client.post(url, data)
        self.assertContains(self.client.get(product.get_absolute_url()), "Holds tea.")


class Imports(TestCase):
    def test_products_are_read_from_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("category,slug,name,price,stock\nmugs,red-mug,Red mug,9.50,3\n")
            file.flush()
            call_command("import_products", file.name, stdout=io.StringIO())
        self.assertEqual(Product.objects.get(slug="red-mug").stock, 3)

    def test_feeds_come_from_partners_only(self):
        for url in ["https://other.example.org/feed", "http://feeds.example.com/feed"]:
            with self.assertRaises(SuspiciousOperation):
                fetch_feed(url)
