use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `FILE_UPLOAD_PERMISSIONS` and `FILE_UPLOAD_DIRECTORY_PERMISSIONS` that let every user of
    /// the machine write, that make uploads executable, or that are decimal by mistake.
    ///
    /// ## Why it matters
    /// Everybody on the machine can exchange what visitors download, and another service with a hole
    /// becomes a hole in this one. An executable upload is one step from being executed. `644` without
    /// `0o` is a quite different mode: `0o1204`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// FILE_UPLOAD_PERMISSIONS = 0o666  # finding
    /// FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o777  # finding
    /// ```
    /// ```python settings.py
    /// FILE_UPLOAD_PERMISSIONS = 644  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// FILE_UPLOAD_PERMISSIONS = 0o644
    /// FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
    /// ```
    /// ```python settings.py
    /// FILE_UPLOAD_PERMISSIONS = 0o660
    /// FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o2770
    /// ```
    /// ```python settings.py
    /// FILE_UPLOAD_PERMISSIONS = None
    /// ```
    ///
    /// ## How to fix
    /// `0o640` for files and `0o750` for folders let the web server read through its group; `0o644`,
    /// Django's default, is fine, too.
    ///
    /// ## Fix safety
    /// The fix takes reading from others where the mode let everybody write: a server that is not in the
    /// group can then no longer read.
    ///
    /// ## References
    /// - [Django: FILE_UPLOAD_PERMISSIONS](https://docs.djangoproject.com/en/stable/ref/settings/#file-upload-permissions)
    RULE {
        id: "file-permissions-permissive",
        group: "settings",
        summary: "uploads are written with loose permissions",
        severity: Medium,
        cwe: [732],
        owasp: ["2025:A02"],
        checklist: ["media-outside-webroot"],
        since: "next",
        checks: [
            Check::Setting(
                &["FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"],
                check
            ),
        ],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let folder = &*setting.path == "FILE_UPLOAD_DIRECTORY_PERMISSIONS";
    let (what, safe) = if folder { ("folders", "0o750") } else { ("files", "0o640") };
    for part in setting.alternatives() {
        let Data::Int(mode) = part.data else { continue };
        let source = part.span.map(|span| cx.files.slice(span)).unwrap_or_default();
        let decimal =
            !source.is_empty() && source.bytes().all(|b| b.is_ascii_digit()) && mode > 0o7;
        let (message, severity) = if decimal && source.bytes().all(|b| b < b'8') {
            (
                format!("`{source}` without `0o` is the mode `{mode:#o}`, not `0o{source}`"),
                Severity::Medium,
            )
        } else if mode & 0o002 != 0 {
            (format!("every user of the machine can write to uploaded {what}"), Severity::Medium)
        } else if !folder && mode & 0o111 != 0 {
            ("uploaded files are executable".to_owned(), Severity::Low)
        } else {
            continue;
        };
        let report = out
            .judge(cx, &RULE, setting, part.when, message)
            .at_most(severity)
            .help(format!("use `{safe}`, or `0o{}`", if folder { "755" } else { "644" }))
            .at(part.span);
        let literal = source.bytes().next().is_some_and(|b| b.is_ascii_digit());
        if literal { report.replace(format!("Use `{safe}`"), safe).done() } else { report.done() }
    }
}
