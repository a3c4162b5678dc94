//! The `djsec` command: reads the command line, does the input and output, and leaves the thinking
//! to the engine.

mod cli;
mod commands;
mod disk;
mod failure;
mod options;
mod project;
mod show;
mod stages;
mod terminal;
mod usage;

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use clap::Parser;

use self::{cli::Cli, failure::Failure};

/// Parsing in parallel is bound by the allocator; this one is a sixth faster than glibc's.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Virtual, not resident: deep syntax trees are walked by recursion.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Wrong use, or djsec could not do its job.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error),
    };
    // A crash is reported below, in one line.
    std::panic::set_hook(Box::new(|_| {}));
    let run = || commands::run(&cli);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // This thread is one of the workers: each that there is begins with memory of its own, and some runs are over in
        // the time that takes.
        let workers =
            rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).use_current_thread().build();
        stacker::grow(STACK_BYTES, || match workers {
            Ok(workers) => workers.install(run),
            Err(_) => run(),
        })
    }));
    match outcome {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(error)) => {
            failure::report(&error);
            ExitCode::from(BROKEN)
        }
        Err(panic) => {
            failure::report(&Failure::crash(what_panicked(panic.as_ref())).into());
            ExitCode::from(BROKEN)
        }
    }
}

fn what_panicked(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a crash")
}
