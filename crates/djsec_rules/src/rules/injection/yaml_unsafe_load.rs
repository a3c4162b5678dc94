use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that `yaml.load` reads with a loader that is not a safe one, or that
    /// `full_load` or `unsafe_load` read.
    ///
    /// ## Why it matters
    /// YAML has tags for Python's objects (`!!python/object/apply:os.system`). The unsafe loaders follow
    /// them, so that whoever sends the request runs code on the server.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import yaml
    /// from django.http import JsonResponse
    ///
    ///
    /// def load(request):
    ///     return JsonResponse(yaml.load(request.body, Loader=yaml.Loader))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// The safe loaders:
    /// ```python views.py
    /// import yaml
    /// from django.http import JsonResponse
    ///
    ///
    /// def load(request):
    ///     one = yaml.safe_load(request.body)
    ///     two = yaml.load(request.body, Loader=yaml.SafeLoader)
    ///     return JsonResponse({"one": one, "two": two})
    /// ```
    ///
    /// ## How to fix
    /// Use `yaml.safe_load`, or pass `Loader=yaml.CSafeLoader`.
    ///
    /// ## Limits
    /// A loader that cannot be told lowers the confidence. `full_load` runs no code as far as is known
    /// since PyYAML 5.4, but makes objects, and its authors advise against it for what comes from
    /// outside. ruamel.yaml is not looked at.
    ///
    /// ## References
    /// - [PyYAML: documentation](https://pyyaml.org/wiki/PyYAMLDocumentation)
    RULE {
        id: "yaml-unsafe-load",
        group: "injection",
        summary: "data of a request is loaded as YAML that can make any object",
        severity: High,
        cwe: [502],
        owasp: ["2025:A08"],
        asvs: ["5.0:1.5.2"],
        checklist: ["no-unsafe-deserialization"],
        since: "next",
        checks: [Check::Flow(&[Kind::Yaml], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "is loaded as", out).help("use `yaml.safe_load`").done();
}
