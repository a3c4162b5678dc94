from django.test import TestCase

from .factories import make_address, make_order, make_product, make_user


class Api(TestCase):
    def test_products_are_public_without_the_cost_price(self):
        make_product()
        product = self.client.get("/api/products/red-mug/").json()
        self.assertEqual(product["price"], "9.50")
        self.assertNotIn("cost_price", product)

    def test_orders_need_a_login(self):
        self.assertEqual(self.client.get("/api/orders/").status_code, 401)

    def test_the_status_of_an_order_is_not_writable(self):
        user = make_user()
        order = make_order(user)
        self.client.force_login(user)
        self.client.patch(
            f"/api/orders/{order.pk}/", {"status": "paid", "note": "ring twice"}, "application/json"
        )
        order.refresh_from_db()
        self.assertEqual((order.status, order.note), ("open", "ring twice"))

    def test_addresses_are_those_of_the_user(self):
        make_address(make_user("grace"))
        user = make_user()
        mine = make_address(user)
        self.client.force_login(user)
        results = self.client.get("/api/addresses/").json()["results"]
        self.assertEqual([row["id"] for row in results], [mine.pk])

    def test_a_token_opens_the_account(self):
        make_user()
        login = {"username": "ada", "password": "a-long-made-up-passphrase"}
        token = self.client.post("/api/token/", login).json()["access"]
        me = self.client.get("/api/me/", headers={"Authorization": f"Bearer {token}"}).json()
        self.assertEqual(me["email"], "ada@example.com")
        self.assertNotIn("password", me)
