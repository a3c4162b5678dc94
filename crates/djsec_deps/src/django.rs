//! Django's versions and how long each series is supported.

use std::fmt;

use pep440_rs::Version;

use crate::Resolved;

/// A version of Django. Calendar versions (`2028`, `2028.1`) have the year as `major`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DjangoVersion {
    /// `5` of `5.2.3`, `2028` of `2028.1`.
    pub major: u32,
    /// `2` of `5.2.3`. Calendar versions name their patch level here; see [`Self::series`].
    pub minor: u32,
    /// `3` of `5.2.3`; `None` when only a lower bound is known, and for calendar versions.
    pub patch: Option<u32>,
}

/// The first major number that is a year.
const FIRST_YEAR: u32 = 2000;

impl DjangoVersion {
    /// A series without a patch level.
    pub const fn series_of(major: u32, minor: u32) -> Self {
        Self { major, minor, patch: None }
    }

    /// Parses `5.2`, `5.2.3`, `6.1rc1`, `2028`, `2028.1`. What is not named of the patch level stays
    /// open.
    pub fn parse(text: &str) -> Option<Self> {
        let version: Version = text.trim().parse().ok()?;
        Some(Self::of(&version, version.release().len() > 2))
    }

    fn of(version: &Version, exact: bool) -> Self {
        let part = |at: usize| {
            version.release().get(at).map(|part| u32::try_from(*part).unwrap_or(u32::MAX))
        };
        let major = part(0).unwrap_or(0);
        let minor = part(1).unwrap_or(0);
        let patch = (exact && major < FIRST_YEAR).then(|| part(2).unwrap_or(0));
        Self { major, minor, patch }
    }

    /// The series: `5.2` of `5.2.3`, `2028` of `2028.1`.
    pub fn series(self) -> String {
        if self.is_calendar() {
            self.major.to_string()
        } else {
            format!("{}.{}", self.major, self.minor)
        }
    }

    /// Whether the major number is a year (from 2028 on).
    pub const fn is_calendar(self) -> bool {
        self.major >= FIRST_YEAR
    }

    /// Whether it is of this series or a later one.
    pub fn at_least(self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }

    /// How long its series is supported, if the table knows it.
    pub fn support(self) -> Option<&'static SupportWindow> {
        SUPPORT.iter().find(|window| window.series == self.series())
    }
}

impl From<&Resolved> for DjangoVersion {
    fn from(resolved: &Resolved) -> Self {
        Self::of(&resolved.version, resolved.exact)
    }
}

impl fmt::Display for DjangoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_calendar(), self.minor, self.patch) {
            (true, 0, _) => write!(f, "{}", self.major),
            // The first release of a series is named like the series.
            (false, minor, Some(0)) => write!(f, "{}.{minor}", self.major),
            (false, minor, Some(patch)) => write!(f, "{}.{minor}.{patch}", self.major),
            (_, minor, _) => write!(f, "{}.{minor}", self.major),
        }
    }
}

/// A day, or a month when the day is not announced yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day, from 1; `None` for "some time in this month".
    pub day: Option<u8>,
}

impl Date {
    /// A day.
    pub const fn day(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day: Some(day) }
    }

    /// A month.
    pub const fn month(year: u16, month: u8) -> Self {
        Self { year, month, day: None }
    }

    /// Whether it lies before a day for certain; a month ends with its last day.
    pub fn is_before(self, year: u16, month: u8, day: u8) -> bool {
        (self.year, self.month, self.day.unwrap_or(31)) < (year, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(day) => write!(f, "{:04}-{:02}-{day:02}", self.year, self.month),
            None => write!(f, "{:04}-{:02}", self.year, self.month),
        }
    }
}

/// How long a series of Django is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportWindow {
    /// The series, as [`DjangoVersion::series`] gives it.
    pub series: &'static str,
    /// Whether it has long-term support.
    pub lts: bool,
    /// When it was or will be released, where that matters.
    pub released: Option<Date>,
    /// When bug fixes end, where the table knows.
    pub mainstream_end: Option<Date>,
    /// When security fixes end.
    pub security_end: Date,
    /// The newest release of the series when the table was made.
    pub latest: Option<&'static str>,
}

impl SupportWindow {
    /// Whether the series still gets security fixes on a day.
    pub fn gets_security_fixes(&self, year: u16, month: u8, day: u8) -> bool {
        !self.security_end.is_before(year, month, day)
    }
}

const fn window(
    series: &'static str,
    lts: bool,
    security_end: Date,
    latest: Option<&'static str>,
) -> SupportWindow {
    SupportWindow { series, lts, released: None, mainstream_end: None, security_end, latest }
}

/// The support windows, oldest first. Source: the table of supported versions on
/// `djangoproject.com/download/`, and the release notes of 3 November 2026 for the newest releases.
pub const SUPPORT: &[SupportWindow] = &[
    window("3.2", true, Date::day(2024, 4, 1), None),
    window("4.0", false, Date::day(2023, 4, 1), None),
    window("4.1", false, Date::day(2023, 12, 1), None),
    window("4.2", true, Date::day(2026, 4, 7), None),
    window("5.0", false, Date::day(2025, 4, 2), None),
    window("5.1", false, Date::day(2025, 12, 3), None),
    window("5.2", true, Date::month(2028, 4), Some("5.2.19")),
    window("6.0", false, Date::month(2027, 4), Some("6.0.10")),
    SupportWindow {
        mainstream_end: Some(Date::month(2027, 4)),
        ..window("6.1", false, Date::month(2027, 12), Some("6.1.3"))
    },
    SupportWindow {
        released: Some(Date::month(2027, 4)),
        ..window("6.2", true, Date::month(2030, 4), None)
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> DjangoVersion {
        DjangoVersion::parse(text).unwrap()
    }

    #[test]
    fn versions_are_ordered_across_the_change_to_years() {
        let sorted = ["4.2.20", "5.2", "5.2.3", "6.0", "6.1.3", "2028", "2028.1"].map(parse);
        assert!(sorted.is_sorted());
        assert!(parse("2028").at_least(6, 1));
        assert!(!parse("5.2.19").at_least(6, 0));
    }

    #[test]
    fn the_series_of_a_calendar_version_is_its_year() {
        assert_eq!(parse("2028.1").series(), "2028");
        assert_eq!(parse("2028.1").to_string(), "2028.1");
        assert_eq!(parse("2028").to_string(), "2028");
        assert_eq!(parse("5.2.3").series(), "5.2");
        assert_eq!(parse("6.1rc1").to_string(), "6.1");
        assert_eq!(DjangoVersion::parse("latest"), None);
    }

    #[test]
    fn support_ends_with_the_day_or_the_month() {
        let old = parse("4.2.1").support().unwrap();
        assert!(old.gets_security_fixes(2026, 4, 7));
        assert!(!old.gets_security_fixes(2026, 4, 8));
        let new = parse("5.2").support().unwrap();
        assert!(new.gets_security_fixes(2028, 4, 30));
        assert!(!new.gets_security_fixes(2028, 5, 1));
        assert_eq!(parse("1.8").support(), None);
    }
}
