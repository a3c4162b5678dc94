use super::{Entry, Piece, Program, TokenKind};

fn program(text: &str) -> Program {
    Program::new(&[Piece::Text(text)])
}

/// The tokens of a program: strings in quotes, templates in backticks, expressions in slashes.
fn tokens(pieces: &[Piece<'_>]) -> Vec<String> {
    let program = Program::new(pieces);
    let tokens = program.tokens().iter();
    let shown = tokens.map(|token| {
        let value = if token.value.is_some() { "{}" } else { "" };
        match token.kind {
            TokenKind::Word | TokenKind::Sign => format!("{}{value}", token.text),
            TokenKind::Text => format!("'{}{value}'", token.text),
            TokenKind::Template => format!("`{}{value}`", token.text),
            TokenKind::RegExp => format!("/{}{value}/", token.text),
        }
    });
    shown.collect()
}

#[test]
fn a_program_is_words_signs_and_strings() {
    let text = "let a=b1.c('x\\'y')+\"z\"; // d\n/* e */ f /g/ 2 // h";
    let expected = [
        "let", "a", "=", "b1", ".", "c", "(", "'x\\'y'", ")", "+", "'z'", ";", "f", "/", "g", "/",
        "2",
    ];
    assert_eq!(tokens(&[Piece::Text(text)]), expected);
    let text = "return /a[/]b/.test(x) / 'y'";
    let expected = ["return", "/a[/]b/", ".", "test", "(", "x", ")", "/", "'y'"];
    assert_eq!(tokens(&[Piece::Text(text)]), expected);
}

#[test]
fn templates_are_cut_where_code_is_in_them() {
    let expected = ["`a`", "(", "b", "(", "`c`", "(", "d", ")", "``", ")", ")", "`e`", ";"];
    assert_eq!(tokens(&[Piece::Text("`a${b(`c${d}`)}e`;")]), expected);
    assert_eq!(tokens(&[Piece::Text("`a$b{c}`")]), ["`a$b{c}`"]);
}

#[test]
fn what_is_put_in_is_noted_where_it_stands() {
    let pieces = [
        Piece::Text("f('/a/"),
        Piece::Value,
        Piece::Text("/"),
        Piece::Value,
        Piece::Text("', "),
        Piece::Value,
        Piece::Text(", x"),
        Piece::Value,
        Piece::Text(") // "),
        Piece::Value,
    ];
    assert_eq!(tokens(&pieces), ["f", "(", "'/a/{}'", ",", "{}", ",", "x{}", ")"]);
    let program = Program::new(&pieces);
    let token = &program.tokens()[2];
    assert_eq!((token.piece, token.at, token.value), (0, 2, Some(1)));
}

#[test]
fn calls_have_names_and_arguments() {
    let program = program("x = window?.a.b(1, [2, 3], {c: d}, (e, f)); y().g(); h()");
    let open = |text: &str| {
        program.tokens().iter().position(|token| token.text == text).expect("a name") + 1
    };
    let (names, start) = program.callee(open("b")).expect("names");
    assert_eq!((names, start), (vec!["window", "a", "b"], 2));
    assert_eq!(program.list(open("b")).expect("arguments").len(), 4);
    assert_eq!(program.callee(open("g")), None);
    assert_eq!(program.list(open("h")), Some(Vec::new()));
}

#[test]
fn objects_have_entries_and_what_is_no_key_says_so() {
    let program = program("{a: 1, 'b-c': f(x, y), ...d, [e]: 2, g, h() {}, }");
    let all = 0..program.tokens().len();
    let entries = program.object(&all).expect("an object");
    let keys: Vec<_> = entries.iter().map(|entry| entry.key.as_deref()).collect();
    assert_eq!(keys, [Some("a"), Some("b-c"), None, None, Some("g"), None]);
    assert_eq!(entries[0], Entry { key: Some("a".to_owned()), value: 3..4 });
    assert_eq!(program.part(&entries[1].value).len(), 6);
    assert_eq!(program.object(&(0..3)), None);
}

#[test]
fn brackets_that_do_not_match_belong_to_nothing() {
    let closed = program("f(a], g)");
    assert_eq!(closed.pair(3), None);
    assert_eq!(closed.list(1), Some(vec![2..4, 5..6]));
    let open = program("f([a)");
    assert_eq!((open.list(1), open.list(2)), (None, None));
}

#[test]
fn a_program_of_nothing_but_beginnings_is_read_quickly() {
    for part in ["f(", "`${", "{", "a.", "/", "'", "f({a:"] {
        let text = part.repeat(200_000 / part.len());
        let program = program(&text);
        let calls = (0..program.tokens().len()).filter(|at| program.list(*at).is_some()).count();
        assert_eq!(calls, 0, "{part}");
        // What is nested deeper than anybody writes is not read.
        assert!(program.tokens().len() < 1_000 || matches!(part, "a." | "'"), "{part}");
    }
}
