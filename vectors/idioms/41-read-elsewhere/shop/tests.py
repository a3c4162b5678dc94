from django.test import SimpleTestCase, override_settings


@override_settings(DEBUG=True, SHOP_PAGE_SIZE=1)
class ShopTests(SimpleTestCase):
    def test_one(self):
        pass
