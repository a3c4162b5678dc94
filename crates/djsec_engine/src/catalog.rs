//! The rules there are, and the ways to name some of them.

use std::collections::BTreeSet;

use djsec_base::RuleMeta;

use crate::similar::{did_you_mean, nearest_key};

/// All rules, sorted by id.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    rules: Vec<&'static RuleMeta>,
}

impl Catalog {
    /// A catalogue of these rules, in any order.
    pub fn new(rules: impl IntoIterator<Item = &'static RuleMeta>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|rule| rule.id);
        rules.dedup_by_key(|rule| rule.id);
        Self { rules }
    }

    /// The rules in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &'static RuleMeta> {
        self.rules.iter().copied()
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule with this id.
    pub fn find(&self, id: &str) -> Option<&'static RuleMeta> {
        let at = self.rules.binary_search_by_key(&id, |rule| rule.id).ok()?;
        self.rules.get(at).copied()
    }

    /// The groups of the rules, sorted.
    pub fn groups(&self) -> BTreeSet<&'static str> {
        self.rules.iter().map(|rule| rule.group).collect()
    }

    /// The rule with this id, or an error that names the nearest one.
    ///
    /// # Errors
    /// When there is no such rule.
    pub fn rule(&self, id: &str) -> Result<&'static RuleMeta, UnknownRule> {
        self.find(id).ok_or_else(|| UnknownRule {
            text: id.to_owned(),
            nearest: nearest_key(id, self.iter().map(|rule| rule.id)).map(str::to_owned),
        })
    }

    /// Reads `all`, a rule id, a group, or a prefix that ends in `*`.
    ///
    /// # Errors
    /// When it names no rule; the error holds the nearest name.
    pub fn selector(&self, text: &str) -> Result<Selector, UnknownRule> {
        let selector = if text == "all" {
            return Ok(Selector::All);
        } else if let Some(prefix) = text.strip_suffix('*') {
            Selector::Prefix(prefix.to_owned())
        } else if self.find(text).is_some() {
            Selector::Rule(text.to_owned())
        } else {
            Selector::Group(text.to_owned())
        };
        if self.iter().any(|rule| selector.matches(rule)) {
            return Ok(selector);
        }
        Err(UnknownRule { text: text.to_owned(), nearest: self.nearest_selector(text) })
    }

    /// `hsts-*` for `hsts`, else the nearest rule or group.
    fn nearest_selector(&self, text: &str) -> Option<String> {
        let stem = text.trim_end_matches('*');
        let prefix = format!("{stem}-");
        if !stem.is_empty() && self.iter().any(|rule| rule.id.starts_with(&prefix)) {
            return Some(format!("{prefix}*"));
        }
        nearest_key(stem, self.iter().map(|rule| rule.id).chain(self.groups())).map(str::to_owned)
    }
}

/// Names some rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// `all`.
    All,
    /// A group, such as `settings`.
    Group(String),
    /// `prefix*`.
    Prefix(String),
    /// One rule.
    Rule(String),
}

impl Selector {
    /// Whether it names this rule.
    pub fn matches(&self, rule: &RuleMeta) -> bool {
        match self {
            Self::All => true,
            Self::Group(group) => rule.group == group,
            Self::Prefix(prefix) => rule.id.starts_with(prefix.as_str()),
            Self::Rule(id) => rule.id == id,
        }
    }

    /// How precise it is: the more precise of two contradicting selectors wins.
    pub(crate) fn precision(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Group(_) => 1,
            Self::Prefix(prefix) => 2 + prefix.len(),
            Self::Rule(_) => usize::MAX,
        }
    }
}

/// A name that no rule and no group has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub struct UnknownRule {
    /// What was written.
    pub text: String,
    /// The nearest name there is, if one is near.
    pub nearest: Option<String>,
}

impl UnknownRule {
    fn words(&self) -> String {
        if self.text.is_empty() {
            return "the name of a rule is empty".to_owned();
        }
        format!("unknown rule '{}'{}", self.text, did_you_mean(self.nearest.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::catalog;

    #[test]
    fn a_selector_is_a_rule_a_group_or_a_prefix() {
        let catalog = catalog();
        let count = |text: &str| {
            let selector = catalog.selector(text).unwrap();
            catalog.iter().filter(|rule| selector.matches(rule)).count()
        };
        assert_eq!(count("debug-enabled"), 1);
        assert_eq!(count("transport"), 2);
        assert_eq!(count("hsts-*"), 2);
        assert_eq!(count("all"), catalog.len());
    }

    #[test]
    fn a_mistyped_rule_names_the_nearest_one() {
        let error = catalog().selector("debug_enabeld").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown rule 'debug_enabeld' (did you mean 'debug-enabled'?)"
        );
    }

    #[test]
    fn the_beginning_of_some_rules_is_no_selector_but_its_prefix_is_suggested() {
        let error = catalog().selector("hsts").unwrap_err();
        assert_eq!(error.to_string(), "unknown rule 'hsts' (did you mean 'hsts-*'?)");
    }

    #[test]
    fn a_name_that_is_near_to_nothing_gets_no_suggestion() {
        let error = catalog().rule("zzz").unwrap_err();
        assert_eq!(error.to_string(), "unknown rule 'zzz'");
        assert!(catalog().selector("zzz*").is_err());
    }
}
