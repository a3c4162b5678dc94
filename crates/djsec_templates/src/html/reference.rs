//! Character references in values of attributes.

/// The references by name that can change what the text around them means to a URL, to JavaScript or
/// to CSS, and those that stand in every page. Others stay as they are written. From the HTML Standard,
/// "Named character references".
pub(super) const NAMED: [(&str, char); 56] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("NonBreakingSpace", '\u{A0}'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("colon", ':'),
    ("semi", ';'),
    ("comma", ','),
    ("period", '.'),
    ("excl", '!'),
    ("quest", '?'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("ast", '*'),
    ("midast", '*'),
    ("plus", '+'),
    ("equals", '='),
    ("commat", '@'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("Hat", '^'),
    ("grave", '`'),
    ("DiacriticalGrave", '`'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("verbar", '|'),
    ("vert", '|'),
    ("VerticalLine", '|'),
    ("copy", '©'),
    ("reg", '®'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("middot", '·'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("times", '×'),
];

/// Those that count without a semicolon, too.
const BARE: [&str; 15] = [
    "amp", "AMP", "lt", "LT", "gt", "GT", "quot", "QUOT", "nbsp", "copy", "reg", "laquo", "raquo",
    "middot", "times",
];

/// What the numbers from 128 to 159 stand for, as in Windows; those that stand for nothing there are
/// controls.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";

/// Characters of the longest reference that is looked up, with its `&`. Numbers may have more digits.
const LONGEST: usize = 20;

/// A reference that is being read: nothing, or what was read of it with its `&`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Reference {
    written: String,
    number: Option<Number>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Number {
    hexadecimal: bool,
    value: u32,
    digits: bool,
}

impl Reference {
    pub(super) const fn is_open(&self) -> bool {
        !self.written.is_empty()
    }

    /// Begins one, after `&`.
    pub(super) fn open(&mut self) {
        self.written.push('&');
    }

    /// Reads `character`: nothing as long as the reference goes on, else what it comes to and whether
    /// the character belongs to it.
    pub(super) fn read(&mut self, character: char) -> Option<(String, bool)> {
        if let Some(number) = &mut self.number {
            if number.read(character) {
                if !number.digits {
                    // `x`, which is written in both cases.
                    self.written.push(character);
                }
                return None;
            }
            let read = (self.end_number(), character == ';' && self.digits());
            self.close();
            return Some(read);
        }
        match character {
            '#' if self.written.len() == 1 => {
                self.written.push('#');
                self.number = Some(Number { hexadecimal: false, value: 0, digits: false });
                None
            }
            'a'..='z' | 'A'..='Z' | '0'..='9' if self.written.len() < LONGEST => {
                self.written.push(character);
                None
            }
            _ => {
                let (text, taken) = self.end_name(character);
                self.close();
                Some((text, taken))
            }
        }
    }

    /// What it comes to if the value ends here.
    pub(super) fn end(&mut self) -> String {
        // A character that cannot belong to any.
        self.read('"').map(|(text, _)| text).unwrap_or_default()
    }

    /// What it comes to if a letter follows that no reference goes on with.
    pub(super) fn cut(&mut self) -> String {
        let text = match self.number {
            Some(_) => self.end_number(),
            None => self.written.clone(),
        };
        self.close();
        text
    }

    fn digits(&self) -> bool {
        self.number.as_ref().is_some_and(|number| number.digits)
    }

    fn close(&mut self) {
        self.written.clear();
        self.number = None;
    }

    fn end_number(&self) -> String {
        match &self.number {
            Some(number) if number.digits => number.character().to_string(),
            _ => self.written.clone(),
        }
    }

    fn end_name(&self, next: char) -> (String, bool) {
        let name = self.written.get(1..).unwrap_or_default();
        let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
        match (named, next) {
            (Some(character), ';') => (character.to_string(), true),
            // `=` or a letter after it: left alone, for the sake of `?a=b&copy=c`.
            (Some(character), next)
                if BARE.contains(&name) && next != '=' && !next.is_ascii_alphanumeric() =>
            {
                (character.to_string(), false)
            }
            _ => (self.written.clone(), false),
        }
    }
}

impl Number {
    /// Whether the number goes on with this character.
    fn read(&mut self, character: char) -> bool {
        if matches!(character, 'x' | 'X') && !self.hexadecimal && !self.digits {
            self.hexadecimal = true;
            return true;
        }
        let radix = if self.hexadecimal { 16 } else { 10 };
        let Some(digit) = character.to_digit(radix) else { return false };
        self.digits = true;
        self.value = self.value.saturating_mul(radix).saturating_add(digit);
        true
    }

    fn character(&self) -> char {
        match self.value {
            0 => char::REPLACEMENT_CHARACTER,
            value @ 0x80..=0x9F => WINDOWS.chars().nth(value as usize - 0x80).unwrap_or_default(),
            value => char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }
}
