use std::collections::BTreeSet;

use djsec_base::{Confidence, Severity, Span};
use djsec_django::models::Why;
use djsec_django::views::objects::FormAct;
use djsec_python::QualifiedName;

use super::fields::{self, Said};
use super::sent::sent;
use crate::own::{Kind, OwnClass};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds model forms and editing views that take every field of their model (`"__all__"`), or every
    /// field but some (`exclude`).
    ///
    /// ## Why it matters
    /// Who sends the form may send every one of these fields, also those that the page does not show. A
    /// column added to the model next year becomes editable the same day. Where the model has columns
    /// that decide what somebody may do, they are editable today.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python forms.py
    /// from django import forms
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class ProfileForm(forms.ModelForm):
    ///     class Meta:
    ///         model = Customer
    ///         fields = "__all__"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python forms.py
    /// from django import forms
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class ProfileForm(forms.ModelForm):
    ///     class Meta:
    ///         model = Customer
    ///         fields = ["first_name", "last_name"]
    /// ```
    ///
    /// ## How to fix
    /// Name the fields.
    ///
    /// ## Limits
    /// Forms of admin classes are left out: who reaches them is trusted with the model. `"__all__"` of a
    /// model without sensitive columns gives a finding for information, of low confidence.
    ///
    /// ## References
    /// - [Django: selecting the fields to use](https://docs.djangoproject.com/en/stable/topics/forms/modelforms/#selecting-the-fields-to-use)
    RULE {
        id: "modelform-fields-all",
        group: "forms",
        summary: "a form takes every field of its model",
        severity: High,
        cwe: [915],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.3"],
        checklist: ["mass-assignment"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const EDITING: &[&str] = &["django.views.generic.edit.ModelFormMixin"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let admin = admin_forms(cx);
    let saved = sent(cx).into_iter().filter(|sent| sent.used.act != FormAct::Made);
    let sent: BTreeSet<&QualifiedName> = saved.map(|sent| &sent.used.class).collect();
    for class in cx.classes_of(Kind::ModelForm) {
        let is_admin = |base: &QualifiedName| admin.contains(base);
        // Whatever it is called, one that plain users send is theirs.
        if (class.order.iter().any(is_admin) && !sent.contains(&class.name))
            || class.at.code.symbol("__all__").is_none() && class.meta("exclude").is_none()
        {
            continue;
        }
        let Some((said, span)) = fields::said(&class) else { continue };
        let Some(model) = fields::model(cx, &class) else { continue };
        report(cx, &class, &said, span, &model, out);
    }
    for class in cx.classes_of(Kind::View) {
        if class.position(EDITING).is_none() {
            continue;
        }
        let Some(value) = class.attribute("fields") else { continue };
        let model = class.attribute("model").and_then(|e| cx.model_named(class.at, e));
        let model = model
            .or_else(|| cx.query_model(class.at, class.attribute("queryset")?))
            .unwrap_or(QualifiedName::Unknown);
        report(cx, &class, &fields::read(class.at, value), class.at.expr_span(value), &model, out);
    }
}

/// The forms that admin classes use, and those that stand in their modules.
fn admin_forms(cx: &Cx<'_>) -> Vec<QualifiedName> {
    let mut forms = Vec::new();
    for class in cx.own_classes() {
        if class.is(Kind::ModelAdmin) || class.is(Kind::Inline) {
            for attribute in ["form", "add_form"] {
                forms.extend(class.attribute(attribute).map(|e| cx.resolved(class.at, e)));
            }
        } else if class.is(Kind::ModelForm) {
            let module = cx.program.module(class.at.module).map(|module| &*module.name);
            let admin =
                module.is_some_and(|name| name.split('.').any(|part| part.starts_with("admin")));
            if admin || class.path().contains("Admin") {
                forms.push(class.name.clone());
            }
        }
    }
    forms
}

fn report(
    cx: &Cx<'_>,
    class: &OwnClass<'_>,
    said: &Said<'_>,
    span: Span,
    model: &QualifiedName,
    out: &mut Findings,
) {
    let (without, how) = match said {
        Said::All => (Vec::new(), "every field of its model"),
        Said::Except(names) => (names.clone(), "every field of its model but some"),
        Said::These(_) | Said::Unknown => return,
    };
    let mut left = fields::sensitive(cx, model, &without, true);
    // Other secrets are entered in forms; the hash of a user's password is not.
    let user = *model == cx.user_model();
    left.retain(|field| field.why != Why::Secret || (user && &*field.name == "password"));
    let harm = fields::words(&left, &[Why::Privilege, Why::Secret, Why::Worth]);
    let owner = fields::words(&left, &[Why::Owner]);
    let all = matches!(said, Said::All);
    let (severity, confidence, message) = match (harm, owner) {
        (Some(names), _) => {
            (Severity::High, Confidence::High, format!("the form takes {how}, also {names}"))
        }
        (None, Some(names)) => {
            (Severity::Low, Confidence::Medium, format!("the form takes {how}, also {names}"))
        }
        // Nothing to be lost today: only for who wants to know.
        (None, None) if all => (Severity::Info, Confidence::Low, format!("the form takes {how}")),
        (None, None) => return,
    };
    out.found(&RULE, span, class.path(), message)
        .severity(severity)
        .confidence(confidence)
        .help("name the fields that the form shows")
        .done();
}
