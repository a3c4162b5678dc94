use std::cell::Cell;

use djsec_base::{Confidence, Severity, Span};
use djsec_django::models::Why;
use djsec_django::views::Level;
use djsec_django::views::objects::FormAct;
use djsec_python::QualifiedName;

use super::came_back::came_back;
use super::fields::Said;
use super::hidden::{self, Kept};
use super::sent::{self, Sent};
use crate::{Check, Cx, Endpoint, Findings, declare_rule, privileges};

declare_rule! {
    /// ## What it does
    /// Finds fields of forms that the page does not let people edit, because the input is hidden, read-only
    /// or disabled in HTML, but that are believed when they come back: a price, an owner or a role that is
    /// stored, or a role that decides.
    ///
    /// ## Why it matters
    /// The page is in the hands of whoever looks at it. Hidden inputs are two clicks away in every browser,
    /// and a request can be sent without one: the total is what the buyer says.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import User
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(User, on_delete=models.CASCADE)
    ///     address = models.TextField()
    ///     total = models.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python forms.py
    /// from django import forms
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderForm(forms.ModelForm):
    ///     class Meta:
    ///         model = Order
    ///         fields = ["address", "total"]
    ///         widgets = {"total": forms.HiddenInput()}  # finding
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect
    ///
    /// from .forms import OrderForm
    ///
    ///
    /// @login_required
    /// def order(request):
    ///     form = OrderForm(request.POST)
    ///     if form.is_valid():
    ///         form.instance.customer = request.user
    ///         form.save()
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("order/", views.order)]
    /// ```
    ///
    /// ## Not flagged
    /// `disabled=True` on the field makes Django ignore what is sent:
    /// ```python models.py
    /// from django.contrib.auth.models import User
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey(User, on_delete=models.CASCADE)
    ///     address = models.TextField()
    ///     total = models.DecimalField(max_digits=9, decimal_places=2)
    /// ```
    /// ```python forms.py
    /// from django import forms
    ///
    /// from .models import Order
    ///
    ///
    /// class OrderForm(forms.ModelForm):
    ///     total = forms.DecimalField(disabled=True, widget=forms.HiddenInput())
    ///
    ///     class Meta:
    ///         model = Order
    ///         fields = ["address", "total"]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import redirect
    ///
    /// from .forms import OrderForm
    ///
    ///
    /// @login_required
    /// def order(request):
    ///     form = OrderForm(request.POST, initial={"total": 10})
    ///     if form.is_valid():
    ///         form.instance.customer = request.user
    ///         form.save()
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("order/", views.order)]
    /// ```
    ///
    /// ## How to fix
    /// Leave the field out of the form and work its value out on the server, give the field `disabled=True`,
    /// or carry the value in something signed (`django.core.signing.dumps`).
    ///
    /// ## Limits
    /// Fields of Django's forms are looked at, not inputs that a template writes itself. A form or view that
    /// looks at the field in its code, or gives it a value, is taken to decide about it.
    ///
    /// ## References
    /// - [Django: disabled](https://docs.djangoproject.com/en/stable/ref/forms/fields/#disabled)
    /// - [CWE-472: external control of assumed-immutable web parameter](https://cwe.mitre.org/data/definitions/472.html)
    RULE {
        id: "hidden-field-trusted",
        group: "forms",
        summary: "what a hidden or read-only input sends back is believed",
        severity: High,
        cwe: [472, 602],
        owasp: ["2025:A06"],
        asvs: ["5.0:2.2.2", "5.0:15.3.3"],
        checklist: ["input-validated", "mass-assignment"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for sent in sent::sent(cx) {
        saved(cx, &sent, &mut told, out);
    }
    for (endpoint, objects) in cx.open_endpoints() {
        for back in came_back(cx, objects) {
            let open = matches!(
                endpoint.level_for(back.handler),
                Some(Level::Public | Level::Authenticated)
            );
            if let Some((place, kept)) = hidden::kept(cx, back.form, back.field)
                && open
                && !told.contains(&place)
                && !hidden::decides(cx, back.form, back.field)
            {
                told.push(place);
                let what = (back.form, back.field, kept);
                report(cx, (&endpoint, place), what, back.why, out);
            }
        }
    }
}

/// The fields of a form that a view saves.
fn saved(cx: &Cx<'_>, sent: &Sent<'_, '_>, told: &mut Vec<Span>, out: &mut Findings) {
    let (form, Some(model)) = (&sent.used.class, &sent.used.model) else { return };
    if sent.used.act == FormAct::Made || sent.endpoint.is_rest() {
        return;
    }
    let Some(listed) = sent::listed(cx, sent) else { return };
    for field in cx.models().sensitive(model).iter().filter(|f| privileges::is_one(cx, model, f)) {
        let name = &*field.name;
        let there = match &listed.said {
            Said::All => true,
            Said::Except(names) => !names.contains(&name),
            Said::These(names) => names.iter().any(|(known, _)| *known == name),
            Said::Unknown => false,
        };
        let of_form = || if sent.is_of_view() { None } else { hidden::kept(cx, form, name) };
        let Some((place, kept)) = of_form().or_else(|| by_view(cx, sent, name)) else { continue };
        let given = sent.used.given.iter().any(|given| **given == *name);
        let decided = given
            || privileges::worked_out(cx, model, name)
            || (!sent.is_of_view() && hidden::decides(cx, form, name))
            || sent.any_function(cx, |at, function| hidden::looks(at, function, name));
        if there && !decided && !told.contains(&place) {
            told.push(place);
            report(cx, (&sent.endpoint, place), (form, name, kept), Some(field.why), out);
        }
    }
}

/// What the view itself does to the field of its form.
fn by_view(cx: &Cx<'_>, sent: &Sent<'_, '_>, field: &str) -> Option<(Span, Kept)> {
    let found = Cell::new(None);
    sent.any_function(cx, |at, function| {
        found.set(hidden::in_function(cx, at, function, field));
        found.get().is_some()
    });
    found.get()
}

fn report(
    cx: &Cx<'_>,
    (endpoint, place): (&Endpoint<'_>, Span),
    (form, field, kept): (&QualifiedName, &str, Kept),
    why: Option<Why>,
    out: &mut Findings,
) {
    let meaning = why.map_or("it says what somebody may do", privileges::meaning);
    let (severity, confidence) = match why {
        Some(Why::Owner) => (Severity::Medium, Confidence::Medium),
        Some(Why::State) => (Severity::Medium, Confidence::High),
        _ => (Severity::High, Confidence::High),
    };
    let message = format!(
        "`{field}` is {} on the page only: what is sent in it at {} counts, and {meaning}",
        kept.word(),
        endpoint.address()
    );
    out.found(&RULE, place, format!("{}.{field}", cx.short_name(form)), message)
        .severity(severity)
        .confidence(confidence)
        .help(format!("leave `{field}` out of the form, or give the field `disabled=True`"))
        .done();
}
