//! Fixes of settings, as they are written in the settings file.

use djsec_base::{Applicability, Edit, Fix, Span, TextRange, TextSize};
use djsec_django::settings::SettingRef;

use crate::Cx;

impl Cx<'_> {
    /// A fix that gives a setting a literal value: in place where the file says a literal now, as a
    /// new line where the project does not set it at all. Values from elsewhere (the environment,
    /// an expression) are left to their author, and so are class-based settings.
    pub fn set(
        &self,
        setting: &SettingRef<'_>,
        title: impl Into<String>,
        literal: &str,
    ) -> Option<Fix> {
        if self.project.settings.module.contains(':') {
            return None;
        }
        if !setting.explicit {
            return self.add_line(title, &format!("{} = {literal}", setting.path));
        }
        let span = setting.value().single()?.span?;
        let text = self.source(span);
        let written = text.starts_with(['"', '\'', '-'])
            || text.starts_with(|c: char| c.is_ascii_digit())
            || matches!(text, "None" | "True" | "False" | "[]" | "()" | "{}");
        written.then(|| Fix::unsafe_replace(title, span, literal))
    }

    /// A fix that adds an entry to a dict setting: in its literal, or as a new setting where the
    /// project does not set it.
    pub fn add_entry(
        &self,
        setting: &SettingRef<'_>,
        title: impl Into<String>,
        key: &str,
        literal: &str,
    ) -> Option<Fix> {
        let entry = format!("\"{key}\": {literal}");
        if self.project.settings.module.contains(':') {
            return None;
        }
        if !setting.explicit {
            return self.add_line(title, &format!("{} = {{{entry}}}", setting.path));
        }
        let span = setting.value().single()?.span?;
        let rest = self.source(span).strip_prefix('{')?;
        let indent: String = rest.chars().take_while(|c| c.is_whitespace()).collect();
        let empty = rest.trim_start().starts_with('}');
        let text = match (empty, indent.rsplit_once('\n')) {
            (true, _) => entry,
            (false, Some((_, spaces))) => format!("\n{spaces}{entry},"),
            (false, None) => format!("{entry}, "),
        };
        let at = span.range.start().checked_add(TextSize::new(1))?;
        let edit = Edit { span: Span::new(span.file, TextRange::empty(at)), text };
        Some(Fix { title: title.into(), applicability: Applicability::Unsafe, edits: vec![edit] })
    }

    /// A fix that writes a line at the end of the settings file.
    pub fn add_line(&self, title: impl Into<String>, line: &str) -> Option<Fix> {
        let file = self.project.settings.file?;
        let text = self.files.text(file);
        let end = TextSize::try_from(text.len()).ok()?;
        let span = Span::new(file, TextRange::empty(end));
        let lead = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let edit = Edit { span, text: format!("{lead}{line}\n") };
        Some(Fix { title: title.into(), applicability: Applicability::Unsafe, edits: vec![edit] })
    }
}
