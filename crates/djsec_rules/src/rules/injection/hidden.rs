//! Characters that make source look different from what it is.

use djsec_base::{TextRange, TextSize};

/// A character that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands.
    pub(super) range: TextRange,
    /// In which line, from 0.
    pub(super) line: usize,
    /// What it does.
    pub(super) words: &'static str,
    letter: char,
}

impl Found {
    /// Its number: `U+202E`.
    pub(super) fn code(&self) -> String {
        format!("U+{:04X}", u32::from(self.letter))
    }
}

/// What a control of direction does to what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    /// Begins a run; whether its letters are turned, whatever they are.
    Embeds(bool),
    /// Begins a run that is kept apart.
    Isolates,
    /// Ends what an embedding began.
    EndsEmbedding,
    /// Ends what an isolate began, and all that began in it.
    EndsIsolate,
}

fn control(c: char) -> Option<Control> {
    match c {
        '\u{202a}' | '\u{202b}' => Some(Control::Embeds(false)),
        '\u{202d}' | '\u{202e}' => Some(Control::Embeds(true)),
        '\u{202c}' => Some(Control::EndsEmbedding),
        '\u{2066}'..='\u{2068}' => Some(Control::Isolates),
        '\u{2069}' => Some(Control::EndsIsolate),
        _ => None,
    }
}

/// A control of direction as an escape of Python.
pub(super) fn escape(c: char) -> Option<String> {
    control(c).map(|_| format!("\\u{:04x}", u32::from(c)))
}

/// Controls that turn letters around, or that are not ended in the line and text where they begin: the
/// first of each line. What is ended keeps to its own text.
pub(super) fn reordered(text: &str, texts: &[TextRange]) -> Vec<Found> {
    let mut all = Vec::new();
    let mut at = 0;
    for (line, content) in text.split_inclusive('\n').enumerate() {
        if !content.is_ascii() {
            all.extend(first_of_line(content, at, line, texts));
        }
        at += content.len();
    }
    all
}

fn first_of_line(content: &str, at: usize, line: usize, texts: &[TextRange]) -> Option<Found> {
    // Each with the text in which it stands, by its number.
    let mut open: Vec<(Control, Option<usize>, Found)> = Vec::new();
    for (offset, c) in content.char_indices() {
        let Some(control) = control(c) else { continue };
        let found = found(at + offset, c, line, "a control turns the direction of writing")?;
        let within = texts.iter().position(|range| range.contains_range(found.range));
        match control {
            Control::Embeds(true) => return Some(found),
            Control::Embeds(false) | Control::Isolates => open.push((control, within, found)),
            Control::EndsEmbedding => {
                let last = open.last().map(|(control, text, _)| (*control, *text));
                if last == Some((Control::Embeds(false), within)) {
                    open.pop();
                }
            }
            Control::EndsIsolate => {
                let begun = |(control, text, _): &(Control, Option<usize>, Found)| {
                    *control == Control::Isolates && *text == within
                };
                if let Some(begin) = open.iter().rposition(begun) {
                    open.truncate(begin);
                }
            }
        }
    }
    open.into_iter().next().map(|(.., found)| found)
}

/// Letters outside of texts that nobody sees, but that Python takes for parts of names.
pub(super) fn strayed(text: &str, texts: &[TextRange]) -> Vec<Found> {
    let mut all = Vec::new();
    let mut at = 0;
    for (line, content) in text.split_inclusive('\n').enumerate() {
        for (offset, c) in content.char_indices() {
            if !matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}') {
                continue;
            }
            // In a comment they are what they are.
            let commented = content.get(..offset).is_some_and(|before| before.contains('#'));
            let found = found(at + offset, c, line, "an invisible letter stands in a name");
            let found = found.filter(|found| {
                !commented && !texts.iter().any(|range| range.contains_range(found.range))
            });
            all.extend(found);
        }
        at += content.len();
    }
    all
}

fn found(at: usize, letter: char, line: usize, words: &'static str) -> Option<Found> {
    let range = TextRange::at(TextSize::try_from(at).ok()?, TextSize::of(letter));
    Some(Found { range, line, words, letter })
}

/// A Cyrillic letter in a word of Latin ones that looks like one of them.
pub(super) fn written_alike(name: &str) -> Option<char> {
    const ALIKE: &str = "АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁԛԝ";
    name.split('_').find_map(|word| {
        let latin = word.chars().any(|c| c.is_ascii_alphabetic());
        // A word with other letters of that alphabet is seen to be of it.
        let other = word.chars().any(|c| !c.is_ascii() && !ALIKE.contains(c));
        word.chars().find(|c| latin && !other && ALIKE.contains(*c))
    })
}

#[cfg(test)]
mod tests {
    use super::{reordered, strayed, written_alike};

    #[test]
    fn overrides_and_what_is_not_ended_are_found() {
        for bad in
            ["a \u{202e}b\u{202c}", "a \u{2067}b", "\u{202b}a\u{2069}\n", "\u{2066}a\u{202c}"]
        {
            assert_eq!(reordered(bad, &[]).len(), 1, "{bad:?}");
        }
        for fine in [
            "\u{2068}a\u{2069}",
            "\u{202b}a\u{202c}",
            "שלום",
            "a\u{200f}",
            "\u{2067}\u{202a}a\u{2069}",
        ] {
            assert!(reordered(fine, &[]).is_empty(), "{fine:?}");
        }
    }

    #[test]
    fn names_that_look_like_others_are_found() {
        assert_eq!(written_alike("аdmin"), Some('а'));
        assert_eq!(written_alike("is_сheck"), Some('с'));
        for fine in ["admin", "имя", "get_имя", "σ_max", "größe", "админ2"] {
            assert_eq!(written_alike(fine), None, "{fine}");
        }
        assert_eq!(strayed("x = a\u{3164}b", &[]).len(), 1);
        assert!(strayed("x = 1  # \u{3164}", &[]).is_empty());
    }
}
