//! nginx's `server` blocks.

use djsec_base::{FileId, Files, Span};
use djsec_syntax::nginx::{Directive, parse};

use super::{Edge, EdgeKind, ForwardedHeader, body_limit, hsts};

const PASSES: &[&str] = &["proxy_pass", "uwsgi_pass", "fastcgi_pass", "grpc_pass", "scgi_pass"];

pub(super) fn read(files: &Files, file: FileId) -> Vec<Edge> {
    let tree = parse(files.text(file)).tree;
    let top = Level { file, outer: Vec::new() };
    let mut out = Vec::new();
    servers(&top, &tree, &mut out, 0);
    out
}

fn servers<'a>(level: &Level<'a>, directives: &'a [Directive], out: &mut Vec<Edge>, depth: usize) {
    if depth > 3 {
        return;
    }
    for directive in directives {
        match (directive.name.text.as_str(), &directive.block) {
            ("server", Some(block)) => out.push(server(&level.below(directives), directive, block)),
            ("http", Some(block)) => servers(&level.below(directives), block, out, depth + 1),
            _ => {}
        }
    }
}

/// The blocks that a directive is in, the outermost first.
struct Level<'a> {
    file: FileId,
    outer: Vec<&'a [Directive]>,
}

impl<'a> Level<'a> {
    fn below(&self, block: &'a [Directive]) -> Self {
        let mut outer = self.outer.clone();
        outer.push(block);
        Self { file: self.file, outer }
    }

    /// The directives of a name that hold here. nginx takes headers from an outer block only when the
    /// inner one sets none of that directive.
    fn holding(&self, name: &'a str) -> Vec<&'a Directive> {
        for block in self.outer.iter().rev() {
            let here: Vec<&Directive> =
                block.iter().filter(|directive| directive.name.text == name).collect();
            if !here.is_empty() {
                return here;
            }
        }
        Vec::new()
    }

    fn span(&self, directive: &Directive) -> Span {
        Span::new(self.file, directive.range)
    }
}

fn server<'a>(level: &Level<'a>, directive: &'a Directive, block: &'a [Directive]) -> Edge {
    let level = level.below(block);
    let mut edge = Edge::new(EdgeKind::Nginx, Span::new(level.file, directive.name.range));
    let names: Vec<&str> = directive
        .named("server_name")
        .flat_map(|name| name.args.iter().map(djsec_syntax::Text::as_str))
        .collect();
    edge.name = names.join(" ");
    let ends_tls = |listen: &&Directive| listen.args.iter().any(|arg| arg.as_str() == "ssl");
    edge.tls = directive.named("listen").find(ends_tls).map(|listen| level.span(listen));
    edge.https_redirect = redirect(block, 0).map(|found| level.span(found));
    respond(&level, &mut edge);
    let place = passing(&level, block, 0);
    if let Some((pass, place)) = place {
        edge.proxies = Some(place.span(pass));
        let setter = match pass.name.text.as_str() {
            "uwsgi_pass" => "uwsgi_param",
            "fastcgi_pass" => "fastcgi_param",
            "scgi_pass" => "scgi_param",
            "grpc_pass" => "grpc_set_header",
            _ => "proxy_set_header",
        };
        for header in place.holding(setter) {
            forward(&place, header, &mut edge);
        }
        respond(&place, &mut edge);
    }
    edge
}

/// What is sent back and limited at a level.
fn respond(level: &Level<'_>, edge: &mut Edge) {
    for header in level.holding("add_header") {
        if header.arg(0).is_some_and(|name| name.eq_ignore_ascii_case("Strict-Transport-Security"))
        {
            edge.hsts = Some(hsts(header.arg(1).unwrap_or_default(), level.span(header)));
        }
    }
    if let Some(limit) = level.holding("client_max_body_size").last()
        && let Some(found) = body_limit(limit.arg(0).unwrap_or_default(), level.span(limit))
    {
        edge.body_limit = Some(found);
    }
}

fn forward(level: &Level<'_>, header: &Directive, edge: &mut Edge) {
    let name = header.arg(0).unwrap_or_default().replace('_', "-").to_ascii_lowercase();
    let name = name.strip_prefix("http-").unwrap_or(&name);
    let value = header.arg(1).unwrap_or_default().to_owned();
    // The client's own header, or a variable of a `map` that may be.
    let lower = value.to_ascii_lowercase();
    let own = lower.contains("$http_x_forwarded") || lower.contains("$proxy_x_forwarded");
    let found = ForwardedHeader { value, overwrites: !own, span: level.span(header) };
    match name {
        "x-forwarded-proto" => edge.forwarded_proto = Some(found),
        "host" => {
            // `$http_host` is what the client sent; `$host` is that without checks on its form.
            edge.host = Some(ForwardedHeader {
                overwrites: !lower.starts_with('$') || lower == "$server_name",
                ..found
            });
        }
        _ => {}
    }
}

/// Where requests are passed on: in `location /` if it does, else in the first that does.
fn passing<'a>(
    level: &Level<'a>,
    block: &'a [Directive],
    depth: usize,
) -> Option<(&'a Directive, Level<'a>)> {
    if depth > 4 {
        return None;
    }
    if let Some(pass) = block.iter().find(|it| PASSES.contains(&it.name.text.as_str())) {
        return Some((pass, Level { file: level.file, outer: level.outer.clone() }));
    }
    let mut inner: Vec<(&Directive, &[Directive])> = block
        .iter()
        .filter(|it| matches!(it.name.text.as_str(), "location" | "if" | "limit_except"))
        .filter_map(|it| Some((it, it.block.as_deref()?)))
        .collect();
    inner.sort_by_key(|(it, _)| it.arg(0) != Some("/"));
    inner.into_iter().find_map(|(_, block)| passing(&level.below(block), block, depth + 1))
}

/// A redirect of everything to HTTPS: at the server, in `location /`, or under a test of the scheme.
fn redirect(block: &[Directive], depth: usize) -> Option<&Directive> {
    if depth > 3 {
        return None;
    }
    for directive in block {
        let secure = |at: usize| directive.arg(at).is_some_and(|arg| arg.starts_with("https://"));
        match directive.name.text.as_str() {
            "return" if secure(1) || secure(0) => return Some(directive),
            "rewrite" if secure(1) => return Some(directive),
            "location" if directive.args.last().is_some_and(|arg| arg.text == "/") => {}
            "if" => {}
            _ => continue,
        }
        if let Some(found) = directive.block.as_deref().and_then(|block| redirect(block, depth + 1))
        {
            return Some(found);
        }
    }
    None
}
