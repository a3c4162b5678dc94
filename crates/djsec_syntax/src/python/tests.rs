//! What Python accepts, what it refuses, and what must not crash us.

use super::{decode, parse, too_deep};

/// Statements kept, errors, and whether one of them is about nesting.
fn shape(text: &str) -> (usize, usize, bool) {
    let parsed = parse(text);
    (parsed.tree.body.len(), parsed.errors.len(), parsed.errors.iter().any(too_deep))
}

fn check_decode(bytes: &[u8], text: &str, encoding: &str, lossy: bool) {
    let decoded = decode(bytes.to_vec());
    assert_eq!(decoded.text, text, "text of {bytes:?}");
    assert_eq!(decoded.encoding, encoding, "encoding of {bytes:?}");
    assert_eq!(decoded.lossy, lossy, "lossy of {bytes:?}");
}

#[test]
fn source_without_a_declaration_is_utf_8() {
    check_decode("x = 'ä'".as_bytes(), "x = 'ä'", "utf-8", false);
    check_decode(b"x = '\xE4'", "x = '\u{FFFD}'", "utf-8", true);
    check_decode(b"", "", "utf-8", false);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    check_decode(b"\xEF\xBB\xBFx = 1", "x = 1", "utf-8-sig", false);
    check_decode(b"\xFF\xFEx\0", "x", "utf-16-le", true);
}

#[test]
fn a_coding_line_counts_in_the_first_two_lines_only() {
    check_decode(
        b"# coding: latin-1\n'\xE4\x80'",
        "# coding: latin-1\n'ä\u{80}'",
        "iso-8859-1",
        false,
    );
    check_decode(
        b"#!/x\n# vim: set fileencoding=cp1252 :\n'\x80'",
        "#!/x\n# vim: set fileencoding=cp1252 :\n'€'",
        "cp1252",
        false,
    );
    check_decode(
        b"#!/x\r\n# -*- coding: koi8-r -*-\r\n'\xC1'",
        "#!/x\r\n# -*- coding: koi8-r -*-\r\n'а'",
        "KOI8-R",
        false,
    );
    check_decode(
        b"\n\n# coding: latin-1\n'\xE4'",
        "\n\n# coding: latin-1\n'\u{FFFD}'",
        "utf-8",
        true,
    );
    check_decode(
        b"x = 1\n# coding: latin-1\n'\xE4'",
        "x = 1\n# coding: latin-1\n'\u{FFFD}'",
        "utf-8",
        true,
    );
}

#[test]
fn python_names_of_encodings_are_understood() {
    check_decode(
        b"# coding: ISO_8859_15\n'\xA4'",
        "# coding: ISO_8859_15\n'€'",
        "ISO-8859-15",
        false,
    );
    check_decode(b"# coding=cp1251\n'\xE0'", "# coding=cp1251\n'а'", "windows-1251", false);
    check_decode(b"# coding: ascii\n'\xE4'", "# coding: ascii\n'\u{FFFD}'", "ascii", true);
}

#[test]
fn what_python_refuses_is_read_as_well_as_can_be_and_flagged() {
    check_decode(b"# coding: klingon\nx = 1", "# coding: klingon\nx = 1", "utf-8", true);
    check_decode(b"# coding: utf-16\nx = 1", "# coding: utf-16\nx = 1", "utf-8", true);
    check_decode(b"x = 1\0", "x = 1\0", "utf-8", true);
}

#[test]
fn a_broken_file_still_gives_the_statements_that_can_be_read() {
    let (statements, errors, _) = shape("A = 1\nB = [1,\nC = 3\ndef f():\n  return 1\n");
    assert!(statements >= 3, "{statements}");
    assert!(errors >= 1);
    assert_eq!(shape("A = 1\nB = 2\n"), (2, 0, false));
    assert_eq!(shape(""), (0, 0, false));
}

#[test]
fn python_2_survives() {
    let (statements, errors, deep) =
        shape("print \"x\"\nexec 'y'\ntry:\n  pass\nexcept E, e:\n  pass\nDEBUG = 0777\n");
    assert!(statements >= 4, "{statements}");
    assert!(errors > 0 && !deep);
}

/// Rayon's workers have 2 MB; what holds there holds everywhere.
fn on_a_small_stack(text: String) -> (usize, usize, bool) {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || shape(&text))
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn nesting_without_brackets_is_refused_and_the_rest_kept() {
    for deep in [
        format!("x = 1{}", "+1".repeat(200_000)),
        format!("x = a{}", ".b".repeat(200_000)),
        format!("x = {}1", "-".repeat(200_000)),
        format!("x = a{}", "()".repeat(100_000)),
        format!("x = {}1", "lambda:".repeat(50_000)),
        format!("x = {}1", "1 if 1 else ".repeat(50_000)),
        format!("class A:\n  def f(self):\n    return 1{}", "+1".repeat(200_000)),
        format!("@a{}\ndef f(): pass", ".b".repeat(200_000)),
        format!("f'{{a{}}}'", ".b".repeat(100_000)),
    ] {
        let label: String = deep.chars().take(30).collect();
        let text = format!("A = 1\n{deep}\nB = 2\n");
        assert_eq!(on_a_small_stack(text), (2, 1, true), "{label}");
    }
}

#[test]
fn brackets_nested_beyond_reason_end_quickly() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")")] {
        let text = format!("A = 1\nx = {}1{}\nB = 2\n", open.repeat(10_000), close.repeat(10_000));
        let (statements, ..) = on_a_small_stack(text);
        assert!(statements >= 2, "{open}: {statements}");
        on_a_small_stack(format!("A = 1\nx = {}", open.repeat(10_000)));
    }
}

#[test]
fn blocks_nested_beyond_reason_end_quickly() {
    let mut text = String::from("A = 1\n");
    for level in 0..3_000 {
        text.push_str(&" ".repeat(level));
        text.push_str("if x:\n");
    }
    text.push_str(&" ".repeat(3_000));
    text.push_str("pass\nB = 2\n");
    let (statements, _, deep) = on_a_small_stack(text);
    assert!(deep && statements >= 1);
}

#[test]
fn a_long_concatenation_costs_at_most_its_own_statement() {
    let text = format!("A = 1\nx = 'a'{}\nB = 2\n", " + 'a'".repeat(5_000));
    assert_eq!(on_a_small_stack(text), (2, 1, true));
    let text = format!("A = 1\nx = 'a'{}\nB = 2\n", " + 'a'".repeat(1_500));
    assert_eq!(on_a_small_stack(text), (3, 0, false));
}
