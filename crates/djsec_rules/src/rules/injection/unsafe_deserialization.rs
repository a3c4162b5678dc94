use djsec_flow::{Flow, Kind};

use super::report::is_fixture;
use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that pickle, marshal, dill, jsonpickle, joblib, PyTorch or pandas loads as
    /// an object.
    ///
    /// ## Why it matters
    /// A pickle is a program: it calls any function while it is loaded, before anything can look at the
    /// result. Whoever sends the request runs code on the server.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import base64
    /// import pickle
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def basket(request):
    ///     data = base64.b64decode(request.COOKIES["basket"])
    ///     return JsonResponse({"items": pickle.loads(data)})  # finding
    /// ```
    ///
    /// ## Not flagged
    /// JSON, and values that the application signed itself:
    /// ```python views.py
    /// import json
    ///
    /// from django.core import signing
    /// from django.http import JsonResponse
    ///
    ///
    /// def basket(request):
    ///     items = json.loads(request.COOKIES["basket"])
    ///     return JsonResponse({"items": items, "old": signing.loads(request.COOKIES["old"])})
    /// ```
    ///
    /// ## How to fix
    /// Use JSON. Where an object has to come back from the browser, keep it in the session and send its
    /// key.
    ///
    /// ## Limits
    /// YAML is `yaml-unsafe-load`, Django's own fixtures are `fixture-deserialization-from-user`. Data
    /// that was stored before (a pickled field) is reported only with `--confidence low`, unless a view is seen
    /// that stores what any user sends. Importing pickle is not reported.
    ///
    /// ## References
    /// - [Python: pickle](https://docs.python.org/3/library/pickle.html)
    /// - [OWASP: deserialization](https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html)
    RULE {
        id: "unsafe-deserialization",
        group: "injection",
        summary: "data of a request is unpickled",
        severity: Critical,
        cwe: [502],
        owasp: ["2025:A08"],
        asvs: ["5.0:1.5.2"],
        checklist: ["no-unsafe-deserialization"],
        since: "next",
        checks: [Check::Flow(&[Kind::Deserialize], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if !is_fixture(flow) {
        tell(&RULE, cx, flow, "decides", out).help("use JSON").done();
    }
}
