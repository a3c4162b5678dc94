//! Tests of the reader of HTML. What it says of places is compared with html5ever; what html5ever does
//! not know (scripts, styles, what attributes are for) with cases made by hand.

pub(crate) mod browser;
mod css;
pub(crate) mod differential;
mod fork;
mod hostile;
mod js;
mod pages;
mod places;
mod told;
