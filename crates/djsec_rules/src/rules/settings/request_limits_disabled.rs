use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds limits on requests that are off or far too high: `DATA_UPLOAD_MAX_MEMORY_SIZE`,
    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`, `DATA_UPLOAD_MAX_NUMBER_FILES` and
    /// `FILE_UPLOAD_MAX_MEMORY_SIZE`.
    ///
    /// ## Why it matters
    /// The limits are what keeps one request from filling the memory of a worker, or from keeping it busy
    /// with a million form fields. Without them, a few requests take the site down.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// DATA_UPLOAD_MAX_NUMBER_FIELDS = None  # finding
    /// ```
    /// ```python settings.py
    /// FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024 * 1024  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Django's defaults are sound:
    /// ```python settings.py
    /// TIME_ZONE = "UTC"
    /// ```
    /// Large admin forms need more fields than a thousand, and imports more bytes:
    /// ```python settings.py
    /// DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_240
    /// DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DATA_UPLOAD_MAX_MEMORY_SIZE = int(os.environ.get("MAX_BODY", 5_242_880))
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting, or set the least value that the largest honest request needs. Files are
    /// not counted by `DATA_UPLOAD_MAX_MEMORY_SIZE`: large uploads need no large limit.
    ///
    /// ## Limits
    /// A server in front that limits the body makes the finding milder; djsec does not look at it yet.
    ///
    /// ## References
    /// - [Django: DATA_UPLOAD_MAX_MEMORY_SIZE](https://docs.djangoproject.com/en/stable/ref/settings/#data-upload-max-memory-size)
    /// - [Django: DATA_UPLOAD_MAX_NUMBER_FIELDS](https://docs.djangoproject.com/en/stable/ref/settings/#data-upload-max-number-fields)
    RULE {
        id: "request-limits-disabled",
        group: "settings",
        summary: "requests may be as large as they like",
        severity: Medium,
        cwe: [770, 400],
        owasp: ["2025:A02"],
        asvs: ["5.0:5.2.1"],
        checklist: ["upload-size-limited"],
        since: "next",
        checks: [
            Check::Setting(
                &[
                    "DATA_UPLOAD_MAX_MEMORY_SIZE",
                    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
                    "DATA_UPLOAD_MAX_NUMBER_FILES",
                    "FILE_UPLOAD_MAX_MEMORY_SIZE",
                ],
                check
            ),
        ],
    }
}

/// Above this, a limit limits nothing: bytes in memory, form fields, files of one request.
const MEMORY: i64 = 256 * 1024 * 1024;
const FIELDS: i64 = 100_000;
const FILES: i64 = 10_000;

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let (highest, what) = match &*setting.path {
        "DATA_UPLOAD_MAX_NUMBER_FIELDS" => (FIELDS, "a request may hold any number of form fields"),
        "DATA_UPLOAD_MAX_NUMBER_FILES" => (FILES, "a request may hold any number of files"),
        "FILE_UPLOAD_MAX_MEMORY_SIZE" => (MEMORY, "uploads are kept in memory up to any size"),
        _ => (MEMORY, "a request body is read into memory up to any size"),
    };
    // `None` turns the first three off; the fourth compares numbers and needs one.
    let none_is_off = &*setting.path != "FILE_UPLOAD_MAX_MEMORY_SIZE";
    let off = setting.is(|data| match data {
        Data::None => Some(none_is_off),
        Data::Float(size) => Some(size.is_infinite()),
        data => Some(data.as_int().is_some_and(|size| size >= highest)),
    });
    out.judge(
        cx,
        &RULE,
        setting,
        off,
        format!("{what}, so that a few requests can take a worker down"),
    )
    .help("remove the setting, or use the least value that the largest honest request needs")
    .done();
}
