//! The picture of one Django project: what its settings are in production, and what Django and
//! well-known packages make of them. Nothing here judges.

pub mod csp;
pub mod defaults;
pub mod evidence;
pub mod gdal;
pub mod hierarchy;
pub mod middleware;
pub mod models;
pub mod project;
pub mod routes;
pub mod setting_names;
pub mod settings;
pub mod structure;
pub mod templates;
#[cfg(test)]
mod trees;
pub mod views;
