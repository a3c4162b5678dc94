//! Makes text from the audited tree harmless for terminals and readers.

use std::borrow::Cow;

/// What stands for a character that must not reach the terminal, or `None` when it may.
///
/// Control characters become their picture (`␛` for escape), so that they stay recognisable.
/// Characters that reorder or hide text become `�`: source that reads differently from what
/// runs must be seen, not obeyed.
pub(crate) const fn substitute(character: char) -> Option<char> {
    match character {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + character as u32),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// `text` in one line, without characters that steer the terminal, reorder text or hide it.
///
/// Line ends and tabs become spaces; other control characters become their picture.
pub fn neutralize(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| substitute(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut previous = '\0';
    for character in text.chars() {
        match character {
            '\n' if previous == '\r' => {}
            '\n' | '\r' | '\t' => clean.push(' '),
            _ => clean.push(substitute(character).unwrap_or(character)),
        }
        previous = character;
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_are_shown_not_obeyed() {
        assert_eq!(neutralize("a\u{1b}[31mb\u{7}"), "a␛[31mb␇");
        assert_eq!(neutralize("is_admin\u{202e}\u{2066}"), "is_admin��");
        assert_eq!(neutralize("a\u{9b}31m"), "a�31m");
        assert_eq!(neutralize("one\r\ntwo\tthree\u{7f}"), "one two three␡");
    }

    #[test]
    fn ordinary_text_of_any_script_is_left_alone() {
        for text in ["", "größe", "日本語", "שלום", "👩‍💻"] {
            assert!(matches!(neutralize(text), Cow::Borrowed(same) if same == text));
        }
    }
}
