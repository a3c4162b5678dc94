use djsec_base::RuleMeta;

use super::{check_page, examples};
use crate::toy::{DEBUG, PAGE, copy};

/// What is wrong with a page in place of the toy rule's.
fn problems(docs: &str) -> Vec<String> {
    let docs: &'static str = docs.to_owned().leak();
    let meta = RuleMeta { docs, ..copy(&DEBUG) };
    check_page(&meta).iter().map(ToString::to_string).collect()
}

#[test]
fn a_complete_page_has_no_problems_and_each_example_is_a_case() {
    assert_eq!(problems(PAGE), Vec::<String>::new());
    let examples = examples(&DEBUG).unwrap();
    let flagged: Vec<bool> = examples.iter().map(|example| example.flagged).collect();
    assert_eq!(flagged, [true, true, false]);
    assert_eq!(examples[0].case.files[0].path, "shop/settings.py");
}

#[test]
fn adjacent_blocks_with_different_paths_are_one_project() {
    let page = PAGE.replace(
        " X = 1\n DEBUG = True  # finding\n ```\n",
        " DEBUG = True  # finding\n ```\n\n ```html templates/a.html\n <p>\n ```\n",
    );
    let meta = RuleMeta { docs: page.leak(), ..copy(&DEBUG) };
    let counts: Vec<usize> =
        examples(&meta).unwrap().iter().map(|example| example.case.files.len()).collect();
    assert_eq!(counts, [1, 2, 1]);
}

#[test]
fn prose_separates_examples_and_text_blocks_are_not_examples() {
    let page = PAGE.replace(
        " ## Not flagged\n",
        " ## Not flagged\n ```text\n none\n ```\n\n ```python views.py\n x\n ```\n and\n ```python urls.py\n y\n ```\n or\n",
    );
    let meta = RuleMeta { docs: page.leak(), ..copy(&DEBUG) };
    assert_eq!(examples(&meta).unwrap().len(), 5);
}

#[test]
fn missing_and_misplaced_headings_are_named() {
    let page = PAGE.replace("## Why it matters", "## Rationale");
    assert_eq!(
        problems(&page),
        ["line 4: `Rationale` is not a heading of a page", "the page lacks `## Why it matters`"]
    );
    let page = format!("{PAGE}\n ## Why it matters\n Again.\n");
    assert_eq!(problems(&page), ["line 21: `Why it matters` stands too late, or twice"]);
}

#[test]
fn examples_are_marked_where_they_are_flagged_and_only_there() {
    let page = PAGE.replacen("  # finding", "", 1).replace("DEBUG = False", "A = 1  # finding");
    assert_eq!(
        problems(&page),
        [
            "line 8: a flagged example has a mark",
            "line 17: an example that is not flagged has no mark"
        ]
    );
}

#[test]
fn a_page_needs_an_example_of_each_kind() {
    let page = PAGE.replace(" ```python settings.py\n DEBUG = False\n ```\n", " Nothing.\n");
    assert_eq!(problems(&page), ["no example under *Not flagged*"]);
}

#[test]
fn links_go_over_https() {
    let page = PAGE.replace("It shows secrets.", "See [this](http://example.com).");
    assert_eq!(problems(&page), ["line 5: links go over https"]);
    assert!(problems(&page.replace("http:", "https:")).is_empty());
}

#[test]
fn id_and_group_follow_the_file() {
    let moved = RuleMeta { source: "src/rules/deploy/debug_on.rs", ..copy(&DEBUG) };
    let found: Vec<String> = check_page(&moved).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "the id `debug-enabled` is not the name of src/rules/deploy/debug_on.rs",
            "the group `settings` is not the folder of src/rules/deploy/debug_on.rs"
        ]
    );
}
