//! Source bytes to text, as Python reads source files: byte order mark, then a coding line
//! (PEP 263) in the first two lines, then UTF-8.

use encoding_rs::Encoding;

/// Source text, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without a byte order mark.
    pub text: String,
    /// Python would refuse the file: bytes that the declared encoding does not have (they became
    /// U+FFFD), an unknown encoding, UTF-16, or NUL bytes.
    pub lossy: bool,
    /// What it was read as, such as `utf-8`, `utf-8-sig` (with byte order mark), `iso-8859-1`.
    pub encoding: &'static str,
}

/// Decodes Python source.
pub fn decode(mut bytes: Vec<u8>) -> Decoded {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
        return from_utf8(bytes, "utf-8-sig", false);
    }
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        let (text, _) =
            encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        let encoding = if encoding == encoding_rs::UTF_16BE { "utf-16-be" } else { "utf-16-le" };
        return Decoded { text: text.into_owned(), lossy: true, encoding };
    }
    match coding_line(&bytes) {
        None => from_utf8(bytes, "utf-8", false),
        Some(label) => declared(bytes, &label),
    }
}

fn from_utf8(bytes: Vec<u8>, encoding: &'static str, lossy: bool) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => finish(text, lossy, encoding),
        Err(error) => {
            finish(String::from_utf8_lossy(error.as_bytes()).into_owned(), true, encoding)
        }
    }
}

fn finish(text: String, lossy: bool, encoding: &'static str) -> Decoded {
    let lossy = lossy || text.contains('\0');
    Decoded { text, lossy, encoding }
}

/// Decodes with the encoding of a coding line. Python folds case and takes `_` for `-`.
fn declared(bytes: Vec<u8>, label: &str) -> Decoded {
    let name = label.to_ascii_lowercase().replace('_', "-");
    match name.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" | "utf-8-sig" => {
            from_utf8(bytes, "utf-8", false)
        }
        "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" => {
            // The Web's "latin1" is Windows-1252; Python's is the real one.
            finish(encoding_rs::mem::decode_latin1(&bytes).into_owned(), false, "iso-8859-1")
        }
        "ascii" | "us-ascii" | "646" => {
            let lossy = !bytes.is_ascii();
            from_utf8(bytes, "ascii", lossy)
        }
        "cp1252" | "windows-1252" | "1252" => with(&bytes, encoding_rs::WINDOWS_1252, "cp1252"),
        _ => match by_python_name(&name) {
            Some(encoding) => with(&bytes, encoding, encoding.name()),
            None => from_utf8(bytes, "utf-8", true),
        },
    }
}

fn with(bytes: &[u8], encoding: &'static Encoding, name: &'static str) -> Decoded {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    finish(text.into_owned(), lossy, name)
}

/// Python's codec names, where they are not the Web's labels: `cp1251`, `iso8859-15`, `euc-jp`.
fn by_python_name(name: &str) -> Option<&'static Encoding> {
    let web = match name {
        "latin9" | "latin-9" | "l9" => "iso-8859-15",
        "cp932" | "ms932" | "mskanji" | "sjis" | "shift-jis" => "shift_jis",
        "cp936" | "ms936" => "gbk",
        "cp949" | "uhc" => "euc-kr",
        "cp950" => "big5",
        other => other,
    };
    let found = Encoding::for_label(web.as_bytes()).or_else(|| {
        let windows = web.strip_prefix("cp").map(|page| format!("windows-{page}"));
        Encoding::for_label(
            windows.unwrap_or_else(|| web.replacen("iso8859", "iso-8859", 1)).as_bytes(),
        )
    })?;
    // UTF-16 and the "replacement" encoding cannot carry a coding line.
    (found.is_ascii_compatible()).then_some(found)
}

/// The encoding named in the first or second line; the second counts only when the first is blank
/// or a comment.
fn coding_line(bytes: &[u8]) -> Option<String> {
    let (first, rest) = split_line(bytes);
    if let Some(label) = cookie(first) {
        return Some(label);
    }
    let code = first.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
    if code.is_some_and(|byte| *byte != b'#') {
        return None;
    }
    cookie(split_line(rest).0)
}

/// The first line without its end, and everything after it; `\n`, `\r\n` and `\r` end lines.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    (line, rest.strip_prefix(b"\r\n").or(rest.get(1..)).unwrap_or_default())
}

/// `^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`
fn cookie(line: &[u8]) -> Option<String> {
    let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    let mut rest = line.get(start..)?.strip_prefix(b"#")?;
    loop {
        let at = rest.windows(6).position(|window| window == b"coding")?;
        rest = rest.get(at + 6..)?;
        let Some((b':' | b'=', value)) = rest.split_first() else { continue };
        let value = value.trim_ascii_start();
        let name: String = value
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .map(|byte| char::from(*byte))
            .collect();
        if !name.is_empty() {
            return Some(name);
        }
    }
}
