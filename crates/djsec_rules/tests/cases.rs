//! Runs the pages of all rules and their literate cases through the whole engine.

use djsec_base::{Confidence, System};
use djsec_engine::Config;
use djsec_report::{Format, Options, Report};
use djsec_testkit::{Audited, Auditor, Suite};

struct Engine;

impl Auditor for Engine {
    /// As users see it by default: confidence medium and up, on a fixed day. A case that shows a
    /// `djsec.toml` with `confidence = "low"` shows what is of low confidence, too.
    fn audit(&self, system: &dyn System) -> Audited {
        let file = system.read("djsec.toml".into()).unwrap_or_default();
        let low = String::from_utf8_lossy(&file).contains("confidence = \"low\"");
        let confidence = if low { Confidence::Low } else { Confidence::Medium };
        let config = Config { confidence, ..Config::default() };
        let run = djsec_engine::run(system, &config, jiff::civil::date(2026, 11, 21));
        Audited { files: run.files, outcome: run.outcome }
    }

    fn render(&self, audited: &Audited) -> String {
        let mut out = Vec::new();
        let report = Report {
            outcome: &audited.outcome,
            files: &audited.files,
            rules: &[],
            options: Options::default(),
        };
        match djsec_report::write(&mut out, Format::Text, &report) {
            Ok(()) => findings_of(&String::from_utf8_lossy(&out)),
            Err(error) => format!("the report could not be written: {error}"),
        }
    }
}

/// The findings without the header and the summary, which tell of the project and of all rules: a
/// snapshot is only about the rule under test.
fn findings_of(report: &str) -> String {
    let body = report.find("── ").and_then(|at| report.get(at..)).unwrap_or_default();
    let summary = |line: &&str| {
        line.starts_with(|c: char| c.is_ascii_digit())
            && (line.contains(" finding: ") || line.contains(" findings: "))
    };
    let lines: Vec<&str> = body.lines().take_while(|line| !summary(line)).collect();
    let text = lines.join("\n");
    if text.is_empty() { "no findings\n".to_owned() } else { format!("{}\n", text.trim_end()) }
}

fn main() -> std::process::ExitCode {
    let metas = djsec_rules::all().map(|rule| &rule.meta);
    Suite::new(&Engine, metas, concat!(env!("CARGO_MANIFEST_DIR"), "/cases")).main()
}
