//! The server's connections: their largest number, and the longest silence of each.
//!
//! One rule ends a half-sent head, an idle connection and an unread answer: a connection is closed [`SILENCE`] after the
//! last head of a request came in on it. Where there are [`MOST`] connections, the one that has been silent for longest is closed for
//! the next one, so that a client with many connections keeps no other client out.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout_at};

/// The longest time from the head of a request to its answer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// The most connections at a time; a browser has six. Some systems allow a process no more than 256 open files.
const MOST: usize = 128;
/// The longest time that a connection stays open after its start or the last head on it: [`PATIENCE`] for the request, and as long for
/// the client to read the answer.
const SILENCE: Duration = PATIENCE.saturating_mul(2);
/// The pause after the system refuses a connection, as for want of open files.
const PAUSE: Duration = Duration::from_millis(200);

/// The time of the last head on a connection, in nanoseconds after `start`.
struct Heard {
    start: Instant,
    nanoseconds: AtomicU64,
}

impl Heard {
    fn now(start: Instant) -> Self {
        let heard = Self { start, nanoseconds: AtomicU64::new(0) };
        heard.again();
        heard
    }

    fn again(&self) {
        let nanoseconds = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.store(nanoseconds, Ordering::Relaxed);
    }

    fn last(&self) -> Instant {
        self.start + Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }
}

pub async fn serve(listener: TcpListener, router: Router) -> ! {
    let start = Instant::now();
    let mut open: Vec<(Arc<Heard>, AbortHandle)> = Vec::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        open.retain(|(_, task)| !task.is_finished());
        if open.len() >= MOST
            && let Some(longest) = (0..open.len()).min_by_key(|&index| open[index].0.last())
        {
            open.swap_remove(longest).1.abort();
        }
        let heard = Arc::new(Heard::now(start));
        let task = tokio::spawn(connection(stream, router.clone(), heard.clone()));
        open.push((heard, task.abort_handle()));
    }
}

/// Answers the requests of one connection until it is closed, broken or silent for too long.
async fn connection(stream: TcpStream, router: Router, heard: Arc<Heard>) {
    let router = TowerToHyperService::new(router);
    let answer = service_fn(|request| {
        heard.again();
        router.call(request)
    });
    let mut served = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    // The connection ends by itself or by the client's error; or it is cut after a silence, which each head interrupts.
    while timeout_at(heard.last() + SILENCE, served.as_mut()).await.is_err() && heard.last().elapsed() < SILENCE {}
}
