use djsec_base::{Confidence, Severity};
use djsec_django::models::Why;

use super::fields::{self, Said};
use crate::own::Kind;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds model serializers and filter sets with every field of their model (`"__all__"`), or every
    /// field but some (`exclude`).
    ///
    /// ## Why it matters
    /// A serializer shows all of these fields and takes them from the client, unless it says otherwise. A
    /// column added to the model next year is public the same day. Where the model has secrets, or
    /// columns that decide what somebody may do, they are readable or writable today.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Gateway
    ///
    ///
    /// class GatewaySerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Gateway
    ///         fields = "__all__"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python serializers.py
    /// from rest_framework import serializers
    ///
    /// from shop.models import Gateway
    ///
    ///
    /// class GatewaySerializer(serializers.ModelSerializer):
    ///     class Meta:
    ///         model = Gateway
    ///         fields = ["id", "name"]
    /// ```
    ///
    /// ## How to fix
    /// Name the fields.
    ///
    /// ## Limits
    /// `"__all__"` of a model without sensitive columns gives a finding for information, of low
    /// confidence.
    ///
    /// ## References
    /// - [DRF: specifying which fields to include](https://www.django-rest-framework.org/api-guide/serializers/#specifying-which-fields-to-include)
    RULE {
        id: "serializer-fields-all",
        group: "forms",
        summary: "a serializer has every field of its model",
        severity: High,
        cwe: [915, 200],
        owasp: ["2025:A01"],
        asvs: ["5.0:15.3.1", "5.0:15.3.3"],
        checklist: ["mass-assignment"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes() {
        let serializer = class.is(Kind::ModelSerializer);
        if !serializer && !class.is(Kind::FilterSet) {
            continue;
        }
        let Some((said, span)) = fields::said(&class) else { continue };
        let Some(model) = fields::model(cx, &class) else { continue };
        let (without, how) = match &said {
            Said::All => (Vec::new(), "every field of its model"),
            Said::Except(names) => (names.clone(), "every field of its model but some"),
            Said::These(_) | Said::Unknown => continue,
        };
        let mut left = fields::sensitive(cx, &model, &without, !serializer);
        left.retain(|field| {
            field.why != Why::Secret || !serializer || fields::is_shown(cx, &class, &field.name)
        });
        let read_only = class.meta("read_only_fields").is_some();
        let harm: &[Why] = match (serializer, read_only) {
            (true, false) => &[Why::Secret, Why::Privilege, Why::Worth],
            _ => &[Why::Secret],
        };
        let what = if serializer { "the serializer has" } else { "clients may filter by" };
        left.retain(|field| harm.contains(&field.why));
        // Who may read the settings of a service may be meant to see its key; nobody is meant to see a
        // hash, or to make himself superuser.
        let grave = serializer
            && left.iter().any(|field| field.why != Why::Secret || field.name.contains("password"));
        let (severity, confidence, message) = match fields::words(&left, harm) {
            Some(names) => (
                if grave { Severity::High } else { Severity::Medium },
                if grave { Confidence::High } else { Confidence::Medium },
                format!("{what} {how}, also {names}"),
            ),
            // Nothing to be lost today: only for who wants to know.
            None if serializer && matches!(said, Said::All) => {
                (Severity::Info, Confidence::Low, format!("{what} {how}"))
            }
            None => continue,
        };
        out.found(&RULE, span, class.path(), message)
            .severity(severity)
            .confidence(confidence)
            .help("name the fields that clients need")
            .done();
    }
}
