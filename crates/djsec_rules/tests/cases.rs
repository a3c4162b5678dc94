//! Runs the pages of all rules and their literate cases through the whole engine.

use djsec_base::{Confidence, System};
use djsec_engine::Config;
use djsec_report::{Format, Options, Report};
use djsec_testkit::{Audited, Auditor, Suite};

struct Engine;

impl Auditor for Engine {
    /// As users see it by default: confidence medium and up, on a fixed day.
    fn audit(&self, system: &dyn System) -> Audited {
        let config = Config { confidence: Confidence::Medium, ..Config::default() };
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
            Ok(()) => String::from_utf8_lossy(&out).into_owned(),
            Err(error) => format!("the report could not be written: {error}"),
        }
    }
}

fn main() -> std::process::ExitCode {
    let metas = djsec_rules::all().map(|rule| &rule.meta);
    Suite::new(&Engine, metas, concat!(env!("CARGO_MANIFEST_DIR"), "/cases")).main()
}
