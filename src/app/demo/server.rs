//! The server: its routes, and the checks of requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lenet5::page::{MOST_OF_A_DRAWING, Page};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tower_http::set_header::SetResponseHeaderLayer;

use super::asking;
use super::connections::{self, PATIENCE};
use super::files;
use super::refusing::Refused;
use super::runs::{self, Runs};
use super::workers::{LIMIT, Workers};

/// The largest number of requests that read the folder of runs at a time.
const READERS: usize = 4;
/// Nothing from elsewhere, nothing inline, and in no other page's frame.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub struct Content {
    /// Its networks and digits.
    pub page: Page,
    /// The folder whose runs can be followed.
    pub runs: PathBuf,
}

pub struct Server {
    listener: TcpListener,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Listens on `port` of the loopback address, on a free one for 0.
    ///
    /// # Errors
    /// If the port is taken or not permitted.
    pub fn bind(port: u16) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Self { listener, runtime })
    }

    /// Its address.
    ///
    /// # Errors
    /// An error of the operating system.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// An error of the operating system.
    pub fn serve(self, content: Content) -> std::io::Result<std::convert::Infallible> {
        let port = self.address()?.port();
        let router = router(content, port);
        self.runtime.block_on(connections::serve(self.listener, router))
    }
}

fn router(content: Content, port: u16) -> Router {
    let runs = Runs { folder: content.runs, readers: Workers::new(READERS, LIMIT, "reading the folder of runs") };
    let names = ["127.0.0.1", "localhost", "[::1]"];
    let hosts: Arc<[String]> = names.iter().map(|name| format!("{name}:{port}")).collect();
    let header = |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    files::routes()
        .route("/api/runs", get(runs::list).with_state(runs.clone()))
        .route("/api/runs/{*name}", get(runs::run).with_state(runs))
        .layer(DefaultBodyLimit::max(MOST_OF_A_DRAWING))
        .merge(asking::routes(content.page))
        .fallback(async || Refused::new(StatusCode::NOT_FOUND, "there is no such page"))
        .method_not_allowed_fallback(async || {
            Refused::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take this method")
        })
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(hosts, own_host))
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(header(CACHE_CONTROL, "no-store"))
}

/// Refuses a request whose body does not arrive in time.
async fn in_time(request: Request, next: Next) -> Response {
    let late = |_| {
        let reason = format!("the request and its answer took longer than {} s", PATIENCE.as_secs());
        Refused::new(StatusCode::REQUEST_TIMEOUT, reason).into_response()
    };
    timeout(PATIENCE, next.run(request)).await.unwrap_or_else(late)
}

/// Refuses requests to other host names, which may resolve to this machine (DNS rebinding), and requests from pages of other sites.
async fn own_host(State(hosts): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let headers: &HeaderMap = request.headers();
    let is_own = |host: &str| hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    let mut named = headers.get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let origin = headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    let own_page = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own);
    if !host.is_some_and(is_own) || named.next().is_some() || !origin.is_none_or(own_page) {
        let reason = format!("only requests to http://{} from its own page are answered", hosts[0]);
        return Refused::new(StatusCode::FORBIDDEN, reason).into_response();
    }
    next.run(request).await
}
