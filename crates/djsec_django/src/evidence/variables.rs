//! Every variable that some file gives to a process, deployed or not.

use djsec_base::{FileId, FileKind, Files, Role};

use super::{EnvVar, Evidence, EvidenceKind, Speakers, Strength, compose};

/// A variable that a file sets, and how far that file counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The variable.
    pub variable: EnvVar,
    /// What kind of file sets it.
    pub kind: EvidenceKind,
    /// How much that counts.
    pub strength: Strength,
}

/// The variables of all evidence and of sample environment files (`.env.example`), in order of their
/// places. A file that several services load says each variable once, as strongly as one of them does.
pub fn variables(files: &Files, speakers: &Speakers, evidence: &[Evidence]) -> Vec<Assigned> {
    let mut out: Vec<Assigned> = Vec::new();
    for found in evidence {
        out.extend(found.environment.iter().map(|variable| Assigned {
            variable: variable.clone(),
            kind: found.kind,
            strength: found.strength,
        }));
    }
    let samples = files.iter().filter(|(_, file)| {
        file.kind == FileKind::DotEnv && file.role == Role::Example && speakers.have(&file.path)
    });
    for (id, _) in samples {
        out.extend(sample(files, id));
    }
    out.sort_by_key(|assigned| {
        let span = assigned.variable.span;
        (span.file, span.range.start(), span.range.end(), assigned.strength, assigned.kind)
    });
    out.dedup_by_key(|assigned| (assigned.variable.span, assigned.variable.name.clone()));
    out
}

fn sample(files: &Files, file: FileId) -> impl Iterator<Item = Assigned> {
    let environment = compose::dotenv_file(files, files.path(file), &[]);
    environment.into_iter().map(|variable| Assigned {
        variable,
        kind: EvidenceKind::EnvFile,
        strength: Strength::Development,
    })
}
