//! Threads for requests that may block, so that other requests are answered meanwhile: a folder on a slow disk, a large drawing.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::refusing::Refused;

/// The longest time for the work of an answer.
pub const LIMIT: Duration = Duration::from_secs(5);

/// A bounded number of threads for one kind of work, shared by its clones.
#[derive(Clone)]
pub struct Workers {
    free: Arc<Semaphore>,
    patience: Duration,
    /// A name of their work, as the subject of a sentence.
    work: &'static str,
}

impl Workers {
    /// `count` threads; each request is answered within `patience` or refused.
    pub fn new(count: usize, patience: Duration, work: &'static str) -> Self {
        Self { free: Arc::new(Semaphore::new(count)), patience, work }
    }

    /// Runs `work` on a thread of its own. Work that hangs blocks that thread alone.
    ///
    /// # Errors
    /// If it takes too long, or no thread becomes free in time.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let made = async {
            let held = self.free.clone().acquire_owned().await.expect("it is never closed");
            spawn_blocking(move || {
                let _held = held;
                work()
            })
            .await
        };
        match timeout(self.patience, made).await {
            Ok(Ok(made)) => Ok(made),
            Ok(Err(_)) => Err(Refused::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{} failed", self.work))),
            Err(_) => {
                let reason = format!("{} takes longer than {} s; ask again later", self.work, self.patience.as_secs());
                Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, reason))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// On one thread that answers, as the work must not be on it.
    #[test]
    fn work_that_hangs_is_refused_in_time_and_keeps_no_other_kind_waiting() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let workers = |count| Workers::new(count, Duration::from_millis(100), "reading");
        let (few, other) = (workers(2), workers(1));
        let (end, ended) = channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        runtime.block_on(async {
            for _ in 0..5 {
                let ended = ended.clone();
                let refusal = few.run(move || ended.lock().unwrap().recv()).await.unwrap_err();
                assert!(format!("{refusal:?}").contains("503"), "{refusal:?}");
                assert_eq!(other.run(|| 7).await.unwrap(), 7);
            }
            assert_eq!(few.free.available_permits(), 0, "two threads hang, and no more");
            drop(end);
            while few.free.available_permits() < 2 {
                tokio::task::yield_now().await;
            }
            assert_eq!(few.run(|| 8).await.unwrap(), 8);
        });
    }
}
