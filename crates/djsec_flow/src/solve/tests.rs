use super::{components, levels};
use crate::index::FunctionKey;

fn graph(edges: &[&[u32]]) -> Vec<Vec<FunctionKey>> {
    edges.iter().map(|all| all.iter().map(|to| FunctionKey(*to)).collect()).collect()
}

#[test]
fn callees_come_before_callers_and_circles_stand_together() {
    // 0 -> 1 -> 2 -> 1, 3 alone.
    let found = components(&graph(&[&[1], &[2], &[1], &[]]));
    let plain: Vec<Vec<u32>> = found.iter().map(|all| all.iter().map(|k| k.0).collect()).collect();
    assert_eq!(plain, [vec![1, 2], vec![0], vec![3]]);
    let found = levels(&graph(&[&[1], &[2], &[1], &[]]));
    let plain: Vec<Vec<u32>> = found.iter().map(|all| all.iter().map(|k| k.0).collect()).collect();
    assert_eq!(plain, [vec![1, 2, 3], vec![0]]);
}

#[test]
fn a_chain_of_a_hundred_thousand_calls_needs_no_deep_stack() {
    let edges: Vec<Vec<FunctionKey>> = (1..=100_000)
        .map(|to| if to == 100_000 { vec![] } else { vec![FunctionKey(to)] })
        .collect();
    assert_eq!(components(&edges).len(), 100_000);
}
