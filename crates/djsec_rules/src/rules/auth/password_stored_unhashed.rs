use djsec_base::{Confidence, Severity};
use djsec_django::models::Why;
use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId, Stmt};

use crate::own::{Kind, OwnClass, Site};
use crate::requests::from_request;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords that reach the user's `password` column as they are: `objects.create(…,
    /// password=…)`, `user.password = …`, and a serializer of the user model that writes the column
    /// without a `create()` of its own.
    ///
    /// ## Why it matters
    /// The column is for hashes. A password stored there as text does not log in, and everybody who
    /// sees the table, a backup or the admin reads what people use elsewhere, too.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    ///
    ///
    /// def register(request):
    ///     User.objects.create(
    ///         username=request.POST["name"],
    ///         password=request.POST["password"],  # finding
    ///     )
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.hashers import make_password
    /// from django.contrib.auth.models import User
    ///
    ///
    /// def register(request):
    ///     User.objects.create_user(request.POST["name"], password=request.POST["password"])
    ///
    ///
    /// def copy(name, secret):
    ///     User.objects.create(username=name, password=make_password(secret))
    /// ```
    ///
    /// ## How to fix
    /// Use `create_user()`, or `set_password()` before `save()`. Accounts that were made so need a new
    /// password.
    ///
    /// ## References
    /// - [Django: creating users](https://docs.djangoproject.com/en/stable/topics/auth/default/#creating-users)
    RULE {
        id: "password-stored-unhashed",
        group: "auth",
        summary: "a password is stored as text",
        severity: Critical,
        cwe: [256, 312],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:11.4.2"],
        checklist: ["password-hashing"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const MAKES: &[&str] = &["create", "get_or_create", "update_or_create", "acreate"];
const HELP: &str = "use `create_user()`, or `set_password()` before `save()`";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if cx.models().sensitive(&cx.user_model()).iter().any(|field| &*field.name == "password") {
        for at in cx.sites().filter(|at| at.code.symbol("password").is_some()) {
            created(cx, at, out);
            assigned(at, out);
        }
        for class in cx.classes_of(Kind::ModelSerializer) {
            serializer(cx, &class, out);
        }
    }
}

fn created(cx: &Cx<'_>, at: Site<'_>, out: &mut Findings) {
    for (id, expr) in at.code.all_exprs() {
        let Expr::Call(callee, _) = expr else { continue };
        let Some((_, arguments)) = at.code.call(id) else { continue };
        let Some(given) = password(at, arguments) else { continue };
        let model = match at.code.expr(callee) {
            Expr::Attribute(_, name) if MAKES.contains(&at.code.text(name)) => {
                cx.query_model(at, callee)
            }
            Expr::Name(_) => cx.model_named(at, callee),
            _ => None,
        };
        if model.is_none_or(|model| model != cx.user_model()) || !is_text(at, given) {
            continue;
        }
        out.found(&RULE, at.expr_span(given), "password", "the password is stored as it is")
            .confidence(Confidence::High)
            .help(HELP)
            .done();
    }
}

/// The password among the keywords, or among those of `defaults={…}`.
fn password(at: Site<'_>, arguments: &[Argument]) -> Option<ExprId> {
    let code = at.code;
    code.keyword(arguments, "password").or_else(|| {
        let Expr::Dict(entries) = code.expr(code.keyword(arguments, "defaults")?) else {
            return None;
        };
        let entry = code
            .entries(entries)
            .iter()
            .find(|(key, _)| key.and_then(|key| code.string(key)) == Some("password"))?;
        Some(entry.1)
    })
}

/// Whether a value is a password as it was typed, as far as can be told: not the result of a call
/// that may hash it, and not a hash that stood elsewhere.
fn is_text(at: Site<'_>, given: ExprId) -> bool {
    let start = at.code.expr_range(given).start();
    let function = at.code.function_around(start).and_then(|id| at.code.function(id));
    if let Some(function) = function {
        if from_request(at, function, given) {
            return true;
        }
        if at.mentions(function, &["make_password", "set_password", "hash_password"]) {
            return false;
        }
    }
    match at.code.expr(given) {
        Expr::Str(text) => {
            let text = at.code.text(text);
            !text.is_empty() && !text.starts_with('!') && !text.contains('$')
        }
        // `validated_data["password"]`, `form.cleaned_data["password"]`
        Expr::Subscript(value, _) => clean(at, value),
        Expr::Call(callee, _) => match at.code.expr(callee) {
            Expr::Attribute(owner, name) => {
                matches!(at.code.text(name), "get" | "pop") && clean(at, owner)
            }
            _ => false,
        },
        _ => false,
    }
}

fn clean(at: Site<'_>, value: ExprId) -> bool {
    match at.code.expr(value) {
        Expr::Name(name) | Expr::Attribute(_, name) => {
            matches!(at.code.text(name), "validated_data" | "cleaned_data")
        }
        _ => false,
    }
}

/// `user.password = request.POST["password"]`
fn assigned(at: Site<'_>, out: &mut Findings) {
    for (_, stmt) in at.code.all_stmts() {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
        for target in at.code.exprs(targets) {
            let Expr::Attribute(owner, name) = at.code.expr(*target) else { continue };
            if at.code.text(name) != "password" || !is_user(at, owner) || !is_text(at, value) {
                continue;
            }
            out.found(&RULE, at.expr_span(value), "password", "the password is stored as it is")
                .confidence(Confidence::Medium)
                .help(HELP)
                .done();
        }
    }
}

fn is_user(at: Site<'_>, owner: ExprId) -> bool {
    match at.code.expr(owner) {
        Expr::Name(name) | Expr::Attribute(_, name) => {
            let name = at.code.text(name);
            name == "user" || name.ends_with("_user")
        }
        _ => false,
    }
}

/// A serializer of the user model that lets DRF write the column.
fn serializer(cx: &Cx<'_>, class: &OwnClass<'_>, out: &mut Findings) {
    let code = class.at.code;
    let Some(fields) = class.meta("fields") else { return };
    let listed = Cx::texts(class.at, fields).into_iter().find(|(name, _)| *name == "password");
    let Some((_, place)) = listed else { return };
    let model = class.meta("model").and_then(|e| cx.model_named(class.at, e));
    if !model.is_some_and(|model| model == cx.user_model() && is_hash(cx, &model)) {
        return;
    }
    let own = ["create", "save", "validate", "validate_password", "to_internal_value"];
    let read_only = class
        .meta("read_only_fields")
        .is_some_and(|e| Cx::texts(class.at, e).iter().any(|(name, _)| *name == "password"));
    let extra = class
        .meta("extra_kwargs")
        .is_some_and(|e| cx.source(class.at.expr_span(e)).contains("read_only"));
    let declared = class
        .attribute("password")
        .is_some_and(|e| cx.source(class.at.expr_span(e)).contains("read_only"));
    let hashed_elsewhere = ["set_password", "make_password", "create_user"]
        .iter()
        .any(|name| code.symbol(name).is_some() || saved_by_model(cx, name));
    if read_only
        || extra
        || declared
        || hashed_elsewhere
        || own.iter().any(|name| cx.counting_method(&class.name, name).is_some())
        || !cx.classes.is_complete(&class.name)
    {
        return;
    }
    let message = "the serializer stores the password as it comes";
    out.found(&RULE, class.at.expr_span(place), class.path(), message)
        .severity(Severity::High)
        .confidence(Confidence::Medium)
        .help("write `create()` and `update()` that call `set_password()`")
        .done();
}

fn is_hash(cx: &Cx<'_>, model: &QualifiedName) -> bool {
    let sensitive = cx.models().sensitive(model);
    sensitive.iter().any(|field| &*field.name == "password" && field.why == Why::Secret)
}

/// Whether a view or the user model's `save()` hashes: any code that uses a serializer may.
fn saved_by_model(cx: &Cx<'_>, name: &str) -> bool {
    cx.sites().any(|at| {
        at.code.symbol(name).is_some()
            && (at.code.symbol("perform_create").is_some()
                || at.code.symbol("serializer").is_some())
    })
}
