//! Templates as Django's parser and a browser read them: trees, and where in HTML each value lands.
//! Nothing here knows Python or the project, nothing fails, nothing judges.

#![warn(missing_docs)]

pub mod html;
