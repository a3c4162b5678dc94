use std::sync::Arc;

use super::source::{Host, Token};

fn host(scheme: Option<&str>, name: &str, wildcard: bool, path: &str) -> Token {
    Token::Host(Host {
        scheme: scheme.map(Arc::from),
        name: Arc::from(name),
        wildcard,
        path: Arc::from(path),
    })
}

#[test]
fn words_of_a_source_list_are_told_apart() {
    let keyword = |word: &str| Token::Keyword(Arc::from(word));
    assert_eq!(Token::parse("'self'"), keyword("self"));
    assert_eq!(Token::parse("'Unsafe-Inline'"), keyword("unsafe-inline"));
    assert_eq!(Token::parse("'slef'"), Token::UnknownKeyword(Arc::from("slef")));
    assert_eq!(Token::parse("'nonce-abc'"), Token::FixedNonce);
    assert_eq!(Token::parse("'sha384-abc='"), Token::Hash);
    assert_eq!(Token::parse("*"), Token::Star);
    assert_eq!(Token::parse("https:"), Token::Scheme(Arc::from("https")));
    assert_eq!(Token::parse("https://*"), Token::Scheme(Arc::from("https")));
    assert_eq!(Token::parse("Shop.example"), host(None, "shop.example", false, ""));
    assert_eq!(
        Token::parse("https://*.example.com:8443/a/b"),
        host(Some("https"), "example.com", true, "/a/b")
    );
    assert_eq!(Token::parse("localhost:8000"), host(None, "localhost", false, ""));
}

#[test]
fn a_keyword_without_its_quotes_is_recognised() {
    let quoted = |word| Token::keyword_without_quotes(word);
    assert_eq!(quoted("self").as_deref(), Some("'self'"));
    assert_eq!(quoted("\"none\"").as_deref(), Some("'none'"));
    assert_eq!(quoted("'unsafe-inline").as_deref(), Some("'unsafe-inline'"));
    assert_eq!(quoted("sha256-abc=").as_deref(), Some("'sha256-abc='"));
    assert_eq!(quoted("'self'"), None);
    assert_eq!(quoted("self.example.com"), None);
}
