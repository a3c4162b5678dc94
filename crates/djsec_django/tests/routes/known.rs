//! Where djsec says something else than Django's resolver, on purpose.

/// A difference that is allowed.
pub(crate) struct Known {
    pub(crate) project: &'static str,
    /// In the line that tells the difference.
    pub(crate) line: &'static str,
    #[expect(dead_code, reason = "for those who read the table")]
    pub(crate) reason: &'static str,
}

pub(crate) const KNOWN: &[Known] = &[Known {
    project: "rest-views",
    line: "path:schema/: arguments is",
    reason: "get_schema_view() hands its arguments and its own defaults on; djsec shows what is given",
}];

/// Projects with constructs that are still to be built; one that has no differences leaves the list.
pub(crate) const NOT_YET: &[&str] = &[];
