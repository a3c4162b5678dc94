from django.test import TestCase

from accounts.models import User

from .factories import make_address, make_user


class Accounts(TestCase):
    def test_registering_logs_in(self):
        password = "a-long-made-up-passphrase"
        response = self.client.post(
            "/accounts/register/",
            {
                "username": "ada",
                "email": "ada@example.com",
                "password1": password,
                "password2": password,
            },
        )
        self.assertRedirects(response, "/accounts/profile/")
        self.assertTrue(User.objects.get(username="ada").check_password(password))

    def test_login_returns_to_the_page(self):
        make_user()
        response = self.client.post(
            "/accounts/login/",
            {"username": "ada", "password": "a-long-made-up-passphrase", "next": "/orders/"},
        )
        self.assertRedirects(response, "/orders/")

    def test_addresses_of_others_are_not_found(self):
        address = make_address(make_user("grace"))
        self.client.force_login(make_user())
        self.assertEqual(self.client.get(f"/accounts/addresses/{address.pk}/").status_code, 404)

    def test_currency_stays_on_this_site(self):
        response = self.client.post(
            "/accounts/currency/", {"currency": "EUR", "next": "https://other.example.org/"}
        )
        self.assertRedirects(response, "/")
