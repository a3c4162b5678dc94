//! One file of the corpus: what it is made of, what it expects, and how it was answered.

use std::collections::{BTreeMap, BTreeSet};

use djsec_flow::Kind;

/// What a line says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// It must be reported.
    Bad,
    /// It is safe.
    Ok,
    /// It should be reported, and is not yet.
    Unsupported,
    /// It is safe, and reported all the same.
    TooMuch,
}

const MARKS: [(&str, Mark); 4] = [
    ("bad", Mark::Bad),
    ("ok", Mark::Ok),
    ("unsupported", Mark::Unsupported),
    ("too much", Mark::TooMuch),
];

/// A line of a case, from 1, and as what data does harm there.
pub(crate) type Place = (u32, Kind);

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Path, text, and how many lines of the case stand before it.
    pub(crate) files: Vec<(String, String, u32)>,
    pub(crate) expected: BTreeMap<Place, Mark>,
}

/// What came of a case.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The weakness it is about: `cwe-89`.
    pub(crate) weakness: String,
    /// How many places of each mark it has.
    pub(crate) marks: BTreeMap<Mark, usize>,
    /// Places that must be reported and are.
    pub(crate) found: usize,
    /// Places that are reported and should not be.
    pub(crate) extra: usize,
    /// Places that are not supported yet, as people read them.
    pub(crate) open: Vec<String>,
    /// What differs from what the case says.
    pub(crate) problems: Vec<String>,
}

impl Case {
    /// Reads a case: a module of views, and further files after lines like `# --- urls.py`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        if !text.starts_with("# ") {
            return Err("the first line says in a sentence what the case shows".to_owned());
        }
        let mut files = vec![("views.py".to_owned(), String::new(), 0)];
        let mut expected = BTreeMap::new();
        for (line, number) in text.lines().zip(1_u32..) {
            if let Some(path) = line.strip_prefix("# --- ") {
                files.push((path.trim().to_owned(), String::new(), number));
                continue;
            }
            if let Some((_, current, _)) = files.last_mut() {
                current.push_str(line);
                current.push('\n');
            }
            for (kind, mark) in marks(line)? {
                expected.insert((number, kind), mark);
            }
        }
        if expected.is_empty() {
            return Err("no line is marked".to_owned());
        }
        Ok(Self { name: name.to_owned(), files, expected })
    }

    /// Compares what was found with what is expected.
    pub(crate) fn answer(&self, found: &BTreeSet<Place>) -> Answer {
        let mut answer = Answer {
            weakness: self.name.split('/').next().unwrap_or_default().to_owned(),
            marks: BTreeMap::new(),
            found: 0,
            extra: 0,
            open: Vec::new(),
            problems: Vec::new(),
        };
        for (place, mark) in &self.expected {
            *answer.marks.entry(*mark).or_default() += 1;
            let (line, kind) = place;
            let at = format!("{}:{line}: {kind}", self.name);
            match (mark, found.contains(place)) {
                (Mark::Bad, true) => answer.found += 1,
                (Mark::Bad, false) => answer.problems.push(format!("{at} is not reported")),
                (Mark::Ok, true) => {
                    answer.extra += 1;
                    answer.problems.push(format!("{at} is reported, and safe"));
                }
                (Mark::Unsupported, true) => {
                    answer.problems.push(format!("{at} is supported by now: mark it `bad`"));
                }
                (Mark::TooMuch, false) => {
                    answer.problems.push(format!("{at} is no longer reported: mark it `ok`"));
                }
                (Mark::TooMuch, true) => {
                    answer.extra += 1;
                    answer.open.push(format!("{at} is reported, and safe"));
                }
                (Mark::Unsupported, false) => answer.open.push(format!("{at} is not reported")),
                (Mark::Ok, false) => {}
            }
        }
        let unexpected =
            |place: &&(u32, Kind)| !self.expected.contains_key(place) && place.1.is_harm_itself();
        for (line, kind) in found.iter().filter(unexpected) {
            answer.extra += 1;
            answer.problems.push(format!("{}:{line}: {kind} is not expected", self.name));
        }
        answer
    }
}

/// What the end of a line says: `# bad: sql, path`, or several of that.
fn marks(line: &str) -> Result<Vec<(Kind, Mark)>, String> {
    let mut all = Vec::new();
    for (word, mark) in MARKS {
        let Some((_, kinds)) = line.split_once(&format!("# {word}: ")) else { continue };
        for name in kinds.split('#').next().unwrap_or_default().split(',').map(str::trim) {
            let kind = Kind::named(name).ok_or_else(|| format!("there is no kind {name}"))?;
            all.push((kind, mark));
        }
    }
    Ok(all)
}
