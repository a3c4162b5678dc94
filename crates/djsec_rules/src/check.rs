//! What a rule is: its description and the subjects it wants to see.

use djsec_base::RuleMeta;
use djsec_django::settings::SettingRef;
use djsec_flow::{Flow, Kind};

use rayon::prelude::*;

use crate::{Cx, Endpoint, Findings};

/// A subject with the function that judges it. The engine visits each subject once.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Each of these settings, set by the project or not.
    Setting(&'static [&'static str], fn(&Cx<'_>, &SettingRef<'_>, &mut Findings)),
    /// Each view that production routes to.
    Endpoint(fn(&Cx<'_>, &Endpoint<'_>, &mut Findings)),
    /// The same, where the code mentions one of these names; most projects never do, and then their views
    /// need not be worked out.
    Marked(&'static [&'static str], fn(&Cx<'_>, &Endpoint<'_>, &mut Findings)),
    /// Each way of untrusted data into a sink of one of these kinds.
    Flow(&'static [Kind], fn(&Cx<'_>, &Flow, &mut Findings)),
    /// What the settings say together, with the packages, proxies and variables around them. Asks for
    /// code only where a setting names it.
    Settings(fn(&Cx<'_>, &mut Findings)),
    /// The project as a whole: all of its code.
    Project(fn(&Cx<'_>, &mut Findings)),
}

impl Check {
    /// Whether it looks through the code of any project. What only some settings lead to does not count.
    fn reads_code(&self) -> bool {
        match self {
            Self::Endpoint(_) | Self::Flow(..) | Self::Project(_) => true,
            Self::Setting(..) | Self::Settings(_) | Self::Marked(..) => false,
        }
    }
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its description.
    pub meta: RuleMeta,
    /// What it looks at.
    pub checks: &'static [Check],
}

impl Rule {
    /// Whether it looks through the code of any project; code is worth to be made ready for it.
    pub fn reads_code(&self) -> bool {
        self.checks.iter().any(Check::reads_code)
    }

    /// Whether it judges ways of untrusted data.
    pub fn follows_data(&self) -> bool {
        self.checks.iter().any(|check| matches!(check, Check::Flow(..)))
    }

    /// Whether it looks at views, one by one.
    pub fn visits_endpoints(&self) -> bool {
        let on_views = |check: &Check| matches!(check, Check::Endpoint(_) | Check::Marked(..));
        self.checks.iter().any(on_views)
    }

    /// Runs every check of the rule on a project.
    pub fn run(&self, cx: &Cx<'_>, out: &mut Findings) {
        for check in self.checks {
            match check {
                Check::Setting(names, check) => {
                    for name in *names {
                        check(cx, &cx.setting(name), out);
                    }
                }
                Check::Endpoint(check) => each_endpoint(cx, *check, out),
                Check::Marked(names, check) => {
                    if cx.mentions(names) {
                        each_endpoint(cx, *check, out);
                    }
                }
                Check::Flow(kinds, check) => {
                    for flow in cx.flows().all.iter().filter(|flow| kinds.contains(&flow.kind)) {
                        check(cx, flow, out);
                    }
                }
                Check::Settings(check) | Check::Project(check) => check(cx, out),
            }
        }
    }
}

fn each_endpoint(
    cx: &Cx<'_>,
    check: fn(&Cx<'_>, &Endpoint<'_>, &mut Findings),
    out: &mut Findings,
) {
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().collect();
    let judge = |endpoint: &Endpoint<'_>| {
        let mut found = Findings::default();
        check(cx, endpoint, &mut found);
        found
    };
    // One by one: some views cost a hundred times what others do.
    let found: Vec<Findings> = endpoints.par_iter().with_max_len(1).map(judge).collect();
    for found in found {
        out.append(found);
    }
}
