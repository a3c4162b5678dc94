use djsec_base::{File, Files, Role, Utf8Path};

use super::*;
use crate::evidence::tests::speakers;

fn read(path: &str, kind: FileKind, text: &str) -> (Files, Vec<Edge>) {
    let file = File::new(path.into(), kind, Role::Application, Some(text.into()));
    let files = Files::new(vec![file]);
    let edges = edges(&files, &speakers(&files, Utf8Path::new("")));
    (files, edges)
}

fn under(files: &Files, span: Option<Span>) -> String {
    span.map(|span| files.slice(span).to_owned()).unwrap_or_default()
}

#[test]
fn nginx_headers_come_from_the_outer_block_only_when_the_inner_sets_none() {
    let text = "http {\n client_max_body_size 25m;\n server {\n  listen 80; return 301 https://$host$request_uri;\n }\n server {\n  listen 443 ssl;\n  server_name shop.example;\n  add_header Strict-Transport-Security \"max-age=63072000; includeSubDomains\" always;\n  proxy_set_header X-Forwarded-Proto $scheme;\n  location /static/ { alias /x; }\n  location / {\n   proxy_pass http://app;\n   proxy_set_header Host $host;\n  }\n }\n}\n";
    let (files, edges) = read("deploy/nginx.conf", FileKind::Nginx, text);
    assert_eq!(edges.len(), 2);
    assert_eq!(under(&files, edges[0].https_redirect), "return 301 https://$host$request_uri;");
    assert_eq!(edges[0].proxies, None);
    assert_eq!(under(&files, edges[0].tls), "");
    assert_eq!(under(&files, edges[1].tls), "listen 443 ssl;");
    let tls = &edges[1];
    assert_eq!(tls.name, "shop.example");
    assert_eq!(under(&files, tls.proxies), "proxy_pass http://app;");
    let hsts = tls.hsts.as_ref().unwrap();
    assert_eq!(
        (hsts.max_age, hsts.include_subdomains, hsts.preload),
        (Some(63_072_000), true, false)
    );
    // The location sets a header, so nginx forgets the one of the server.
    assert_eq!(tls.forwarded_proto, None);
    assert_eq!(tls.host.as_ref().unwrap().value, "$host");
    assert_eq!(tls.body_limit.as_ref().unwrap().bytes, Some(25 << 20));
}

#[test]
fn a_header_that_repeats_the_clients_is_not_to_be_trusted() {
    let header = |value: &str| {
        let text = format!(
            "server {{ location / {{ uwsgi_pass a; uwsgi_param HTTP_X_FORWARDED_PROTO {value}; }} }}"
        );
        let (_, edges) = read("nginx.conf", FileKind::Nginx, &text);
        edges[0].forwarded_proto.as_ref().unwrap().overwrites
    };
    assert!(header("$scheme"));
    assert!(header("https"));
    assert!(!header("$http_x_forwarded_proto"));
}

#[test]
fn apache_hosts_are_told_apart() {
    let text = "<VirtualHost *:80>\n  ServerName a\n  RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [R=301]\n</VirtualHost>\n<VirtualHost *:443>\n  Header always set Strict-Transport-Security \"max-age=300\"\n  RequestHeader setifempty X-Forwarded-Proto https\n  ProxyPass /static !\n  ProxyPass / http://127.0.0.1:8000/\n  LimitRequestBody 0\n</VirtualHost>\n";
    let (_, edges) = read("apache.conf", FileKind::Apache, text);
    assert!(edges[0].https_redirect.is_some() && edges[0].proxies.is_none());
    assert_eq!(edges[1].hsts.as_ref().unwrap().max_age, Some(300));
    assert!(!edges[1].forwarded_proto.as_ref().unwrap().overwrites);
    assert_eq!(edges[1].body_limit.as_ref().unwrap().bytes, None);
    assert!(edges[1].proxies.is_some() && edges[1].https_redirect.is_none());
}

#[test]
fn caddy_redirects_by_itself_unless_told_otherwise() {
    let site = |head: &str| {
        let text = format!(
            "{head} {{\n  header Strict-Transport-Security \"max-age=60; preload\"\n  reverse_proxy app:8000\n}}\n"
        );
        read("Caddyfile", FileKind::Caddy, &text).1.remove(0)
    };
    let edge = site("shop.example");
    assert!(edge.https_redirect.is_some());
    assert!(edge.hsts.as_ref().unwrap().preload);
    assert!(edge.forwarded_proto.as_ref().unwrap().overwrites);
    assert!(site(":80").https_redirect.is_none());
    assert!(site("http://shop.example").https_redirect.is_none());
    let off = "{\n  auto_https off\n}\nshop.example {\n  reverse_proxy a\n}\n";
    let (_, edges) = read("Caddyfile", FileKind::Caddy, off);
    assert_eq!(edges.len(), 1);
    assert!(edges[0].https_redirect.is_none());
}

#[test]
fn labels_annotations_and_platforms_are_read() {
    let labels = "services:\n  web:\n    image: x\n    labels:\n      - traefik.http.middlewares.r.redirectscheme.scheme=https\n      - traefik.http.middlewares.h.headers.stsSeconds=120\n";
    let (_, edges) = read("docker-compose.yml", FileKind::Compose, labels);
    assert!(edges[0].https_redirect.is_some());
    assert_eq!(edges[0].hsts.as_ref().unwrap().max_age, Some(120));

    let file = "entryPoints:\n  web:\n    address: ':80'\n    http:\n      redirections:\n        entryPoint:\n          to: web-secure\n";
    assert!(read("traefik.yml", FileKind::Yaml, file).1[0].https_redirect.is_some());

    let ingress = |more: &str| {
        let text = format!(
            "kind: Ingress\nmetadata:\n  name: shop\n  annotations:\n    nginx.ingress.kubernetes.io/proxy-body-size: 8m\n{more}spec:\n  tls: [{{hosts: [a]}}]\n  rules: []\n"
        );
        read("k8s/ingress.yaml", FileKind::Yaml, &text).1.remove(0)
    };
    assert!(ingress("").https_redirect.is_some());
    assert_eq!(ingress("").body_limit.unwrap().bytes, Some(8 << 20));
    let off = "    nginx.ingress.kubernetes.io/ssl-redirect: \"false\"\n";
    assert!(ingress(off).https_redirect.is_none());

    let fly = |value: &str| {
        let text = format!("[http_service]\ninternal_port = 8000\nforce_https = {value}\n");
        read("fly.toml", FileKind::Toml, &text).1.remove(0)
    };
    assert!(fly("true").https_redirect.is_some());
    assert!(fly("false").https_redirect.is_none());
}

#[test]
fn proxies_for_development_are_marked() {
    let text = "server { location / { proxy_pass http://a; } }";
    let (_, edges) = read("docker/dev/nginx.conf", FileKind::Nginx, text);
    assert_eq!(edges[0].strength, Strength::Development);
}

#[test]
fn sizes_of_all_notations_are_read() {
    let size = |text: &str| {
        let nginx = format!("server {{ client_max_body_size {text}; }}");
        read("nginx.conf", FileKind::Nginx, &nginx).1.remove(0).body_limit.map(|limit| limit.bytes)
    };
    assert_eq!(size("25m"), Some(Some(25 << 20)));
    assert_eq!(size("10MB"), Some(Some(10 << 20)));
    assert_eq!(size("0"), Some(None));
    assert_eq!(size("${LIMIT}"), None);
}
