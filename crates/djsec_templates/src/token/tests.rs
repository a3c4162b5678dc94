//! Where a text is cut. What Django makes of the pieces is compared in `tests/recorded`.

use super::{TokenKind, tokenize};

/// The tokens as `T`, `V`, `B` or `C`, the line and the text; they must cover the whole text.
fn cut(source: &str) -> Vec<(char, u32, &str)> {
    let (tokens, cut) = tokenize(source);
    assert!(!cut);
    let mut at = 0;
    let mut pieces = Vec::new();
    for token in tokens {
        let (start, end) = (usize::from(token.span.start()), usize::from(token.span.end()));
        assert_eq!(start, at, "no gaps: {source:?}");
        at = end;
        let kind = match token.kind {
            TokenKind::Text => 'T',
            TokenKind::Variable => 'V',
            TokenKind::Block => 'B',
            TokenKind::Comment => 'C',
        };
        pieces.push((kind, token.line, source.get(start..end).expect("a piece")));
    }
    assert_eq!(at, source.len(), "to the end: {source:?}");
    pieces
}

#[test]
fn text_and_tags_alternate() {
    let expected = [
        ('T', 1, "ä\n"),
        ('V', 2, "{{ b }}"),
        ('B', 2, "{% c %}"),
        ('T', 2, "\n"),
        ('C', 3, "{# d #}"),
    ];
    assert_eq!(cut("ä\n{{ b }}{% c %}\n{# d #}"), expected);
}

#[test]
fn a_tag_ends_on_its_line() {
    assert_eq!(cut("{{ a\n}}{{ b }}"), [('T', 1, "{{ a\n}}"), ('V', 2, "{{ b }}")]);
    // A carriage return is no end of a line.
    assert_eq!(cut("{{ a\r}}"), [('V', 1, "{{ a\r}}")]);
}

#[test]
fn the_first_end_of_its_kind_ends_a_tag() {
    assert_eq!(cut("{{ '}}' }}"), [('V', 1, "{{ '}}"), ('T', 1, "' }}")]);
    assert_eq!(cut("{{ a %}{% b }}"), [('V', 1, "{{ a %}{% b }}")]);
    assert_eq!(cut("{{{ a }}}"), [('V', 1, "{{{ a }}"), ('T', 1, "}")]);
    assert_eq!(cut("{ {a} {%}"), [('T', 1, "{ {a} {%}")]);
}

#[test]
fn verbatim_makes_text_of_tags_until_its_own_end() {
    let source = "{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}{{ b }}";
    let expected = [
        ('B', 1, "{% verbatim x %}"),
        ('T', 1, "{{ a }}"),
        ('T', 1, "{% endverbatim %}"),
        ('B', 1, "{% endverbatim x %}"),
        ('V', 1, "{{ b }}"),
    ];
    assert_eq!(cut(source), expected);
    assert_eq!(cut("{% verbatims %}{{ a }}").last(), Some(&('V', 1, "{{ a }}")));
}
