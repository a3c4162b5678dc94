use std::sync::Arc;

use djsec_django::models::Why;
use djsec_django::views::objects::FormAct;

use super::decides::form_decides;
use super::hidden;
use super::privileged;
use super::sent;
use crate::{Check, Cx, Findings, declare_rule, privileges};

declare_rule! {
    /// ## What it does
    /// Finds model forms and editing views that plain users reach and that let them fill in a field which
    /// decides something about them: what they may do (`is_staff`, `groups`, `role`), whose a row is
    /// (`owner`), what it costs, what they have, or whether somebody has checked or paid it.
    ///
    /// ## Why it matters
    /// Whatever the page shows, who sends the form may send these fields: a user makes himself staff, puts
    /// a row under another's name, or marks his own order as paid.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import UpdateView
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class Profile(LoginRequiredMixin, UpdateView):
    ///     model = Customer
    ///     fields = ["first_name", "is_staff"]  # finding
    ///
    ///     def get_object(self):
    ///         return self.request.user
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop.views import Profile
    ///
    /// urlpatterns = [path("profile/", Profile.as_view())]
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     pass
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import UpdateView
    ///
    /// from shop.models import Customer
    ///
    ///
    /// class Profile(LoginRequiredMixin, UpdateView):
    ///     model = Customer
    ///     fields = ["first_name", "last_name"]
    ///
    ///     def get_object(self):
    ///         return self.request.user
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from shop.views import Profile
    ///
    /// urlpatterns = [path("profile/", Profile.as_view())]
    /// ```
    ///
    /// ## How to fix
    /// Leave the field out of the form, and set it in the view: `form.instance.owner = request.user`. Give
    /// staff a form of their own.
    ///
    /// ## Limits
    /// Only forms of which djsec sees that a view saves them count, and only where the view needs no more
    /// than a login. A form or view that names the field in its code is taken to decide about it. That a
    /// row can be put under another user's name is said with high confidence only where the project ties
    /// the model to who asks elsewhere, else with a low one. Forms that take every field of their model are
    /// `modelform-fields-all`.
    ///
    /// ## References
    /// - [OWASP: mass assignment](https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html)
    RULE {
        id: "modelform-privileged-field",
        group: "forms",
        summary: "users can fill in a field that decides what they may do or own",
        severity: High,
        cwe: [915, 269],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.3", "5.0:8.2.3"],
        checklist: ["mass-assignment", "least-privilege-roles"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const FORM: &[&str] = &["django.forms.models.BaseModelForm"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told = Vec::new();
    for sent in sent::sent(cx) {
        let (used, Some(model)) = (sent.used, &sent.used.model) else { continue };
        let of_view = sent.is_of_view();
        let form = of_view && !sent.endpoint.is_rest()
            || cx.classes.derives_from(&used.class, FORM) == Some(true);
        if used.act == FormAct::Made || !form {
            continue;
        }
        let Some(listed) = sent::listed(cx, &sent) else { continue };
        let scoped = cx.customs().get(model).and_then(|custom| custom.scoped);
        let elsewhere = [Why::Privilege, Why::Worth, Why::Owner];
        for (field, place) in privileged::privileged(cx, &listed, model, &elsewhere) {
            // That the page does not let people edit it, `hidden-field-trusted` says.
            let kept = || !of_view && hidden::kept(cx, &used.class, &field.name).is_some();
            let decided = sent.decides(cx, &field.name)
                || kept()
                || (!of_view && form_decides(cx, &used.class, &field.name));
            let key = (place, Arc::clone(&field.name));
            if decided || told.contains(&key) {
                continue;
            }
            told.push(key);
            let (severity, confidence) = privileges::rated(field.why, scoped.is_some());
            let message = privileged::message(&sent, "fill in", &field);
            out.found(&RULE, place, sent.subject(cx, &field.name), message)
                .severity(severity)
                .confidence(confidence)
                .help(format!("leave `{}` out of the form, and set it in the view", field.name))
                .done();
        }
    }
}
