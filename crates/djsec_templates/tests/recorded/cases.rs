//! The small templates of `tools/record/template_cases.py`.
//!
//! `DJSEC_TEMPLATE_CASES=file` compares the cases in that file instead, such as `templates.py random` prints.

use std::path::Path;

use djsec_templates::parse::parse;
use serde_json::Value;

use super::{Recorded, described, recorded};

/// Texts that are read in another way, each with its reason.
const DIFFERENT: [(&str, &str); 0] = [];

#[test]
fn every_tree_and_every_first_error_is_djangos() {
    let file = std::env::var_os("DJSEC_TEMPLATE_CASES").unwrap_or_else(|| "cases.jsonl".into());
    let cases = recorded(Path::new(&file));
    assert!(cases.len() > 1000, "the recording is all there");
    let knowledge = Recorded::new("shop/page.html");
    let mut wrong = Vec::new();
    for mut case in cases {
        let text = case["text"].take();
        let text = text.as_str().expect("a text");
        let template = parse(text, &knowledge);
        let ours = match template.errors.first() {
            Some(error) => described(error),
            None => serde_json::json!({"tree": template.print(text)}),
        };
        let theirs: Value =
            case.as_object().expect("an object").clone().into_iter().skip(1).collect();
        let excepted = DIFFERENT.iter().any(|(excepted, _)| *excepted == text);
        if (ours == theirs) == excepted {
            wrong.push(format!("{text:?}\n  ours   {ours}\n  theirs {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
