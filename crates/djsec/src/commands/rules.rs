//! `djsec rules`.

use anyhow::Result;
use djsec_base::RuleMeta;

use crate::{
    cli::{Look, Rules},
    failure::Failure,
    show,
};

pub(super) fn run(options: &Rules, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let mut selectors = Vec::new();
    for text in &options.only {
        selectors.push(catalog.selector(text).map_err(|error| Failure::unknown_rule(&error))?);
    }
    let wanted = |rule: &RuleMeta| {
        selectors.is_empty() || selectors.iter().any(|selector| selector.matches(rule))
    };
    let rules: Vec<&'static RuleMeta> = catalog.iter().filter(|rule| wanted(rule)).collect();
    show::rules(&rules, options.format, look)?;
    Ok(0)
}
