//! Caddyfiles, read line by line. Caddy redirects to HTTPS by itself for every site that is a host
//! name, and sets `X-Forwarded-Proto` by itself.

use djsec_base::{FileId, Files, Span, TextRange, TextSize};

use super::{Edge, EdgeKind, ForwardedHeader, body_limit, hsts};

pub(super) fn read(files: &Files, file: FileId) -> Vec<Edge> {
    let mut out: Vec<Edge> = Vec::new();
    let mut depth = 0_usize;
    let mut automatic = true;
    let mut start = 0;
    let mut site: Option<Edge> = None;
    for line in files.text(file).split_inclusive('\n') {
        let at = start + line.len() - line.trim_start().len();
        start += line.len();
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let size_of = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        let span = Span::new(file, TextRange::at(size_of(at), size_of(content.len())));
        let opens = content.ends_with('{');
        if content.starts_with("auto_https off")
            || content.starts_with("auto_https disable_redirects")
        {
            automatic = false;
        }
        if content == "}" {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                out.extend(site.take());
            }
            continue;
        }
        if depth == 0 && !content.starts_with('(') && !content.starts_with("import") {
            let names = content.trim_end_matches('{').trim();
            if !names.is_empty() {
                out.extend(site.take());
                site = Some(open(names, automatic, span));
            }
        } else if let Some(edge) = &mut site {
            directive(edge, content, span);
        }
        depth += usize::from(opens);
    }
    out.extend(site);
    out
}

fn open(names: &str, automatic: bool, span: Span) -> Edge {
    let mut edge = Edge::new(EdgeKind::Caddy, span);
    names.clone_into(&mut edge.name);
    let first = names.split([',', ' ']).next().unwrap_or(names);
    let plain =
        first.starts_with("http://") || first.starts_with(':') || first.starts_with("localhost");
    if automatic && !plain {
        edge.https_redirect = Some(span);
    }
    edge
}

fn directive(edge: &mut Edge, line: &str, span: Span) {
    let lower = line.to_ascii_lowercase();
    let word = lower.split_whitespace().next().unwrap_or_default();
    match word {
        "reverse_proxy" | "php_fastcgi" => {
            edge.proxies = Some(span);
            edge.forwarded_proto.get_or_insert_with(|| automatic(span));
            edge.host
                .get_or_insert_with(|| ForwardedHeader { overwrites: false, ..automatic(span) });
        }
        "redir" if lower.contains("https://") => edge.https_redirect = Some(span),
        "max_size" => {
            edge.body_limit = body_limit(lower.split_whitespace().nth(1).unwrap_or_default(), span);
        }
        _ => {}
    }
    if lower.contains("strict-transport-security")
        && !lower.contains("-strict-transport-security")
        && let Some((_, value)) = lower.split_once("strict-transport-security")
    {
        edge.hsts = Some(hsts(value.trim().trim_matches(['"', '\'', '`']), span));
    }
    if let Some((_, value)) = lower.split_once("x-forwarded-proto") {
        let value = value.trim().to_owned();
        let overwrites = !value.contains("{header.") && !value.contains("{http.request.header");
        edge.forwarded_proto = Some(ForwardedHeader { value, overwrites, span });
    }
}

fn automatic(span: Span) -> ForwardedHeader {
    ForwardedHeader { value: "automatic".to_owned(), overwrites: true, span }
}
