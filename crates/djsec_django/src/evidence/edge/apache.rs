//! Apache's virtual hosts, read line by line.

use djsec_base::{FileId, Files, Span, TextRange, TextSize};

use super::{BodyLimit, Edge, EdgeKind, ForwardedHeader, hsts};

pub(super) fn read(files: &Files, file: FileId) -> Vec<Edge> {
    let mut out = Vec::new();
    let mut current: Option<Edge> = None;
    let mut start = 0;
    for line in files.text(file).split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let span = span(file, at + line.len() - line.trim_start().len(), content.len());
        let words = words(content);
        let name = words.first().map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        match name.as_str() {
            "<virtualhost" => current = Some(Edge::new(EdgeKind::Apache, span)),
            "</virtualhost>" => out.extend(current.take()),
            _ => {
                // Directives outside a virtual host are those of one server.
                let edge = current.get_or_insert_with(|| Edge::new(EdgeKind::Apache, span));
                directive(edge, &name, &words, span);
            }
        }
    }
    out.extend(current);
    out
}

fn span(file: FileId, start: usize, length: usize) -> Span {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    Span::new(file, TextRange::at(size(start), size(length)))
}

fn directive(edge: &mut Edge, name: &str, words: &[String], span: Span) {
    let arg = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let secure = || words.iter().skip(1).any(|word| word.starts_with("https://"));
    match name {
        "servername" => arg(1).clone_into(&mut edge.name),
        "redirect" | "redirectpermanent" | "redirectmatch" | "rewriterule" if secure() => {
            edge.https_redirect = Some(span);
        }
        "proxypass" | "proxypassmatch" if arg(2) != "!" => edge.proxies = Some(span),
        "wsgiscriptalias" => edge.proxies = Some(span),
        "sslengine" if arg(1).eq_ignore_ascii_case("on") => edge.tls = Some(span),
        "proxypreservehost" => {
            let value = arg(1).to_owned();
            edge.host = Some(ForwardedHeader { value, overwrites: false, span });
        }
        "limitrequestbody" => {
            let bytes = arg(1).parse().ok().filter(|bytes| *bytes > 0);
            edge.body_limit = Some(BodyLimit { bytes, span });
        }
        "header" | "requestheader" => header(edge, name, words, span),
        _ => {}
    }
}

/// `Header always set Strict-Transport-Security "…"`, `RequestHeader set X-Forwarded-Proto https`.
fn header(edge: &mut Edge, directive: &str, words: &[String], span: Span) {
    let mut rest = words.iter().skip(1).map(String::as_str).peekable();
    rest.next_if(|word| matches!(*word, "always" | "onsuccess" | "early"));
    let action = rest.next().unwrap_or_default().to_ascii_lowercase();
    let name = rest.next().unwrap_or_default().trim_end_matches(':').to_ascii_lowercase();
    let value = rest.next().unwrap_or_default();
    match (directive, name.as_str()) {
        ("header", "strict-transport-security") if action != "unset" => {
            edge.hsts = Some(hsts(value, span));
        }
        ("requestheader", "x-forwarded-proto") => {
            let overwrites = matches!(action.as_str(), "set" | "unset");
            let value = value.to_owned();
            edge.forwarded_proto = Some(ForwardedHeader { value, overwrites, span });
        }
        _ => {}
    }
}

/// The words of a line, quotes removed.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => out.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}
