from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Product

from .forms import CheckoutForm
from .models import Order, OrderItem
from .tasks import send_confirmation


@require_POST
def basket_add(request, slug):
    product = get_object_or_404(Product, slug=slug, is_published=True)
    basket = request.session.setdefault("basket", {})
    basket[str(product.pk)] = basket.get(str(product.pk), 0) + 1
    request.session.modified = True
    return redirect(product)


@login_required
def checkout(request):
    basket = request.session.get("basket", {})
    products = Product.objects.filter(pk__in=basket, is_published=True)
    form = CheckoutForm(request.POST or None, user=request.user)
    if request.method == "POST" and products and form.is_valid():
        with transaction.atomic():
            order = Order.objects.create(
                user=request.user,
                address=str(form.cleaned_data["address"]),
                note=form.cleaned_data["note"],
            )
            for product in products:
                OrderItem.objects.create(
                    order=order,
                    product=product,
                    price=product.price,
                    quantity=basket[str(product.pk)],
                )
        request.session["basket"] = {}
        transaction.on_commit(lambda: send_confirmation.delay(order.pk))
        return redirect("orders:order-detail", order.pk)
    return render(request, "orders/checkout.html", {"form": form, "products": products})


@login_required
@require_safe
def order_list(request):
    return render(request, "orders/order_list.html", {"orders": request.user.orders.all()})


@login_required
@require_safe
def order_detail(request, pk):
    order = get_object_or_404(Order.objects.prefetch_related("items__product"), pk=pk)
    return render(request, "orders/order_detail.html", {"order": order})


@login_required
@require_safe
def invoice(request, pk):
    order = get_object_or_404(Order, pk=pk, user=request.user, paid_at__isnull=False)
    return render(request, "orders/invoice.html", {"order": order})


@login_required
def cancel(request, pk):
    order = get_object_or_404(Order, pk=pk, user=request.user, status=Order.Status.OPEN)
    order.status = Order.Status.CANCELLED
    order.save(update_fields=["status"])
    messages.info(request, f"{order} was cancelled.")
    return redirect("orders:order-list")


@login_required
@require_POST
def reorder(request, pk):
    order = get_object_or_404(Order, pk=pk, user=request.user)
    request.session["basket"] = {str(i.product_id): i.quantity for i in order.items.all()}
    return redirect("orders:checkout")
