//! Borders and budgets of STYLE that neither rustc nor clippy knows, kept as tests.

mod budgets;
mod manifests;
mod text;
