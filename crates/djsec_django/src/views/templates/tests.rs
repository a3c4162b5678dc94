use crate::views::tests::Found;

const VIEWS: &str = r"
from django.contrib.auth.models import User
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.views import View, generic
from shop.models import Order

BASE = 'shop/base.html'


def plain(request):
    if request.user.is_staff:
        return render(request, 'shop/staff.html', {})
    return render(request, template_name='shop/plain.html')


def chosen(request):
    name = 'shop/a.html' if request.GET else 'shop/b.html'
    return TemplateResponse(request, [name, BASE])


def helped(request):
    return finish(request, 'x')


def finish(request, name):
    return again(request)


def again(request):
    return render(request, 'shop/helped.html')


def computed(request):
    return render(request, 'shop/%s.html' % request.GET['x'])


class Own(View):
    def get(self, request):
        return self.show(request)

    def show(self, request):
        return render(request, 'shop/own.html')


class Named(generic.TemplateView):
    template_name = 'shop/named.html'


class Picked(generic.ListView):
    model = Order

    def get_template_names(self):
        if self.request.GET:
            return ['shop/picked.html']
        return super().get_template_names()


class Only(generic.ListView):
    model = Order

    def get_template_names(self):
        return ['shop/only.html']


class Detail(generic.DetailView):
    model = Order


class All(generic.ListView):
    queryset = Order.objects.filter(open=True)


class New(generic.CreateView):
    model = Order
    template_name_suffix = '_new'


class Gone(generic.DeleteView):
    model = Order


class People(generic.ListView):
    model = User


class Hidden(generic.ListView):
    def get_queryset(self):
        return Order.objects.all()
";

const MODELS: &str = "from django.db import models\nclass Order(models.Model):\n    pass\n";

const NAMES: &[(&str, &str)] = &[
    ("views.plain", "shop/staff.html shop/plain.html"),
    ("views.chosen", "shop/a.html shop/b.html shop/base.html"),
    ("views.helped", "shop/helped.html"),
    ("views.computed", ""),
    ("views.Own.as_view()", "shop/own.html"),
    ("views.Named.as_view()", "shop/named.html"),
    ("views.Named.as_view(template_name='shop/given.html')", "shop/given.html"),
    ("TemplateView.as_view(template_name='shop/plain_given.html')", "shop/plain_given.html"),
    ("views.Picked.as_view()", "shop/picked.html shop/order_list.html"),
    ("views.Only.as_view()", "shop/only.html"),
    ("views.Detail.as_view()", "shop/order_detail.html"),
    ("views.All.as_view()", "shop/order_list.html"),
    ("views.New.as_view()", "shop/order_new.html"),
    ("views.Gone.as_view()", "shop/order_confirm_delete.html"),
    ("views.People.as_view()", "auth/user_list.html"),
    ("views.Hidden.as_view()", ""),
    ("DetailView.as_view(model=Order)", "shop/order_detail.html"),
    ("LoginView.as_view()", "registration/login.html"),
];

#[test]
fn templates_are_named_by_calls_attributes_and_models() {
    use std::fmt::Write as _;
    let mut urls = String::from(
        "from django.contrib.auth.views import LoginView\nfrom django.urls import path\n\
         from django.views.generic import DetailView, TemplateView\nfrom shop import views\n\
         from shop.models import Order\nurlpatterns = [\n",
    );
    for (at, (view, _)) in NAMES.iter().enumerate() {
        let _ = writeln!(urls, "    path('{at}/', {view}),");
    }
    urls.push_str("]\n");
    let found = Found::of(&[
        ("settings.py", "ROOT_URLCONF = 'urls'\nINSTALLED_APPS = ['shop']\n"),
        ("urls.py", &urls),
        ("shop/__init__.py", ""),
        ("shop/models.py", MODELS),
        ("shop/views.py", VIEWS),
    ]);
    for (at, (view, expected)) in NAMES.iter().enumerate() {
        let templates = found.view(&format!("{at}/")).templates.join(" ");
        assert_eq!(templates, *expected, "{view}");
    }
}
