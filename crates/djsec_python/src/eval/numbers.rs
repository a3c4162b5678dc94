//! Numbers as Python reads them from texts.

/// The text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANumber;

/// Zeros of the decimal digits outside ASCII that people type.
const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{ff10}'];

/// `int(text)`; nothing when it does not fit 64 bits.
///
/// # Errors
/// When Python raises `ValueError`.
pub fn integer(text: &str) -> Result<Option<i64>, NotANumber> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut value: Option<i64> = Some(0);
    let mut after_digit = false;
    for c in digits.chars() {
        if c == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = i64::from(digit(c).ok_or(NotANumber)?);
        after_digit = true;
        value = value
            .and_then(|v| v.checked_mul(10))
            .and_then(|v| if negative { v.checked_sub(digit) } else { v.checked_add(digit) });
    }
    if after_digit { Ok(value) } else { Err(NotANumber) }
}

fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| {
        ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|d| *d < 10))
    })
}

/// `float(text)`.
///
/// # Errors
/// When Python raises `ValueError`.
pub fn float(text: &str) -> Result<f64, NotANumber> {
    text.trim().parse().map_err(|_| NotANumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_python_reads_them() {
        assert_eq!(integer(" 7 "), Ok(Some(7)));
        assert_eq!(integer("1_000"), Ok(Some(1000)));
        assert_eq!(integer("+1"), Ok(Some(1)));
        assert_eq!(integer("-0"), Ok(Some(0)));
        assert_eq!(integer("010"), Ok(Some(10)));
        assert_eq!(integer("\u{661}"), Ok(Some(1)));
        assert_eq!(integer("-9223372036854775808"), Ok(Some(i64::MIN)));
        assert_eq!(integer("99999999999999999999"), Ok(None), "too large for 64 bits");
        for wrong in ["", "-", "_1", "1_", "1__0", "1.0", "1e3", "0x10", "x", "- 1"] {
            assert_eq!(integer(wrong), Err(NotANumber), "{wrong:?}");
        }
    }
}
