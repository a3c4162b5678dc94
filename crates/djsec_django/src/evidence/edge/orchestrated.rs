//! Proxies that are described where the services are: Traefik's labels and files, ingresses of
//! Kubernetes, Fly, Heroku.

use djsec_base::{FileId, Files, Span};
use djsec_syntax::data::{Data, Node};
use djsec_syntax::{json, toml, yaml as yaml_syntax};

use super::{BodyLimit, Edge, EdgeKind, ForwardedHeader, Hsts, body_limit};

fn automatic(span: Span) -> ForwardedHeader {
    ForwardedHeader { value: "automatic".to_owned(), overwrites: true, span }
}

/// Traefik in a compose file: labels of the services, and the options of Traefik's own.
pub(super) fn compose(files: &Files, file: FileId) -> Vec<Edge> {
    let text = files.text(file);
    if !text.contains("traefik") {
        return Vec::new();
    }
    let documents = yaml_syntax::parse(text).tree;
    let mut edge: Option<Edge> = None;
    for document in &documents {
        for service in document.get("services").map(Node::entries).unwrap_or_default() {
            for key in ["labels", "command", "environment"] {
                for (option, value, node) in options(service.value.get(key)) {
                    let span = Span::new(file, node.range);
                    let lower = option.trim_start_matches('-').to_ascii_lowercase();
                    let ours = lower.starts_with("traefik.")
                        || (key == "command" && lower.starts_with("entrypoints."));
                    if ours {
                        let edge = edge.get_or_insert_with(|| {
                            let at = Span::new(file, service.key_range);
                            Edge { name: service.key.clone(), ..Edge::new(EdgeKind::Traefik, at) }
                        });
                        traefik(edge, &lower, &value, span);
                    }
                }
            }
        }
    }
    edge.into_iter().collect()
}

/// `key=value` items and `key: value` pairs.
fn options(node: Option<&Node>) -> Vec<(String, String, &Node)> {
    let Some(node) = node else { return Vec::new() };
    let mut out = Vec::new();
    for item in node.items() {
        let (name, value) = item.text().unwrap_or_default().split_once('=').unwrap_or_default();
        out.push((name.to_owned(), value.to_owned(), item));
    }
    for entry in node.entries() {
        let value = entry.value.text().unwrap_or_default().to_owned();
        out.push((entry.key.clone(), value, &entry.value));
    }
    out
}

fn traefik(edge: &mut Edge, option: &str, value: &str, span: Span) {
    edge.forwarded_proto.get_or_insert_with(|| automatic(span));
    let redirects = (option.ends_with("redirectscheme.scheme") && value == "https")
        || option.ends_with("redirections.entrypoint.to")
        || (option.ends_with("redirections.entrypoint.scheme") && value == "https");
    if redirects {
        edge.https_redirect = Some(span);
    } else if option.contains(".loadbalancer.server") || option.contains(".routers.") {
        edge.proxies.get_or_insert(span);
    } else if option.ends_with("forwardedheaders.insecure") && value == "true" {
        edge.forwarded_proto = Some(ForwardedHeader { overwrites: false, ..automatic(span) });
    } else if option.ends_with("maxrequestbodybytes") {
        edge.body_limit = Some(BodyLimit { bytes: value.parse().ok(), span });
    } else if option.contains(".headers.sts") {
        let empty = Hsts { max_age: None, include_subdomains: false, preload: false, span };
        let hsts = edge.hsts.get_or_insert(empty);
        match option.rsplit('.').next() {
            Some("stsseconds") => hsts.max_age = value.parse().ok(),
            Some("stsincludesubdomains") => hsts.include_subdomains = value == "true",
            Some("stspreload") => hsts.preload = value == "true",
            _ => {}
        }
    }
}

/// Traefik's own file, or ingresses of Kubernetes.
pub(super) fn yaml(files: &Files, file: FileId) -> Vec<Edge> {
    let text = files.text(file);
    if text.contains("entryPoints:") || text.contains("entrypoints:") {
        let documents = yaml_syntax::parse(text).tree;
        return documents.iter().filter_map(|document| traefik_file(file, document)).collect();
    }
    if text.contains("kind: Ingress") {
        let documents = yaml_syntax::parse(text).tree;
        return documents.iter().filter_map(|document| ingress(file, document)).collect();
    }
    Vec::new()
}

fn traefik_file(file: FileId, document: &Node) -> Option<Edge> {
    let keys: Vec<_> = document.entries();
    let first = keys.iter().find(|entry| entry.key.eq_ignore_ascii_case("entrypoints"))?;
    let mut edge = Edge::new(EdgeKind::Traefik, Span::new(file, first.key_range));
    let mut path = Vec::new();
    flatten(document, &mut path, &mut |option, value, node| {
        traefik(&mut edge, option, value, Span::new(file, node.range));
    });
    Some(edge)
}

/// Every scalar with its path of keys, in lower case and joined by dots.
fn flatten(node: &Node, path: &mut Vec<String>, take: &mut dyn FnMut(&str, &str, &Node)) {
    if path.len() > 12 {
        return;
    }
    match &node.data {
        Data::Scalar { text, .. } => take(&path.join("."), text, node),
        Data::Sequence(items) => items.iter().for_each(|item| flatten(item, path, take)),
        Data::Mapping(entries) => {
            for entry in entries {
                path.push(entry.key.to_ascii_lowercase());
                flatten(&entry.value, path, take);
                path.pop();
            }
        }
    }
}

fn ingress(file: FileId, document: &Node) -> Option<Edge> {
    if document.get("kind").and_then(Node::text) != Some("Ingress") {
        return None;
    }
    let mut edge = Edge::new(EdgeKind::Ingress, Span::new(file, document.range));
    document
        .at(&["metadata", "name"])
        .and_then(Node::text)
        .unwrap_or_default()
        .clone_into(&mut edge.name);
    let spec = document.get("spec")?;
    edge.proxies = spec.entry("rules").map(|rules| Span::new(file, rules.key_range));
    let tls = spec.entry("tls").map(|tls| Span::new(file, tls.key_range));
    let annotations = document.at(&["metadata", "annotations"]);
    let class = spec.get("ingressClassName").and_then(Node::text).unwrap_or_default();
    let mut nginx = class == "nginx";
    let mut redirect = None;
    for entry in annotations.map(Node::entries).unwrap_or_default() {
        let value = entry.value.text().unwrap_or_default();
        let span = Span::new(file, entry.range());
        nginx |= entry.key.starts_with("nginx.ingress.kubernetes.io/");
        match entry.key.rsplit('/').next().unwrap_or_default() {
            "ssl-redirect" => redirect = Some((value == "true", span)),
            "force-ssl-redirect" if value == "true" => edge.https_redirect = Some(span),
            "proxy-body-size" => edge.body_limit = body_limit(value, span),
            _ => {}
        }
    }
    // The nginx ingress redirects by itself as soon as there is a certificate.
    if edge.https_redirect.is_none() && nginx {
        edge.https_redirect = match redirect {
            Some((wanted, span)) => tls.filter(|_| wanted).map(|_| span),
            None => tls,
        };
    }
    edge.forwarded_proto = nginx.then(|| automatic(edge.location));
    Some(edge)
}

/// Fly's proxy.
pub(super) fn fly(files: &Files, file: FileId) -> Vec<Edge> {
    let stem = files.path(file).file_stem().unwrap_or_default();
    if !stem.starts_with("fly") {
        return Vec::new();
    }
    let tree = toml::parse(files.text(file)).tree;
    let service = tree.entry("http_service").or_else(|| tree.entry("services"));
    let Some(service) = service else { return Vec::new() };
    let location = Span::new(file, service.key_range);
    let mut edge = Edge::new(EdgeKind::Fly, location);
    edge.proxies = Some(location);
    edge.forwarded_proto = Some(automatic(location));
    let mut places = vec![&service.value];
    for item in service.value.items() {
        places.extend(item.get("ports").map(Node::items).unwrap_or_default());
    }
    for place in places {
        if let Some(force) = place.entry("force_https")
            && force.value.as_bool() == Some(true)
        {
            edge.https_redirect = Some(Span::new(file, force.range()));
        }
    }
    vec![edge]
}

/// Heroku's router: it sets `X-Forwarded-Proto`, and redirects nothing.
pub(super) fn heroku(files: &Files, file: FileId) -> Vec<Edge> {
    if files.path(file).file_name() != Some("app.json") {
        return Vec::new();
    }
    let tree = json::parse(files.text(file)).tree;
    if !["buildpacks", "formation", "addons"].iter().any(|key| tree.get(key).is_some()) {
        return Vec::new();
    }
    let location = Span::new(file, tree.range);
    let mut edge = Edge::new(EdgeKind::Heroku, location);
    edge.proxies = Some(location);
    edge.forwarded_proto = Some(automatic(location));
    vec![edge]
}
