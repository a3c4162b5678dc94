use djsec_base::{Confidence, Severity};
use djsec_django::settings::SettingRef;
use djsec_python::code::{Expr, ExprId, Operator};
use djsec_python::value::Data;

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `FILE_UPLOAD_PERMISSIONS` and `FILE_UPLOAD_DIRECTORY_PERMISSIONS` that let every user of
    /// the machine write, that make uploads executable, or that are decimal by mistake; and `os.chmod()` that lets
    /// everybody write.
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
    /// ```python tasks.py
    /// import os
    ///
    ///
    /// def publish(path):
    ///     os.chmod(path, 0o777)  # finding
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
    /// ```python tasks.py
    /// import os
    ///
    ///
    /// def publish(path):
    ///     os.chmod(path, 0o755)
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
        summary: "files are written with loose permissions",
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
            Check::Project(changed),
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

/// Write for everybody.
const OTHERS: i64 = 0o002;
/// Where it is set on a folder, only who owns a file may take it away or exchange it.
const STICKY: i64 = 0o1000;

/// `os.chmod(path, 0o777)`.
fn changed(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(&["os.chmod", "os.fchmod", "os.lchmod"]) {
        let Some(mode) = call.argument(1, "mode").and_then(|mode| mode_of(cx, call.at, mode, 0))
        else {
            continue;
        };
        if mode & OTHERS != 0 && mode & STICKY == 0 {
            let message = format!("with `{mode:#o}`, every user of the machine can write here");
            out.found(&RULE, call.at.expr_span(call.id), call.path_around(), message)
                .confidence(Confidence::High)
                .help("use `0o640` for files, and `0o750` for folders")
                .done();
        }
    }
}

/// The mode that an expression is: `0o777`, `stat.S_IRWXU | stat.S_IWOTH`.
fn mode_of(cx: &Cx<'_>, at: Site<'_>, mode: ExprId, depth: u8) -> Option<i64> {
    match at.code.expr(mode) {
        Expr::Int(mode) => Some(mode),
        Expr::Binary(left, Operator::BitOr, right) if depth < 12 => {
            Some(mode_of(cx, at, left, depth + 1)? | mode_of(cx, at, right, depth + 1)?)
        }
        _ => {
            let name = cx.resolved(at, mode);
            let bit = BITS.iter().find(|(bit, _)| name.is_external(bit))?;
            Some(bit.1)
        }
    }
}

/// The constants of `stat` that make up modes.
const BITS: &[(&str, i64)] = &[
    ("stat.S_IRGRP", 0o040),
    ("stat.S_IROTH", 0o004),
    ("stat.S_IRUSR", 0o400),
    ("stat.S_IRWXG", 0o070),
    ("stat.S_IRWXO", 0o007),
    ("stat.S_IRWXU", 0o700),
    ("stat.S_ISGID", 0o2000),
    ("stat.S_ISUID", 0o4000),
    ("stat.S_ISVTX", 0o1000),
    ("stat.S_IWGRP", 0o020),
    ("stat.S_IWOTH", 0o002),
    ("stat.S_IWUSR", 0o200),
    ("stat.S_IXGRP", 0o010),
    ("stat.S_IXOTH", 0o001),
    ("stat.S_IXUSR", 0o100),
];
