//! Python's format specifications: `{:>8}`, `{:03d}`, `{:,.2f}`, and `%05d`.

use super::Leaf;

/// A parsed specification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    width: usize,
    comma: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

/// Wider fields are not worth their memory.
const MAX_WIDTH: usize = 4096;

impl Spec {
    /// Parses `[[fill]align][sign][0][width][,][.precision][type]`; nothing for what else there is.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut spec = Self::default();
        let mut chars: Vec<char> = text.chars().collect();
        let aligns = |c: Option<&char>| c.is_some_and(|c| "<>^=".contains(*c));
        if aligns(chars.get(1)) {
            spec.fill = chars.first().copied();
            spec.align = chars.get(1).copied();
            chars.drain(..2);
        } else if aligns(chars.first()) {
            spec.align = chars.first().copied();
            chars.drain(..1);
        }
        let mut rest = chars.into_iter().peekable();
        spec.sign = rest.next_if(|c| "+- ".contains(*c));
        if rest.next_if_eq(&'0').is_some() {
            spec.fill = spec.fill.or(Some('0'));
            spec.align = spec.align.or(Some('='));
        }
        while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
            spec.width = spec.width.checked_mul(10)?.checked_add(digit as usize)?;
            rest.next();
        }
        spec.comma = rest.next_if(|c| matches!(c, ',' | '_')) == Some(',');
        if rest.next_if_eq(&'.').is_some() {
            let mut precision = 0_usize;
            while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                precision = precision.checked_mul(10)?.checked_add(digit as usize)?;
                rest.next();
            }
            spec.precision = Some(precision);
        }
        spec.kind = rest.next();
        let small = spec.width <= MAX_WIDTH && spec.precision.is_none_or(|p| p <= 100);
        (rest.next().is_none() && small).then_some(spec)
    }

    /// The formatted value, where it is one that the specification fits.
    pub(super) fn apply(&self, leaf: &Leaf) -> Option<String> {
        let (body, number) = match (leaf, self.kind) {
            (Leaf::Str(s), None | Some('s')) => {
                let kept = match self.precision {
                    Some(n) => s.chars().take(n).collect(),
                    None => s.to_string(),
                };
                (kept, false)
            }
            (Leaf::Int(i), None | Some('d')) => {
                (self.signed(*i < 0, &i.unsigned_abs().to_string()), true)
            }
            (Leaf::Int(i), Some('x')) => {
                (self.signed(*i < 0, &format!("{:x}", i.unsigned_abs())), true)
            }
            (Leaf::Int(i), Some('X')) => {
                (self.signed(*i < 0, &format!("{:X}", i.unsigned_abs())), true)
            }
            (Leaf::Int(i), Some('o')) => {
                (self.signed(*i < 0, &format!("{:o}", i.unsigned_abs())), true)
            }
            (Leaf::Int(i), Some('b')) => {
                (self.signed(*i < 0, &format!("{:b}", i.unsigned_abs())), true)
            }
            (Leaf::Int(i), Some('f' | 'F')) => (self.fixed(super::ops::as_float(*i)), true),
            (Leaf::Float(f), Some('f' | 'F')) => (self.fixed(*f), true),
            _ => return None,
        };
        Some(self.padded(&body, number))
    }

    fn fixed(&self, f: f64) -> String {
        let digits = format!("{:.*}", self.precision.unwrap_or(6), f.abs());
        self.signed(f.is_sign_negative(), &digits)
    }

    fn signed(&self, negative: bool, digits: &str) -> String {
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, format!(".{fraction}")),
            None => (digits, String::new()),
        };
        let mut out = String::new();
        match (negative, self.sign) {
            (true, _) => out.push('-'),
            (false, Some(c @ ('+' | ' '))) => out.push(c),
            _ => {}
        }
        for (n, c) in whole.chars().enumerate() {
            if self.comma && n > 0 && (whole.len() - n).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        out + &fraction
    }

    fn padded(&self, body: &str, number: bool) -> String {
        let missing = self.width.saturating_sub(body.chars().count());
        let fill = self.fill.unwrap_or(' ');
        let pad = |n: usize| fill.to_string().repeat(n);
        match self.align.unwrap_or(if number { '>' } else { '<' }) {
            '>' => pad(missing) + body,
            '^' => pad(missing / 2) + body + &pad(missing - missing / 2),
            '=' => {
                let sign = body.strip_prefix(['-', '+', ' ']);
                let (head, digits) = match sign {
                    Some(digits) => (body.get(..1).unwrap_or_default(), digits),
                    None => ("", body),
                };
                format!("{head}{}{digits}", pad(missing))
            }
            _ => body.to_owned() + &pad(missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn values_are_formatted_as_python_formats_them() {
        let apply = |spec: &str, leaf: Leaf| Spec::parse(spec).unwrap().apply(&leaf);
        assert_eq!(apply("03d", Leaf::Int(7)).unwrap(), "007");
        assert_eq!(apply("03d", Leaf::Int(-7)).unwrap(), "-07");
        assert_eq!(apply(",", Leaf::Int(1_234_567)).unwrap(), "1,234,567");
        assert_eq!(apply(".2f", Leaf::Float(1.005)).unwrap(), "1.00");
        assert_eq!(apply(">6", Leaf::Str(Arc::from("ab"))).unwrap(), "    ab");
        assert_eq!(apply("*^5", Leaf::Str(Arc::from("ab"))).unwrap(), "*ab**");
        assert_eq!(apply(".1", Leaf::Str(Arc::from("ab"))).unwrap(), "a");
        assert_eq!(apply("d", Leaf::Str(Arc::from("ab"))), None);
        assert_eq!(Spec::parse("99999999d"), None, "too wide");
        assert_eq!(Spec::parse("!r"), None);
    }
}
