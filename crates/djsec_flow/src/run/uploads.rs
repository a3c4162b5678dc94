//! Uploaded files, also where they stand among texts that were posted.

use super::sinks::UPLOADED;
use crate::taint::{Label, Origin, Taint};
use crate::value::{Value, What};
use crate::{Grade, Kind, Kinds};

/// An uploaded file. Django keeps only the last part of its name; its `file` is what is open beneath it.
pub(super) fn uploaded(taint: Taint) -> Value {
    let name = name_of_file(&taint);
    let of_class = |taint: Taint| Value { taint, ..Value::instance(UPLOADED) };
    let open = of_class(taint.clone());
    let name = Value::tainted(name);
    // Nothing is unpacked from a file: a serializer has made a pair of its name and something else of it.
    of_class(taint)
        .with_field("[0]", name.clone())
        .with_field("name", name)
        .with_field("file", open)
}

/// The name of an uploaded file: Django leaves no folders in it
/// (`UploadedFile._set_name`, <https://docs.djangoproject.com/en/stable/ref/files/uploads/>).
pub(super) fn name_of_file(taint: &Taint) -> Taint {
    taint.sanitized(Kinds::of([Kind::Path, Kind::Header]))
}

/// Whether a value is what was posted under a name: a text, a number, a list or table of these, or a file. Of all
/// these only files have a name.
pub(super) fn is_posted(value: &Value) -> bool {
    let posted = |label: &Label| match &label.origin {
        Origin::Source(source) => {
            let mut words = source.words.split(['.', '[', '(']);
            source.grade == Grade::Remote
                && label.doubt == 0
                && words.any(|word| matches!(word, "data" | "POST"))
        }
        Origin::Parameter(..) => false,
    };
    matches!(value.what, What::Unknown)
        && !value.taint.is_empty()
        && value.taint.labels().iter().all(posted)
}
