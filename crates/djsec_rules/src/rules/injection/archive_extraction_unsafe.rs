use djsec_flow::{Flow, Kind};

use super::report::{say, source};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds archives of a request that `tarfile` or `shutil.unpack_archive` unpacks without
    /// `filter="data"`.
    ///
    /// ## Why it matters
    /// Names in a tar archive lead out of the folder (`../../app/settings.py`), and links in it lead
    /// anywhere. Whoever sends the archive overwrites files of the application.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import tarfile
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def upload(request):
    ///     with tarfile.open(fileobj=request.FILES["backup"]) as archive:
    ///         archive.extractall("/srv/backups")  # finding
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## Not flagged
    /// The filter for data, and zip files, whose names Python cleans itself:
    /// ```python views.py
    /// import tarfile
    /// import zipfile
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def upload(request):
    ///     with tarfile.open(fileobj=request.FILES["backup"]) as archive:
    ///         archive.extractall("/srv/backups", filter="data")
    ///     with zipfile.ZipFile(request.FILES["images"]) as images:
    ///         images.extractall("/srv/images")
    ///     return JsonResponse({})
    /// ```
    ///
    /// ## How to fix
    /// Pass `filter="data"` (Python 3.12, and later releases of 3.8 to 3.11). From Python 3.14 on it is
    /// the default. Look at the sizes of the members before you unpack, too: a small archive may grow
    /// without bounds.
    ///
    /// ## Limits
    /// The version of Python is not looked at. Members that are unpacked one by one are not reported, nor
    /// are archives without a limit of size. Where `members` is given, the confidence is lower. A zip
    /// file whose names are joined to a path by hand is `path-traversal`.
    ///
    /// ## References
    /// - [Python: extraction filters](https://docs.python.org/3/library/tarfile.html#tarfile-extraction-filter)
    RULE {
        id: "archive-extraction-unsafe",
        group: "injection",
        summary: "an archive of a request is unpacked where its own names say",
        severity: High,
        cwe: [22, 409],
        owasp: ["2025:A01"],
        asvs: ["5.0:5.3.3"],
        checklist: ["no-path-traversal"],
        since: "next",
        checks: [Check::Flow(&[Kind::Archive], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let message = format!("{} is {} where its own names say", source(flow), flow.words);
    say(&RULE, flow, message, out).help("pass `filter=\"data\"`").done();
}
