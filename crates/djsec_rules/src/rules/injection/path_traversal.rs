use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of the path of a file that is read, written, moved or
    /// removed, or that the web server sends for the application.
    ///
    /// ## Why it matters
    /// With `../` in it, or as an absolute path, the name leads out of the folder that was meant: to the
    /// settings with their secrets, to other people's files, or, where the application writes, to its own
    /// code.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import os
    ///
    /// from django.conf import settings
    /// from django.http import FileResponse
    ///
    ///
    /// def download(request):
    ///     path = os.path.join(settings.MEDIA_ROOT, request.GET["name"])
    ///     return FileResponse(open(path, "rb"))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A path that is joined safely, one that is checked, and the last part of a name:
    /// ```python views.py
    /// import os
    /// from pathlib import Path
    ///
    /// from django.conf import settings
    /// from django.http import FileResponse, Http404
    /// from django.utils._os import safe_join
    ///
    /// ROOT = Path("/srv/reports")
    ///
    ///
    /// def joined(request):
    ///     return FileResponse(open(safe_join(settings.MEDIA_ROOT, request.GET["name"]), "rb"))
    ///
    ///
    /// def checked(request):
    ///     path = (ROOT / request.GET["name"]).resolve()
    ///     if not path.is_relative_to(ROOT):
    ///         raise Http404
    ///     return FileResponse(path.open("rb"))
    ///
    ///
    /// def last_part(request):
    ///     return FileResponse(open(ROOT / os.path.basename(request.GET["name"]), "rb"))
    /// ```
    ///
    /// ## How to fix
    /// Let a storage open the file (`default_storage.open`), or join with `safe_join`. Better still, look
    /// a row up by its id and open the file that it names. With `pathlib`, resolve the path and then ask
    /// `is_relative_to`.
    ///
    /// ## Limits
    /// That a path begins with a folder (`startswith`) is taken as a check, though it says little of a
    /// path that was not resolved. Texts without slashes from an address (`<str:name>`) are taken as
    /// harmless, and so are names of uploaded files, which Django cuts to their last part. What a check
    /// in another function says is believed where it stands under an `if` or raises.
    ///
    /// ## References
    /// - [OWASP: path traversal](https://owasp.org/www-community/attacks/Path_Traversal)
    /// - [Django: managing files](https://docs.djangoproject.com/en/stable/topics/files/)
    RULE {
        id: "path-traversal",
        group: "injection",
        summary: "data of a request chooses a file",
        severity: High,
        cwe: [22, 73],
        owasp: ["2025:A01"],
        asvs: ["5.0:5.3.2"],
        checklist: ["no-path-traversal"],
        since: "next",
        checks: [Check::Flow(&[Kind::Path], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    report(&RULE, flow, "decides", out)
        .help("join it with `safe_join`, or let a storage open the file")
        .done();
}
