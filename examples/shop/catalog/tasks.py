from celery import shared_task

from .images import fetch_image
from .models import Product


@shared_task
def import_image(product_id, url):
    fetch_image(Product.objects.get(pk=product_id), url)
