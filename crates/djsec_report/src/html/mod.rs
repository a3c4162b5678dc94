//! The report as one page, to read, search, print and hand on.

mod about;
mod code;
mod finding;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::{self, Write};

use djsec_base::Utf8Path;

use crate::page::{Assets, escaped};
use crate::redact::Secrets;
use crate::text::{by_file, by_severity, style::count, verdict_words};
use crate::{Options, Report};

const ASSETS: Assets = Assets {
    style: concat!(include_str!("../page/base.css"), include_str!("report.css")),
    style_digest: "2nzjVZwCcAgXM0eEWqOyDQ0T33wBc/UrNKjgmrw1FhM=",
    script: include_str!("report.js"),
    script_digest: "R1DCixOsdoRMzmjTTMBdLxkv49AaPu5RVdTRs9yF6Ms=",
};

pub(crate) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    // Nothing is left out of a page that can fold things away.
    let report = &Report { options: Options { verbose: true, ..report.options }, ..*report };
    let mut secrets = Secrets::default();
    ASSETS.open(out, &title(report))?;
    for words in verdict_words(report) {
        writeln!(out, "<p>{}</p>", escaped(&words))?;
    }
    out.write_all(about::notices(report).as_bytes())?;
    out.write_all(about::projects(report).as_bytes())?;
    if !report.outcome.findings.is_empty() {
        out.write_all(controls(report).as_bytes())?;
        for (file, findings) in by_file(report) {
            let path = file.map_or("The project as a whole", |id| report.files.path(id).as_str());
            writeln!(
                out,
                "<section class=\"file\">\n<h2>{} <small>{}</small></h2>",
                escaped(path),
                count(findings.len(), "finding")
            )?;
            for finding in findings {
                let article = finding::article(report.files, &mut secrets, finding);
                out.write_all(article.as_bytes())?;
            }
            writeln!(out, "</section>")?;
        }
    }
    out.write_all(about::left_out(report, &mut secrets).as_bytes())?;
    out.write_all(about::rules(report).as_bytes())?;
    ASSETS.close(out, report.options.tool_version)
}

fn title(report: &Report<'_>) -> String {
    let audited = report.options.root.and_then(Utf8Path::file_name);
    audited.map_or_else(|| "Security audit".to_owned(), |name| format!("Security audit of {name}"))
}

/// The search field and a box for each severity; shown by the script that makes them work.
fn controls(report: &Report<'_>) -> String {
    let mut out = String::from(
        "<form class=\"filters\" hidden>\n<label>Search <input type=\"search\" name=\"text\" \
         autocomplete=\"off\"></label>\n<fieldset><legend>Severity</legend>\n",
    );
    for (severity, number) in by_severity(report.outcome) {
        let name = severity.name();
        let _ = writeln!(
            out,
            "<label><input type=\"checkbox\" name=\"severity\" value=\"{name}\" checked> \
             <span class=\"badge {name}\">{name}</span> {number}</label>"
        );
    }
    out.push_str("</fieldset>\n<output aria-live=\"polite\"></output>\n</form>\n");
    out
}
