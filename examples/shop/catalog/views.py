from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView

from .forms import ImageImportForm, ReviewForm, SearchForm
from .models import Product
from .search import search_products, suggest
from .tasks import import_image


@require_safe
def product_list(request):
    query = request.GET.get("q", "").strip()
    form = SearchForm(request.GET)
    if query:
        products = search_products(query)
    else:
        products = Product.objects.filter(is_published=True)
        if form.is_valid():
            if form.cleaned_data["category"]:
                products = products.filter(category__slug=form.cleaned_data["category"])
            if form.cleaned_data["sort"]:
                products = products.order_by(form.cleaned_data["sort"])
    return render(
        request,
        "catalog/product_list.html",
        {"products": products, "query": query, "form": form},
    )


@require_safe
def search_suggestions(request):
    return JsonResponse({"names": suggest(request.GET.get("q", ""))})


class ProductDetail(DetailView):
    queryset = Product.objects.filter(is_published=True)
    template_name = "catalog/product_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, review_form=ReviewForm())


@login_required
@require_POST
def add_review(request, slug):
    product = get_object_or_404(Product, slug=slug, is_published=True)
    form = ReviewForm(request.POST, request.FILES)
    if form.is_valid():
        form.instance.product = product
        form.instance.author = request.user
        form.save()
        messages.success(request, "Thank you for your review.")
    else:
        messages.error(request, "Your review could not be saved.")
    return redirect(product)


@permission_required("catalog.change_product", raise_exception=True)
@require_POST
def product_image(request, slug):
    product = get_object_or_404(Product, slug=slug)
    form = ImageImportForm(request.POST)
    if form.is_valid():
        import_image.delay(product.pk, form.cleaned_data["url"])
    return redirect(product)
