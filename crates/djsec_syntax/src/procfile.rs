//! Procfiles: `name: command` lines.

use crate::parsed::{Parsed, SyntaxError, Text, lines, range};

/// A process type with its command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// `web`, `worker`, `release`, ….
    pub name: Text,
    /// The command line.
    pub command: Text,
}

/// Parses a Procfile.
pub fn parse(text: &str) -> Parsed<Vec<Process>> {
    let mut out = Parsed::clean(Vec::new());
    for (at, line) in lines(text) {
        let start = at + line.len() - line.trim_start().len();
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let name_of = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        let Some((name, command)) = content.split_once(':').filter(|(name, _)| name_of(name))
        else {
            let at = range(start, start + content.len());
            out.errors.push(SyntaxError::new(at, "expected `name: command`"));
            continue;
        };
        let command = command.trim_start();
        let end = start + content.len();
        out.tree.push(Process {
            name: Text::new(name, start, start + name.len()),
            command: Text::new(command, end - command.len(), end),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_are_read_and_template_lines_reported() {
        let text = "release: ./manage.py migrate\n{% if a %}\nweb: gunicorn a.wsgi:application\n";
        let parsed = parse(text);
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.tree[1].name.text, "web");
        assert_eq!(crate::under(text, parsed.tree[1].command.range), "gunicorn a.wsgi:application");
    }
}
