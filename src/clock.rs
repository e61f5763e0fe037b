//! Elapsed time, where there is a clock.

/// A stopwatch. WebAssembly in a browser has no clock but its page's: no time is measured there.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    started: std::time::Instant,
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Stopwatch {
    /// A stopwatch that runs from now on.
    pub fn start() -> Self {
        Self { started: std::time::Instant::now() }
    }

    /// Seconds since the start; NaN without a clock.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
impl Stopwatch {
    /// A stopwatch that measures nothing.
    pub fn start() -> Self {
        Self {}
    }

    /// Seconds since the start; NaN without a clock.
    pub fn seconds(&self) -> f64 {
        f64::NAN
    }
}
