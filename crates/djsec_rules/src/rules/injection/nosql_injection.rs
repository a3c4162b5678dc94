use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds parts of a JSON body that become part of a query of MongoDB or Elasticsearch: as its whole,
    /// or as a value in it.
    ///
    /// ## Why it matters
    /// A value in JSON may be an object, and an object in a query is an operator: `{"password": {"$ne":
    /// ""}}` is true for every password, `{"$where": "…"}` runs code in the database.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import json
    ///
    /// from django.http import JsonResponse
    /// from pymongo import MongoClient
    ///
    /// users = MongoClient()["shop"]["users"]
    ///
    ///
    /// def sign_in(request):
    ///     data = json.loads(request.body)
    ///     user = users.find_one({"name": data["name"], "pin": data["pin"]})  # finding
    ///     return JsonResponse({"found": user is not None})
    /// ```
    ///
    /// ## Not flagged
    /// Values that were made texts or numbers, and those of a form or a query string, which are texts:
    /// ```python views.py
    /// import json
    ///
    /// from django.http import JsonResponse
    /// from pymongo import MongoClient
    ///
    /// users = MongoClient()["shop"]["users"]
    ///
    ///
    /// def sign_in(request):
    ///     data = json.loads(request.body)
    ///     user = users.find_one({"name": str(data["name"]), "pin": int(data["pin"])})
    ///     same = users.find_one({"name": request.POST["name"]})
    ///     return JsonResponse({"found": user == same})
    /// ```
    ///
    /// ## How to fix
    /// Read the body with a serializer or a form, or turn each value into the type that is meant:
    /// `str(data["name"])`. Never pass a body as the query.
    ///
    /// ## Limits
    /// Methods of MongoDB that have names of their own (`find_one`, `delete_many`) are told from these,
    /// so that most findings have medium confidence; `find` is not, unless the collection's class is
    /// known. JavaScript that is put together from texts (`$where`) is not looked for.
    ///
    /// ## References
    /// - [OWASP: NoSQL security](https://cheatsheetseries.owasp.org/cheatsheets/NoSQL_Security_Cheat_Sheet.html)
    RULE {
        id: "nosql-injection",
        group: "injection",
        summary: "JSON of a request becomes part of a query of MongoDB",
        severity: High,
        cwe: [943],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.4"],
        checklist: ["query-fields-validated", "input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Nosql], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "becomes part of", out)
        .help("turn each value into the type that is meant: `str(data[\"name\"])`")
        .done();
}
