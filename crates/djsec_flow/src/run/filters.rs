//! What packages hand to classes of the project: filters of django-filter, and what authenticates.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::Stmt;

use super::Run;
use crate::Grade;
use crate::catalog::last;
use crate::secret::is_secret_key;
use crate::taint::Taint;
use crate::value::{Value, What};

/// Filters whose values are no free texts: numbers, dates, one of several choices, rows.
const HARMLESS: &[&str] = &[
    "NumberFilter",
    "NumericRangeFilter",
    "RangeFilter",
    "BooleanFilter",
    "UUIDFilter",
    "ChoiceFilter",
    "TypedChoiceFilter",
    "MultipleChoiceFilter",
    "TypedMultipleChoiceFilter",
    "AllValuesFilter",
    "AllValuesMultipleFilter",
    "ModelChoiceFilter",
    "ModelMultipleChoiceFilter",
    "DateFilter",
    "DateTimeFilter",
    "IsoDateTimeFilter",
    "TimeFilter",
    "DurationFilter",
    "DateRangeFilter",
    "DateFromToRangeFilter",
    "DateTimeFromToRangeFilter",
    "IsoDateTimeFromToRangeFilter",
    "TimeRangeFilter",
    "OrderingFilter",
];

impl Run<'_, '_> {
    /// `def filter_near(self, queryset, name, value)` of a set that names it (`CharFilter(method="filter_near")`), and
    /// `def filter(self, queryset, value)` of a filter.
    pub(super) fn of_filter(&self, owner: &QualifiedName, at: u16, place: Span) -> Option<Value> {
        let method = self.code.text(self.function.name);
        if self.is_filterset(owner) {
            let free = self.is_free_filter(owner, method)?;
            return match at {
                1 => self.meta_model(owner).map(|model| Value::of(What::Query(model))),
                3 if free => Some(self.sent_value(at, place)),
                _ => None,
            };
        }
        let bases = self.external_bases(owner);
        let filter = |base: &str| base.starts_with("django_filters.") && base.ends_with("Filter");
        let harmless = |base: &str| HARMLESS.contains(&last(base));
        let is_filter =
            bases.iter().any(|base| filter(base)) && !bases.iter().any(|base| harmless(base));
        (method == "filter" && at == 2 && is_filter).then(|| self.sent_value(at, place))
    }

    /// Whether a class is a set of filters.
    pub(super) fn is_filterset(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        bases.iter().any(|base| base.starts_with("django_filters.") && base.ends_with("FilterSet"))
    }

    /// Whether one of the filters that a method is for takes any text; nothing where it is for none.
    fn is_free_filter(&self, class: &QualifiedName, method: &str) -> Option<bool> {
        let mut free = None;
        for (_, code, body) in self.world.bodies(class) {
            for stmt in code.class_body(body) {
                let Stmt::Assign { value: Some(value), .. } = stmt else { continue };
                let Some((callee, arguments)) = code.call(value) else { continue };
                let named = code.keyword(arguments, "method");
                let is = |id| code.string(id) == Some(method) || code.name(id) == Some(method);
                if named.is_some_and(is) {
                    let kind = code.dotted(callee).unwrap_or_default();
                    free = Some(free.unwrap_or(false) || !HARMLESS.contains(&last(&kind)));
                }
            }
        }
        free
    }

    /// What was sent to be checked: the token that a class of Ninja or REST framework finds in a request, and what a
    /// backend is told by the form of a login.
    pub(super) fn credentials(
        &self,
        owner: &QualifiedName,
        at: u16,
        name: &str,
        place: Span,
    ) -> Option<Value> {
        let bases = self.external_bases(owner);
        let is = |package: &str| bases.iter().any(|base| base.starts_with(package));
        let basic = || bases.iter().any(|base| base.contains("Basic"));
        let secret = match (self.code.text(self.function.name), at) {
            ("authenticate", 2 | 3) if is("ninja.security.") => at == 3 || !basic(),
            ("authenticate_credentials", 1 | 2) if is("rest_framework.authentication.") => {
                at == 2 || !basic()
            }
            ("authenticate", 2..) if is("django.contrib.auth.backends.") => is_secret_key(name),
            _ => return None,
        };
        // What else was asked for: `**kwargs`, `request=None`.
        if at > 3 || matches!(name, "request" | "kwargs") {
            return None;
        }
        Some(Value::tainted(Taint::coming(place, Grade::Remote, secret, name)))
    }

    fn sent_value(&self, at: u16, place: Span) -> Value {
        let parameter = self.function.parameters.get(usize::from(at));
        let name = parameter.map_or("value", |parameter| self.code.text(parameter.name));
        Value::tainted(Taint::source(place, Grade::Remote, name))
    }
}
