//! `djsec explain RULE`.

use anyhow::Result;

use crate::{
    cli::{Explain, Look},
    failure::Failure,
    show,
};

pub(super) fn run(options: &Explain, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let rule = catalog.rule(&options.rule).map_err(|error| Failure::unknown_rule(&error))?;
    show::page(rule, options.format, look)?;
    Ok(0)
}
