//! Follows the engine's stages: a spinner while they run, and how long each took.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use tracing::{Subscriber, span};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry::LookupSpan,
};

use crate::{
    cli::Look,
    failure::{say, watched},
    terminal::paint_stderr,
};

/// Runs `work` and shows how it gets on, as the options ask.
pub(crate) fn followed<T>(look: &Look, work: impl FnOnce() -> T) -> T {
    let spins = watched() && !look.no_progress && !look.quiet;
    if !spins && !look.timings {
        return work();
    }
    let spinner = if spins { spinner() } else { ProgressBar::hidden() };
    let times = Arc::new(Times::default());
    let layer = Follow { spinner: spinner.clone(), times: Arc::clone(&times) };
    let start = Instant::now();
    // For all threads: rules run on the workers. A second subscriber in one process would be
    // refused, and there is only one run.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
    let result = work();
    spinner.finish_and_clear();
    if look.timings {
        say(false, times.table(start.elapsed()).trim_end());
    }
    result
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {msg:.dim}") {
        spinner.set_style(
            style.tick_strings(&["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏", " "]),
        );
    }
    spinner.enable_steady_tick(Duration::from_millis(80));
    spinner
}

/// What a stage does, for people who wait.
fn phrase(stage: &str) -> Option<&'static str> {
    Some(match stage {
        "discover" => "reading files",
        "link" | "resolve" => "reading Python",
        "model" | "settings" => "working out what production loads",
        "csp" => "reading templates",
        "objects" => "following objects to who asks",
        "judge" => "running rules",
        "settle" => "settling findings",
        _ => return None,
    })
}

/// Time spent in each span, in the order in which they first ended.
#[derive(Default)]
struct Times {
    spent: Mutex<BTreeMap<&'static str, (usize, Duration, u32)>>,
}

impl Times {
    fn add(&self, name: &'static str, time: Duration) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let next = spent.len();
        let entry = spent.entry(name).or_insert((next, Duration::ZERO, 0));
        entry.1 += time;
        entry.2 += 1;
    }

    fn table(&self, whole: Duration) -> String {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows: Vec<_> = spent.iter().collect();
        rows.sort_by_key(|(_, (order, ..))| *order);
        let mut table = String::new();
        for (name, (_, time, count)) in rows {
            let times = if *count > 1 { format!("  ({count} times)") } else { String::new() };
            let _ = writeln!(table, "{name:<12} {:>9.1} ms{times}", time.as_secs_f64() * 1000.0);
        }
        let total = format!("{:<12} {:>9.1} ms", "total", whole.as_secs_f64() * 1000.0);
        table + &paint_stderr("1", &total)
    }
}

/// Hears of every span that the engine enters and leaves.
struct Follow {
    spinner: ProgressBar,
    times: Arc<Times>,
}

/// When a span was entered.
struct Entered(Instant);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Follow {
    fn on_enter(&self, id: &span::Id, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        if let Some(phrase) = phrase(span.name()) {
            self.spinner.set_message(phrase);
        }
        span.extensions_mut().replace(Entered(Instant::now()));
    }

    fn on_exit(&self, id: &span::Id, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        let entered = span.extensions_mut().remove::<Entered>();
        if let Some(Entered(start)) = entered {
            self.times.add(span.name(), start.elapsed());
        }
    }
}
