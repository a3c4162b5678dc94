use djsec_base::Severity;
use djsec_django::hierarchy::{AttributeValue, KnownValue};
use djsec_django::models::{Why, is_secret_name};
use djsec_python::QualifiedName;
use djsec_python::code::Expr;

use crate::own::{Kind, OwnClass};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds API views whose clients may sort or filter by every column of the model (`"__all__"`), or
    /// search in secrets, and page sizes that clients choose without an upper bound.
    ///
    /// ## Why it matters
    /// What is not shown can still be asked for: sorting users by `password`, or searching for the
    /// beginning of a token, gives it away letter by letter. A client that asks for pages of a million
    /// rows keeps the database and the process busy for everybody.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from rest_framework.viewsets import ReadOnlyModelViewSet
    ///
    ///
    /// class Users(ReadOnlyModelViewSet):
    ///     queryset = User.objects.all()
    ///     ordering_fields = "__all__"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from rest_framework.viewsets import ReadOnlyModelViewSet
    ///
    ///
    /// class Users(ReadOnlyModelViewSet):
    ///     queryset = User.objects.all()
    ///     ordering_fields = ["last_name", "date_joined"]
    /// ```
    ///
    /// ## How to fix
    /// Name the columns; set `max_page_size` (or `max_limit`).
    ///
    /// ## Limits
    /// A model without secrets gives nothing away by its order, and is left alone.
    ///
    /// ## References
    /// - [DRF: specifying which fields may be ordered against](https://www.django-rest-framework.org/api-guide/filtering/#specifying-which-fields-may-be-ordered-against)
    /// - [DRF: PageNumberPagination](https://www.django-rest-framework.org/api-guide/pagination/#pagenumberpagination)
    RULE {
        id: "drf-query-surface-open",
        group: "api",
        summary: "clients may sort, search or page without limits",
        severity: Medium,
        cwe: [200, 770],
        owasp: ["2025:A01", "2025:A06"],
        asvs: ["5.0:15.3.1"],
        checklist: ["query-fields-validated"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes() {
        if class.is(Kind::ApiView) {
            columns(cx, &class, out);
        } else if class.is(Kind::Pagination) {
            page_size(cx, &class, out);
        }
    }
}

fn model(cx: &Cx<'_>, class: &OwnClass<'_>) -> Option<QualifiedName> {
    let (at, queryset) = cx.assigned(&class.name, "queryset")?;
    cx.query_model(at, queryset)
}

fn columns(cx: &Cx<'_>, class: &OwnClass<'_>, out: &mut Findings) {
    let attributes = [
        ("ordering_fields", "sort by"),
        ("filterset_fields", "filter by"),
        ("search_fields", "search in"),
    ];
    for (attribute, verb) in attributes {
        let Some(value) = class.attribute(attribute) else { continue };
        let Some(model) = model(cx, class) else { continue };
        let secrets: Vec<_> = cx
            .models()
            .sensitive(&model)
            .into_iter()
            .filter(|field| field.why == Why::Secret)
            .collect();
        if class.at.code.string(value) == Some("__all__") {
            let Some(secret) = secrets.first() else { continue };
            let message = format!("clients may {verb} every column, also `{}`", secret.name);
            report(class, class.at.expr_span(value), message, out);
            continue;
        }
        for (text, place) in Cx::texts(class.at, value) {
            let path = text.trim_start_matches(['^', '=', '@', '$']);
            let column = path.rsplit("__").next().unwrap_or(path);
            let whole = path == column && secrets.iter().any(|field| *field.name == *column);
            let related = path.ends_with("user__password") && is_secret_name(column);
            if whole || related {
                let message = format!("clients may {verb} `{path}`");
                report(class, class.at.expr_span(place), message, out);
            }
        }
    }
}

fn report(class: &OwnClass<'_>, span: djsec_base::Span, message: String, out: &mut Findings) {
    out.found(&RULE, span, class.path(), message)
        .help("name the columns that clients need, secrets left out")
        .done();
}

/// A page size from the client without an upper bound.
fn page_size(cx: &Cx<'_>, class: &OwnClass<'_>, out: &mut Findings) {
    let Some(value) = class.attribute("page_size_query_param") else { return };
    if !matches!(class.at.code.expr(value), Expr::Str(_)) {
        return;
    }
    let bound = cx.classes.attribute(&class.name, "max_page_size");
    let unbounded = bound.is_some_and(|found| match found.value {
        AttributeValue::Known(KnownValue::None) => true,
        AttributeValue::Assigned(_, code, value) => matches!(code.expr(value), Expr::None),
        _ => false,
    });
    let methods = ["get_page_size", "paginate_queryset"];
    if !unbounded || methods.iter().any(|name| cx.counting_method(&class.name, name).is_some()) {
        return;
    }
    let message = "clients choose the page size, and nothing bounds it";
    out.found(&RULE, class.at.expr_span(value), class.path(), message)
        .severity(Severity::Low)
        .help("set `max_page_size`")
        .done();
}
