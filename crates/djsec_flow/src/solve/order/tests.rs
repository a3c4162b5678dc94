use super::{components, guessed, levels, waves};
use crate::index::FunctionKey;
use crate::solve::guess::Guess;

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

fn keys(numbers: &[u32]) -> Vec<FunctionKey> {
    numbers.iter().map(|number| FunctionKey(*number)).collect()
}

#[test]
fn what_is_named_comes_first_where_names_of_methods_tie_a_circle() {
    // 0 names 1, and something in 1 has a method by the name of 0; 2 has one by the name of 1.
    let guess = |named: &[u32], perhaps: &[u32]| Guess::of(keys(named), keys(perhaps));
    let found = guessed(&[guess(&[1], &[]), guess(&[], &[0]), guess(&[], &[1])]);
    assert_eq!(found.order, [keys(&[1]), keys(&[0, 2])]);
    let (zero, one) = (FunctionKey(0), FunctionKey(1));
    assert!(found.is_before(one, zero));
    assert!(!found.is_before(zero, one));
}

#[test]
fn some_functions_stand_in_waves_with_their_circles_kept_together() {
    // 4 -> 1 -> 2 -> 1; 3 is not asked for.
    let all = graph(&[&[], &[2, 3], &[1], &[], &[1, 3]]);
    let callees = |key: FunctionKey| all.get(key.0 as usize).map_or(&[][..], Vec::as_slice);
    let found = waves(&keys(&[1, 2, 4]), callees);
    assert_eq!(found, [vec![keys(&[1, 2])], vec![keys(&[4])]]);
}
