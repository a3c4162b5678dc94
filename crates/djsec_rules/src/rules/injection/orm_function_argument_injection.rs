use djsec_base::Confidence;
use djsec_deps::DjangoVersion;
use djsec_flow::{Flow, Kind};

use super::report::{source, weighed};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that is an argument of a database function which the project's Django puts into the
    /// SQL statement as it is: the unit of `Trunc` and `Extract`, the delimiter of `StringAgg`, the names of
    /// options of `explain()`.
    ///
    /// ## Why it matters
    /// It looks like a value and is part of the statement: whoever sends the request reads and changes the
    /// database. Later versions of Django check it, or hand it over as a value.
    ///
    /// ## Flagged
    /// ```text requirements.txt
    /// Django==3.2.13
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import Count
    /// from django.db.models.functions import Trunc
    /// from django.http import JsonResponse
    ///
    ///
    /// def joined(request):
    ///     unit = Trunc("date_joined", request.GET["unit"])  # finding
    ///     return JsonResponse(dict(User.objects.values_list(unit).annotate(Count("pk"))))
    /// ```
    ///
    /// ## Not flagged
    /// A unit out of a list; or a Django that checks it:
    /// ```text requirements.txt
    /// Django==3.2.13
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import Count
    /// from django.db.models.functions import Trunc
    /// from django.http import JsonResponse
    ///
    ///
    /// def joined(request):
    ///     unit = request.GET["unit"]
    ///     if unit not in ("day", "month", "year"):
    ///         unit = "day"
    ///     unit = Trunc("date_joined", unit)
    ///     return JsonResponse(dict(User.objects.values_list(unit).annotate(Count("pk"))))
    /// ```
    ///
    /// ## How to fix
    /// Update Django, and compare what is sent with a list of what is meant.
    ///
    /// ## Limits
    /// Where the project does not say which patch level of Django it runs, the finding is of low confidence.
    ///
    /// ## References
    /// - [Django: archive of security issues](https://docs.djangoproject.com/en/stable/releases/security/)
    RULE {
        id: "orm-function-argument-injection",
        group: "injection",
        summary: "data of a request is part of a database function",
        severity: High,
        cwe: [89],
        owasp: ["2025:A05", "2025:A03"],
        asvs: ["5.0:1.2.4"],
        checklist: ["sql-parameterised", "django-supported"],
        since: "next",
        checks: [Check::Flow(&[Kind::Function], check)],
    }
}

/// In which releases of a series a function's argument is first checked.
struct Fixed {
    /// What is called.
    callee: &'static str,
    cve: &'static str,
    /// Series that got the fix later than with their first release, with the patch level.
    in_series: &'static [(u32, u32, u32)],
}

/// From Django's security releases.
const FIXES: &[Fixed] = &[
    Fixed { callee: "Trunc", cve: "CVE-2022-34265", in_series: &[(3, 2, 14), (4, 0, 6)] },
    Fixed { callee: "Extract", cve: "CVE-2022-34265", in_series: &[(3, 2, 14), (4, 0, 6)] },
    Fixed {
        callee: "StringAgg",
        cve: "CVE-2020-7471",
        in_series: &[(1, 11, 28), (2, 2, 10), (3, 0, 3)],
    },
    Fixed {
        callee: "explain",
        cve: "CVE-2022-28347",
        in_series: &[(2, 2, 28), (3, 2, 13), (4, 0, 4)],
    },
];

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let last = flow.callee.rsplit('.').next().unwrap_or_default();
    let is = |fix: &&Fixed| last == fix.callee || last.strip_prefix('a') == Some(fix.callee);
    let Some(fix) = FIXES.iter().find(is) else { return };
    let open = cx.django().map_or(Some(false), |version| fix.is_missing(version));
    let confidence = match (open, flow.doubt) {
        (Some(false), _) => return,
        (Some(true), 0) => Confidence::High,
        (Some(true), 1) => Confidence::Medium,
        _ => Confidence::Low,
    };
    let message = format!(
        "{} becomes {}, which this Django puts into the SQL as it is ({})",
        source(flow),
        flow.words,
        fix.cve
    );
    weighed(&RULE, flow, (RULE.meta.severity, confidence), message, out)
        .help("update Django, and compare it with a list of what is meant")
        .done();
}

impl Fixed {
    /// Whether a release lacks the fix; nothing where that depends on its patch level, which is not known.
    fn is_missing(&self, version: DjangoVersion) -> Option<bool> {
        let series = (version.major, version.minor);
        let found = self.in_series.iter().find(|(major, minor, _)| (*major, *minor) == series);
        match found {
            Some((.., first)) => version.patch.map(|patch| patch < *first),
            // Series between those were no longer supported, and never got it.
            None => Some(self.in_series.iter().any(|(major, minor, _)| series < (*major, *minor))),
        }
    }
}

#[cfg(test)]
mod tests {
    use djsec_deps::DjangoVersion;

    use super::FIXES;

    #[test]
    fn releases_before_the_fix_lack_it() {
        let lacks = |callee: &str, version: &str| {
            let fix = FIXES.iter().find(|fix| fix.callee == callee)?;
            fix.is_missing(DjangoVersion::parse(version)?)
        };
        for version in ["3.2.13", "4.0.5", "3.1.14", "2.2.28", "4.0.0"] {
            assert_eq!(lacks("Trunc", version), Some(true), "{version}");
        }
        for version in ["3.2.14", "3.2.25", "4.0.6", "4.1.0", "4.1", "5.2.8", "6.0"] {
            assert_eq!(lacks("Trunc", version), Some(false), "{version}");
        }
        assert_eq!(lacks("Trunc", "3.2"), None);
        assert_eq!(lacks("StringAgg", "3.1"), Some(false));
        assert_eq!(lacks("explain", "4.0.3"), Some(true));
    }
}
