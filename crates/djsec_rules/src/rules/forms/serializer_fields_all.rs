use djsec_base::{Confidence, Severity, Span};
use djsec_django::models::Why;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::fields::{self, Said};
use crate::own::{Kind, OwnClass};
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
    /// Schemas of Ninja count where an operation takes or gives them.
    ///
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
        checks: [Check::Project(check), Check::Project(schemas)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes() {
        let serializer = class.is(Kind::ModelSerializer);
        if !serializer && !class.is(Kind::FilterSet) {
            continue;
        }
        let Some((whole, span)) = Whole::of(cx, &class) else { continue };
        let mut left = fields::sensitive(cx, &whole.model, &whole.without, !serializer);
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
                format!("{what} {}, also {names}", whole.how),
            ),
            // Nothing to be lost today: only for who wants to know.
            None if serializer && whole.all => {
                (Severity::Info, Confidence::Low, format!("{what} {}", whole.how))
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

/// A class with every field of its model, or all but some.
struct Whole<'a> {
    model: QualifiedName,
    without: Vec<&'a str>,
    /// Whether nothing is left out.
    all: bool,
    how: &'static str,
}

impl<'a> Whole<'a> {
    /// What a class says of its fields, and where; nothing where it lists them.
    fn of(cx: &Cx<'a>, class: &OwnClass<'a>) -> Option<(Self, Span)> {
        let (said, span) = fields::said(class)?;
        let model = fields::model(cx, class)?;
        let (all, without, how) = match said {
            Said::All => (true, Vec::new(), "every field of its model"),
            Said::Except(names) => (false, names, "every field of its model but some"),
            Said::These(_) | Said::Unknown => return None,
        };
        Some((Self { model, without, all, how }, span))
    }
}

/// Schemas of Ninja: what an operation takes may be written, and what it gives is read.
fn schemas(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::NinjaSchema) {
        let Some((whole, span)) = Whole::of(cx, &class) else { continue };
        let (taken, given) = used(cx, &class.name);
        let harm: &[Why] = match (taken, given) {
            (true, true) => &[Why::Secret, Why::Privilege, Why::Worth],
            (true, false) => &[Why::Privilege, Why::Worth],
            (false, true) => &[Why::Secret],
            (false, false) => continue,
        };
        let mut left = fields::sensitive(cx, &whole.model, &whole.without, !given);
        left.retain(|field| harm.contains(&field.why));
        let Some(names) = fields::words(&left, harm) else { continue };
        let message = format!("the schema has {}, also {names}", whole.how);
        let grave =
            left.iter().any(|field| field.why != Why::Secret || field.name.contains("password"));
        out.found(&RULE, span, class.path(), message)
            .severity(if grave { Severity::High } else { Severity::Medium })
            .confidence(if grave { Confidence::High } else { Confidence::Medium })
            .help("name the fields that clients need")
            .done();
    }
}

/// Whether operations take a schema, as the type of a parameter, and whether they give it: `response=list[NoteOut]`.
fn used(cx: &Cx<'_>, schema: &QualifiedName) -> (bool, bool) {
    let (mut taken, mut given) = (false, false);
    for at in cx.sites() {
        let names = |whole: ExprId| {
            let mut found = false;
            at.code.each_inner(whole, &mut |id, expr| {
                found |= matches!(expr, Expr::Name(_) | Expr::Attribute(..))
                    && cx.resolved(at, id) == *schema;
            });
            found
        };
        for (_, function) in at.code.functions() {
            // An operation is routed by its decorator.
            if at.code.exprs(function.decorators).is_empty() {
                continue;
            }
            let mut annotations = function.parameters.iter().filter_map(|one| one.annotation);
            taken |= annotations.any(names);
            given |= at.code.exprs(function.decorators).iter().any(|one| {
                let response = at
                    .code
                    .call(*one)
                    .and_then(|(_, arguments)| at.code.keyword(arguments, "response"));
                response.is_some_and(names)
            });
        }
    }
    (taken, given)
}
