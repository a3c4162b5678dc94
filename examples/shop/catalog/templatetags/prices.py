from django import template
from django.utils.html import format_html

register = template.Library()


@register.filter
def price(value):
    return format_html('<span class="price">£{}</span>', f"{value:.2f}")
