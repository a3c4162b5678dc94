use djsec_python::QualifiedName;

use super::{found, seen};
use crate::views::objects::FormUse;

/// `Updates OrderForm customer` for each form that the view makes or saves, with the fields that the
/// code gives.
fn forms(views: &str, target: &str) -> Vec<String> {
    let named = |name: &QualifiedName| match name {
        QualifiedName::Project(_, path) => path.to_string(),
        other => format!("{other:?}"),
    };
    let shown = |form: &FormUse| {
        let some = if form.for_some { " for some" } else { "" };
        format!("{:?} {} {}{some}", form.act, named(&form.class), form.given.join(" "))
    };
    found(views, target, &["pk"], None).forms.iter().map(shown).collect()
}

#[test]
fn forms_are_made_and_saved_with_what_the_code_gives_them() {
    let views = r#"
from django import forms
from rest_framework import serializers

class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["customer"]

class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["customer"]

class Create(CreateView):
    form_class = OrderForm

    def form_valid(self, form):
        form.instance.customer = self.request.user
        return super().form_valid(form)

class Plain(UpdateView):
    model = Order
    fields = ["customer"]

class Either(UpdateView):
    model = Order

    def get_form_class(self):
        return OrderForm if self.object.is_paid else LineForm

class Orders(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer

    def perform_create(self, serializer):
        serializer.save(customer=self.request.user)

def later(request):
    form = OrderForm(request.POST)
    if request.user.is_staff:
        order = form.save(commit=False)
        order.customer = request.user
        order.save()
"#;
    assert_eq!(
        forms(views, "Create"),
        ["Made OrderForm ", "Creates OrderForm customer"],
        "what is set on the instance is given"
    );
    assert_eq!(forms(views, "Plain"), ["Made Order ", "Updates Order "]);
    assert!(forms(views, "Either").is_empty(), "which form it is cannot be told");
    assert_eq!(
        forms(views, "Orders create update"),
        [
            "Made OrderSerializer ",
            "Creates OrderSerializer customer",
            "Made OrderSerializer ",
            "Updates OrderSerializer "
        ]
    );
    assert_eq!(forms(views, "later"), ["Made OrderForm ", "Creates OrderForm customer for some"]);
}

#[test]
fn a_form_that_is_told_who_asks_may_look_at_whose_its_row_is() {
    let views = r#"
class Plain(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["is_paid"]

    def __init__(self, *args, user=None, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self):
        return super().clean()

class Looking(Plain):
    def clean(self):
        if self.instance.customer != self.user:
            raise forms.ValidationError("not yours")
        return super().clean()

def plain(request, pk):
    form = Plain(request.POST, instance=Order.objects.get(pk=pk), user=request.user)
    if form.is_valid():
        form.save()

def looking(request, pk):
    form = Looking(request.POST, instance=Order.objects.get(pk=pk), user=request.user)
    if form.is_valid():
        form.save()

def untold(request, pk):
    form = Looking(request.POST, instance=Order.objects.get(pk=pk))
    if form.is_valid():
        form.save()

def unasked(request, pk):
    order = Order.objects.get(pk=pk)
    form = Looking(request.POST, instance=order, user=request.user)
    form.is_valid()
    order.save()
"#;
    let checked = |view: &str| {
        let found = seen(views, view, &["pk"]);
        found.iter().any(|one| one.starts_with("update") && one.contains("[condition]"))
    };
    assert!(checked("looking"));
    assert!(!checked("plain") && !checked("untold") && !checked("unasked"));
}

#[test]
fn what_the_code_puts_among_what_was_sent_is_given() {
    let views = r#"
from rest_framework import serializers, viewsets

class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["customer", "is_paid", "total"]

class Orders(viewsets.ViewSet):
    def create(self, request):
        data = request.data.copy()
        data["customer"] = request.user.pk
        data["is_paid"] = False
        data["total"] = request.data["sum"]
        serializer = OrderSerializer(data=data)
        serializer.is_valid(raise_exception=True)
        serializer.save()

    def update(self, request, pk):
        serializer = OrderSerializer(Order.objects.get(pk=pk), data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
"#;
    assert_eq!(
        forms(views, "Orders create update"),
        [
            "Made OrderSerializer customer is_paid",
            "Creates OrderSerializer customer is_paid",
            "Made OrderSerializer ",
            "Updates OrderSerializer "
        ],
        "a total that was sent under another name is still the client's"
    );
}
