//! Pages that need nothing else: no request leaves them, and they run only the script whose digest their
//! policy names. Without scripts they are the same pages without filters.

#[cfg(test)]
pub(crate) mod digest;

use std::io::{self, Write};

use crate::neutral::neutralize;

/// What a page is made of besides its text.
#[derive(Debug)]
pub(crate) struct Assets {
    /// The style, and the Base64 of its SHA-256; a test of each page keeps it.
    pub(crate) style: &'static str,
    pub(crate) style_digest: &'static str,
    /// The script, likewise.
    pub(crate) script: &'static str,
    pub(crate) script_digest: &'static str,
}

impl Assets {
    /// Everything before the text, with the headline.
    pub(crate) fn open(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        let Self { style, style_digest, script_digest, .. } = self;
        let title = escaped(title);
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'sha256-{style_digest}'; script-src 'sha256-{script_digest}'; \
             base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        )
    }

    /// Everything after it.
    pub(crate) fn close(&self, out: &mut dyn Write, tool_version: &str) -> io::Result<()> {
        write!(
            out,
            "</main>\n<footer>Written by djsec {}, which read the source and asked nothing of the \
             site.</footer>\n<script>{}</script>\n</body>\n</html>\n",
            escaped(tool_version),
            self.script,
        )
    }
}

/// Text as HTML, inside elements and quoted attributes. Characters that reorder or hide text are
/// made visible, as in a terminal.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in neutralize(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// A remark in small print.
pub(crate) fn small(text: &str) -> String {
    format!("<small>{}</small>", escaped(text))
}
