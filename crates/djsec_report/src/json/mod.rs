//! djsec's own JSON.

#[cfg(test)]
mod tests;
pub(crate) mod v1;

use std::io;

use serde::Serialize;

use crate::Report;

/// Writes the outcome in the newest version of the format.
pub(crate) fn write(out: &mut dyn io::Write, report: &Report<'_>) -> io::Result<()> {
    write_document(out, &v1::document(report))
}

/// Writes a document with two blanks of indentation and a line end.
pub(crate) fn write_document(
    mut out: &mut dyn io::Write,
    document: &impl Serialize,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)
}
