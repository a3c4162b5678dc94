use djsec_base::Span;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::{BindingKind, ModuleId, QualifiedName};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `CSRF_FAILURE_VIEW` that does not exist, or that does not take the arguments Django
    /// gives it.
    ///
    /// ## Why it matters
    /// Django calls this view when a request fails the CSRF check. If it cannot, the refusal becomes a
    /// server error: still refused, but with a traceback in the log for each attempt and a page that tells the
    /// user nothing.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// CSRF_FAILURE_VIEW = "shop.views.csrf_failed"  # finding
    /// ```
    /// ```python views.py
    /// def csrf_failure(request, reason=""): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// CSRF_FAILURE_VIEW = "shop.views.csrf_failure"
    /// ```
    /// ```python views.py
    /// def csrf_failure(request, reason=""): ...
    /// ```
    ///
    /// ## How to fix
    /// Give the dotted path of a function `def csrf_failure(request, reason="")`.
    ///
    /// ## Limits
    /// Only functions of the project are looked at. A path into a module that is not in the repository
    /// may come from a package, and is not reported (Django's `security.E102` imports it).
    ///
    /// ## References
    /// - [Django: CSRF_FAILURE_VIEW](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-failure-view)
    RULE {
        id: "csrf-failure-view-invalid",
        group: "csrf",
        summary: "the view for refused requests cannot be called",
        severity: Low,
        cwe: [693],
        owasp: ["2025:A10"],
        checklist: ["csrf-middleware"],
        django: ["security.E101", "security.E102"],
        since: "next",
        checks: [Check::Setting(&["CSRF_FAILURE_VIEW"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.alternatives() {
        let Some(path) = part.data.as_str() else { continue };
        let Some((module, name)) = path.rsplit_once('.') else {
            missing(cx, setting, &part, path, out);
            continue;
        };
        match cx.program.find(module, &cx.project.root) {
            Some(id) => function(cx, setting, &part, (id, name), out),
            None if is_package_of_project(cx, module) => missing(cx, setting, &part, path, out),
            None => {}
        }
    }
}

fn missing(cx: &Cx<'_>, setting: &SettingRef<'_>, part: &Part<'_>, path: &str, out: &mut Findings) {
    let message = format!("`{path}` does not exist, so refused requests end in a server error");
    out.judge(cx, &RULE, setting, part.when, message)
        .help("give the dotted path of a function `def csrf_failure(request, reason=\"\")`")
        .django_check("security.E102")
        .done();
}

/// Whether a module that is not there would have to be in a package that is.
fn is_package_of_project(cx: &Cx<'_>, module: &str) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    cx.program
        .find(top, &cx.project.root)
        .and_then(|id| cx.program.module(id))
        .is_some_and(|module| module.is_package)
}

fn function(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    part: &Part<'_>,
    (module, name): (ModuleId, &str),
    out: &mut Findings,
) {
    let Some(found) = cx.program.module(module) else { return };
    let defined = found.summary.named(name).next().is_some();
    if !defined && found.summary.star_imports().next().is_none() && !found.summary.unread {
        missing(cx, setting, part, &format!("{}.{name}", found.name), out);
        return;
    }
    let resolved = cx.program.resolve(module, name);
    let QualifiedName::Project(home, _) = &resolved else { return };
    let Some(binding) = cx.program.binding(&resolved) else { return };
    let BindingKind::Function(decorators) = &binding.kind else { return };
    let Some(file) = cx.program.module(*home).map(|module| module.file) else { return };
    let span = Span::new(file, binding.range);
    if decorators.is_empty() && parameters(cx.files.slice(span)).is_some_and(|list| !fits(&list)) {
        let message = format!(
            "`{name}` cannot be called as `{name}(request, reason=…)`, so refused requests end in a \
             server error"
        );
        out.judge(cx, &RULE, setting, part.when, message)
            .related(Some(span), "the view")
            .help(format!("write `def {name}(request, reason=\"\")`"))
            .django_check("security.E101")
            .done();
    }
}

/// The parameters of a function, each as written, from the text of its definition.
fn parameters(definition: &str) -> Option<Vec<String>> {
    let (_, rest) = definition.split_once('(')?;
    let mut depth = 0_u32;
    let mut list = vec![String::new()];
    for c in rest.chars() {
        match c {
            '\'' | '"' | '#' if depth > 0 => return None,
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                return Some(
                    list.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect(),
                );
            }
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                list.push(String::new());
                continue;
            }
            _ => {}
        }
        list.last_mut()?.push(c);
    }
    None
}

/// Whether a call with one positional argument and `reason` works.
fn fits(parameters: &[String]) -> bool {
    let mut positional = false;
    let mut reason = false;
    let mut keyword_only = false;
    for (at, parameter) in parameters.iter().enumerate() {
        let name = parameter.split([':', '=']).next().unwrap_or_default().trim();
        let optional = parameter.contains('=');
        match name {
            "/" => reason = false,
            "*" => keyword_only = true,
            _ if name.starts_with("**") => reason = true,
            _ if name.starts_with('*') => {
                positional = true;
                keyword_only = true;
            }
            _ if at == 0 && !keyword_only => positional = true,
            "reason" => reason = true,
            _ if optional => {}
            _ => return false,
        }
    }
    positional && reason
}
