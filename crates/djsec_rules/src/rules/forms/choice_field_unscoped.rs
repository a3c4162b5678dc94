use djsec_base::{Confidence, Span};
use djsec_django::models::{Model, Strength};

use super::offers::{narrows, offers};
use super::sent;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds forms of plain users that offer every row of a model whose rows belong to somebody: a
    /// `ModelChoiceField` with all of them, or a foreign key in the fields of a model form.
    ///
    /// ## Why it matters
    /// The page shows everybody the names of all rows, and takes the id of any of them: a user hangs his
    /// comment on another one's order, or pays with another one's card.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Card(models.Model):
    ///     owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python views.py
    /// from django import forms
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import render
    ///
    /// from shop.models import Card
    ///
    ///
    /// class PayForm(forms.Form):
    ///     card = forms.ModelChoiceField(queryset=Card.objects.all())  # finding
    ///
    ///
    /// @login_required
    /// def cards(request):
    ///     return render(request, "cards.html", {"cards": Card.objects.filter(owner=request.user)})
    ///
    ///
    /// @login_required
    /// def pay(request):
    ///     return render(request, "pay.html", {"form": PayForm(request.POST)})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("cards/", views.cards), path("pay/", views.pay)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.conf import settings
    /// from django.db import models
    ///
    ///
    /// class Card(models.Model):
    ///     owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python views.py
    /// from django import forms
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import render
    ///
    /// from shop.models import Card
    ///
    ///
    /// class PayForm(forms.Form):
    ///     card = forms.ModelChoiceField(queryset=Card.objects.none())
    ///
    ///     def __init__(self, *args, user, **kwargs):
    ///         super().__init__(*args, **kwargs)
    ///         self.fields["card"].queryset = Card.objects.filter(owner=user)
    ///
    ///
    /// @login_required
    /// def cards(request):
    ///     return render(request, "cards.html", {"cards": Card.objects.filter(owner=request.user)})
    ///
    ///
    /// @login_required
    /// def pay(request):
    ///     return render(request, "pay.html", {"form": PayForm(request.POST, user=request.user)})
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("cards/", views.cards), path("pay/", views.pay)]
    /// ```
    ///
    /// ## How to fix
    /// Narrow the choices in the form's `__init__()` to those of who asks:
    /// `self.fields["card"].queryset = user.card_set.all()`.
    ///
    /// ## Limits
    /// Users themselves and their profiles may be meant to be chosen, and so may what plain users can list
    /// anyway. Where the project never ties the model to who asks, the confidence is low. A form or view
    /// that names the field in its code is taken to narrow it.
    ///
    /// ## References
    /// - [Django: ModelChoiceField](https://docs.djangoproject.com/en/stable/ref/forms/fields/#modelchoicefield)
    RULE {
        id: "choice-field-unscoped",
        group: "forms",
        summary: "a form offers users the rows of all others",
        severity: Medium,
        cwe: [639],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.2"],
        checklist: ["object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for sent in sent::sent(cx) {
        for offer in offers(cx, &sent) {
            let custom = cx.customs().get(&offer.model);
            let owned = cx.models().get(&offer.model).filter(|model| is_owned(cx, model));
            let Some(model) = owned.filter(|_| !custom.is_some_and(|custom| custom.listed)) else {
                continue;
            };
            if told.contains(&offer.place)
                || sent.decides(cx, &offer.field)
                || (!sent.is_of_view() && narrows(cx, &sent.used.class, &offer.field))
            {
                continue;
            }
            told.push(offer.place);
            let scoped = custom.and_then(|custom| custom.scoped);
            let message = format!(
                "{} may choose any `{}` at {}: the form offers the rows of all users",
                sent.who(),
                model.name,
                sent.endpoint.address(),
            );
            out.found(&RULE, offer.place, sent.subject(cx, &offer.field), message)
                .confidence(if scoped.is_some() { Confidence::Medium } else { Confidence::Low })
                .help(format!("narrow `{}` in `__init__()` to what who asks may see", offer.field))
                .related(scoped, "the same model is tied to who asks here")
                .done();
        }
    }
}

/// Whether rows belong to somebody, and are not somebody: a profile is chosen as a user is.
fn is_owned(cx: &Cx<'_>, model: &Model) -> bool {
    !cx.models().is_account(&model.class)
        && model.owner().is_some_and(|owner| owner.strength != Strength::Trace)
}
