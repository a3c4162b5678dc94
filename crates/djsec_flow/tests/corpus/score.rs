//! Recall and precision, by weakness and in all.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::case::{Answer, Mark};

#[derive(Default)]
struct Row {
    cases: usize,
    /// Places that should be reported.
    harmful: usize,
    found: usize,
    /// Places that look dangerous and are safe.
    safe: usize,
    extra: usize,
}

impl Row {
    fn add(&mut self, answer: &Answer) {
        let count = |mark| answer.marks.get(&mark).copied().unwrap_or_default();
        self.cases += 1;
        self.harmful += count(Mark::Bad) + count(Mark::Unsupported);
        self.found += answer.found;
        self.safe += count(Mark::Ok) + count(Mark::TooMuch);
        self.extra += answer.extra;
    }

    fn line(&self, name: &str) -> String {
        let Self { cases, harmful, found, safe, extra } = self;
        let recall = percent(*found, *harmful);
        let precision = percent(*found, found + extra);
        format!(
            "{name:<10} {cases:>5} {harmful:>8} {found:>6} {recall:>7} {safe:>6} {extra:>9} {precision:>10}\n"
        )
    }
}

/// The table, and what is not supported.
pub(crate) fn table(answers: &[Answer]) -> String {
    let mut rows: BTreeMap<(u32, &str), Row> = BTreeMap::new();
    let mut all = Row::default();
    for answer in answers {
        let number = answer.weakness.rsplit('-').next().and_then(|number| number.parse().ok());
        rows.entry((number.unwrap_or_default(), &answer.weakness)).or_default().add(answer);
        all.add(answer);
    }
    let mut out = format!(
        "\n{:<10} {:>5} {:>8} {:>6} {:>7} {:>6} {:>9} {:>10}\n",
        "", "cases", "harmful", "found", "recall", "safe", "too much", "precision"
    );
    for ((_, name), row) in &rows {
        out.push_str(&row.line(name));
    }
    out.push_str(&all.line("all"));
    let open: Vec<&String> = answers.iter().flat_map(|answer| &answer.open).collect();
    let _infallible = writeln!(out, "\nNot supported yet ({}):", open.len());
    for place in open {
        let _infallible = writeln!(out, "  {place}");
    }
    out
}

fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "-".to_owned(),
        // Rounded down: 100 % means all.
        whole => format!("{} %", part * 100 / whole),
    }
}
