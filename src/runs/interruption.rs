//! Stopping at a signal: Ctrl-C (SIGINT), `kill` and the time limits of job schedulers (SIGTERM), a terminal that is closed (SIGHUP).
//!
//! After [`catch`], the first signal is only noted; a training loop checks [`signal`] between steps, stops, and exits with
//! [`exit_code`]. The second signal ends the process at once.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The number of the first signal; 0 before it.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Raised when the next signal is to end the process.
static IS_NEXT_THE_LAST: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Notes signals from now on. A SIGHUP that was ignored before, as under `nohup`, stays ignored.
///
/// # Errors
/// If the system takes no handler.
pub fn catch() -> io::Result<()> {
    let mut signals = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    if !is_hang_up_ignored() {
        signals.push(signal_hook::consts::SIGHUP);
    }
    for signal in signals {
        // In this order: the first signal raises the flag that the second finds raised.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&IS_NEXT_THE_LAST))?;
        flag::register_usize(signal, Arc::clone(&SIGNAL), usize::try_from(signal).expect("signals are positive"))?;
        flag::register(signal, Arc::clone(&IS_NEXT_THE_LAST))?;
    }
    Ok(())
}

/// The number of the signal that has come, if one has.
pub fn signal() -> Option<u8> {
    u8::try_from(SIGNAL.load(Ordering::Relaxed)).ok().filter(|&signal| signal > 0)
}

/// The exit code of a process that a signal has stopped, 128 and its number: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP.
/// `None` if no signal has come.
pub fn exit_code() -> Option<u8> {
    signal().map(|signal| 128 + signal)
}

/// Lets the next signal end the process at once, after the last check of [`signal`].
pub fn release() {
    IS_NEXT_THE_LAST.store(true, Ordering::Relaxed);
}

/// True if this process was started with SIGHUP ignored. Asked of a child process, which inherits it too: without unsafe
/// code, a process cannot ask for itself on every system.
#[cfg(unix)]
fn is_hang_up_ignored() -> bool {
    let child = std::process::Command::new("sh").args(["-c", "kill -HUP $$"]).status();
    // Where there is no shell, SIGHUP is left as it is.
    child.map_or(true, |status| status.success())
}
