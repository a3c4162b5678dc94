from decimal import Decimal

from accounts.models import Address, User
from catalog.models import Category, Product
from orders.models import Order, OrderItem


def make_user(name="ada", **fields):
    return User.objects.create_user(
        name, f"{name}@example.com", "a-long-made-up-passphrase", **fields
    )


def make_product(slug="red-mug", **fields):
    category, _ = Category.objects.get_or_create(slug="mugs", defaults={"name": "Mugs"})
    values = {"name": slug.replace("-", " ").title(), "price": Decimal("9.50"), **fields}
    return Product.objects.create(category=category, slug=slug, **values)


def make_order(user, **fields):
    order = Order.objects.create(user=user, address="1 Example Street", **fields)
    OrderItem.objects.create(order=order, product=make_product(), price=Decimal("9.50"), quantity=2)
    return order


def make_address(user):
    return Address.objects.create(
        user=user, name="Ada", street="1 Example Street", postcode="EX1", city="York", country="GB"
    )
