//! The page of `lenet5 demo`: a server for this machine alone, with everything that it serves inside the program.

mod connections;
mod digits;
mod line;
mod networks;
mod refusal;
mod runs;
mod see;
mod workers;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lenet5::data::Images;
use lenet5::runs::checkpoint::Model;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tower_http::set_header::SetResponseHeaderLayer;

use digits::Digits;
use line::Reader;
use networks::Networks;
use refusal::Refusal;
use workers::Workers;

/// The most bytes of a request's body: a drawing of 1024 x 1024 pixels.
const MAX_BODY: usize = 1 << 20;
/// How long a request may take, once its head is there, for its body to arrive and to be answered.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long work for an answer may take of that.
const WORK: Duration = Duration::from_secs(5);
/// How many requests may read in the folder of runs at a time.
const READERS: usize = 4;
/// How many drawings are worked at at a time.
const THINKERS: usize = 2;
/// Nothing from elsewhere, nothing inline, and in no other page's frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The kind of the page's modules.
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What the page shows.
pub struct Content {
    /// The network of 1998.
    pub lenet5: Model,
    /// The test digits, and whether they are MNIST's.
    pub digits: (Images, bool),
    /// The folder whose runs can be followed.
    pub runs: PathBuf,
}

/// What answers requests.
struct Demo {
    networks: Networks,
    reader: Reader,
    digits: Digits,
    runs: PathBuf,
    readers: Workers,
    thinkers: Workers,
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Listens on `port` of the loopback address, on a free one for 0.
    ///
    /// # Errors
    /// If the port is taken, or may not be.
    pub fn bind(port: u16) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Self { listener, runtime })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn serve(self, content: Content) -> std::io::Result<std::convert::Infallible> {
        let port = self.address()?.port();
        let router = router(content, port);
        self.runtime.block_on(connections::serve(self.listener, router))
    }
}

/// The answers to all requests, for a server on this port.
fn router(content: Content, port: u16) -> Router {
    let demo = Demo {
        networks: Networks::new(content.lenet5),
        reader: Reader::new(),
        digits: Digits::new(content.digits),
        runs: content.runs,
        readers: Workers::new(READERS, WORK, "reading the folder of runs"),
        thinkers: Workers::new(THINKERS, WORK, "working at the drawing"),
    };
    let names = ["127.0.0.1", "localhost", "[::1]"];
    let hosts: Arc<[String]> = names.iter().map(|name| format!("{name}:{port}")).collect();
    let header = |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    Router::new()
        .route("/", page("text/html; charset=utf-8", include_str!("page/index.html")))
        .route("/page.css", page("text/css; charset=utf-8", include_str!("page/page.css")))
        .route("/page.js", page(SCRIPT, include_str!("page/page.js")))
        .route("/common.js", page(SCRIPT, include_str!("page/common.js")))
        .route("/example.js", page(SCRIPT, include_str!("page/example.js")))
        .route("/run.js", page(SCRIPT, include_str!("page/run.js")))
        .route("/api/networks", get(networks::list))
        .route("/api/see", post(see::see))
        .route("/api/digits", get(digits::list))
        .route("/api/digits/{index}", get(digits::digit))
        .route("/api/scan", post(line::scan))
        .route("/api/runs", get(runs::list))
        .route("/api/runs/{*name}", get(runs::run))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "there is no such page"))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this is asked for by another method")
        })
        .with_state(Arc::new(demo))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(hosts, own_host))
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(header(CACHE_CONTROL, "no-store"))
}

fn page(kind: &'static str, text: &'static str) -> axum::routing::MethodRouter<Arc<Demo>> {
    get(async move || ([(CONTENT_TYPE, kind)], text))
}

/// Whoever does not send the body of a request in time is refused.
async fn in_time(request: Request, next: Next) -> Response {
    let late = |_| {
        let reason = format!("the request and its answer took longer than {} s", PATIENCE.as_secs());
        Refusal::new(StatusCode::REQUEST_TIMEOUT, reason).into_response()
    };
    timeout(PATIENCE, next.run(request)).await.unwrap_or_else(late)
}

/// Only who asks this machine by its own name is answered: another site's name may be made to lead here (DNS rebinding), and another
/// site's page may send requests here.
async fn own_host(State(hosts): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let headers: &HeaderMap = request.headers();
    let is_own = |host: &str| hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    let mut named = headers.get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let origin = headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    let own_page = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own);
    if !host.is_some_and(is_own) || named.next().is_some() || !origin.is_none_or(own_page) {
        let reason = format!("only requests to http://{} from its own page are answered", hosts[0]);
        return Refusal::new(StatusCode::FORBIDDEN, reason).into_response();
    }
    next.run(request).await
}
