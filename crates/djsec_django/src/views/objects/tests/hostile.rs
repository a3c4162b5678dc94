use std::fmt::Write as _;

use super::{found, shown};

/// A view in which `count` functions stand beside one that deletes the row.
fn view(count: usize) -> String {
    let mut text = String::from(
        "
def cancel(request, pk):
    order = get_object_or_404(Order, pk=pk)
",
    );
    for n in 0..count {
        let _ = writeln!(text, "    def other_{n}():\n        return order");
    }
    text.push_str("    def drop():\n        order.delete()\n    drop()\n");
    text
}

#[test]
fn a_function_in_a_view_sees_its_names() {
    let objects = found(&view(3), "cancel", &["pk"], None);
    let all: Vec<String> = objects.accesses.iter().map(shown).collect();
    assert_eq!(all, ["fetch order pk<url pk: unscoped", "delete order pk<url pk: unscoped"]);
    assert!(objects.gaps.is_empty(), "{:?}", objects.gaps);
}

#[test]
fn thousands_of_functions_do_not_each_keep_the_names_of_all() {
    // Each of them would keep all before it: gigabytes.
    let objects = found(&view(3_000), "cancel", &["pk"], None);
    let gaps: Vec<&str> = objects.gaps.iter().map(|gap| &**gap).collect();
    assert_eq!(gaps, ["a function in it sees more names than are followed"]);
    assert_eq!(objects.accesses.len(), 1);
}
