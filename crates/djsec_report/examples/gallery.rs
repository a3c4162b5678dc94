//! Prints the made-up outcome of the tests, to look at: `cargo run -p djsec_report --example
//! gallery -- text --color --verbose --width 60`.
#![expect(clippy::expect_used, reason = "a gallery has nothing better to do with an error")]

#[path = "../src/sample.rs"]
mod sample;

use std::io::Write as _;

use djsec_base::Utf8Path;
use djsec_report::{Format, Options, Report, explain, rules_list, write};

fn main() {
    let words: Vec<_> = std::env::args().collect();
    let has = |word: &str| words.iter().any(|given| given == word);
    let width = words.iter().skip_while(|word| *word != "--width").nth(1);
    let options = Options {
        color: has("--color"),
        hyperlinks: has("--links"),
        verbose: has("--verbose"),
        width: width.and_then(|width| width.parse().ok()).unwrap_or(100),
        root: Some(Utf8Path::new("/srv/shop")),
        ..Options::default()
    };
    let files = sample::files();
    let outcome =
        if has("--incomplete") { sample::incomplete(&files) } else { sample::outcome(&files) };
    let report = Report { outcome: &outcome, files: &files, rules: &sample::RULES, options };
    let mut out = std::io::stdout().lock();
    let done = match words.get(1).map(String::as_str) {
        Some("rules") => rules_list::write_text(&mut out, &sample::RULES, &options),
        Some("explain") => explain::write_text(&mut out, &sample::DEBUG, &options),
        word => {
            let format = word.and_then(Format::from_name).unwrap_or(Format::Text);
            write(&mut out, format, &report)
        }
    };
    done.and_then(|()| out.flush()).expect("stdout is open");
}
