//! A file from the first mirror that gives it.

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::http::Uri;

use super::{DownloadObserver, Options};
use crate::data::DataError;
use crate::data::mnist::Part;

/// The most bytes accepted as one compressed file, 16 MiB; the largest of MNIST has 9,912,422.
pub const LARGEST: u64 = 16 << 20;

/// Checks that every mirror is a web address, and that there is one.
pub(super) fn check_addresses(mirrors: &[String]) -> Result<(), DataError> {
    if mirrors.is_empty() {
        return Err(DataError::Mirror { found: "an empty list".into() });
    }
    for mirror in mirrors {
        let is_web_address = mirror.parse::<Uri>().is_ok_and(|address| {
            matches!(address.scheme_str(), Some("http" | "https"))
                && address.query().is_none()
                && address.host().is_some_and(|host| !host.is_empty())
        });
        if !is_web_address {
            return Err(DataError::Mirror { found: format!("`{mirror}`") });
        }
    }
    Ok(())
}

pub(super) fn agent(options: &Options) -> Agent {
    let mut config = Agent::config_builder()
        .timeout_resolve(Some(bounded(options.connect)))
        .timeout_connect(Some(bounded(options.connect)))
        .timeout_recv_response(Some(bounded(options.silence)))
        .timeout_per_read(Some(bounded(options.silence)))
        .timeout_per_write(Some(bounded(options.silence)));
    if !options.proxy {
        config = config.proxy(None);
    }
    config.build().new_agent()
}

/// Neither zero, which sockets refuse, nor so long that adding it to a time would overflow.
fn bounded(duration: Duration) -> Duration {
    duration.clamp(Duration::from_millis(1), Duration::from_secs(24 * 3600))
}

pub(super) fn from_mirrors(
    agent: &Agent,
    part: &Part,
    folder: &Path,
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<Vec<u8>, DataError> {
    let deadline = Instant::now() + bounded(options.total);
    let mut reasons = Vec::new();
    for (tried, mirror) in options.mirrors.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left.div_f64((options.mirrors.len() - tried) as f64);
        match from_mirror(agent, part, mirror, Instant::now() + share, options, progress) {
            Ok(bytes) => return Ok(bytes),
            Err(reason) => reasons.push(format!("\n  {mirror}: {reason}")),
        }
    }
    Err(DataError::Download { file: part.archive(), folder: folder.into(), reasons: reasons.concat() })
}

/// The verified file from one mirror, or the reason of the last attempt.
fn from_mirror(
    agent: &Agent,
    part: &Part,
    mirror: &str,
    deadline: Instant,
    options: &Options,
    progress: &mut dyn DownloadObserver,
) -> Result<Vec<u8>, String> {
    let mut attempt = 1;
    loop {
        let result = transfer(agent, part, mirror, deadline, progress);
        let checked = result.and_then(|bytes| match part.check(&bytes) {
            Ok(()) => Ok(bytes),
            Err(reason) => Err(Failure { reason, refused: false }),
        });
        let failure = match checked {
            Ok(bytes) => return Ok(bytes),
            Err(failure) => failure,
        };
        progress.failed(&part.archive(), mirror, &failure.reason);
        let pause = bounded(options.pause);
        let out_of_time = deadline.saturating_duration_since(Instant::now()) <= pause;
        if attempt >= options.attempts || out_of_time || failure.refused {
            return Err(failure.reason);
        }
        attempt += 1;
        std::thread::sleep(pause);
    }
}

struct Failure {
    reason: String,
    /// True if the server refused the request, so that asking again is of no use.
    refused: bool,
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        let refused = matches!(error, ureq::Error::StatusCode(400..=499));
        let reason = match error {
            ureq::Error::StatusCode(status) => format!("answered with HTTP status {status}"),
            ureq::Error::Timeout(which) => format!("took too long ({which})"),
            other => other.to_string(),
        };
        Self { reason, refused }
    }
}

/// The body of one answer, at most [`LARGEST`] bytes, not yet verified.
fn transfer(
    agent: &Agent,
    part: &Part,
    mirror: &str,
    deadline: Instant,
    progress: &mut dyn DownloadObserver,
) -> Result<Vec<u8>, Failure> {
    let file = part.archive();
    let left = bounded(deadline.saturating_duration_since(Instant::now()));
    let address = format!("{}/{file}", mirror.trim_end_matches('/'));
    let response = agent.get(&address).config().timeout_global(Some(left)).build().call()?;
    let body = response.into_body();
    let total = body.content_length();
    let mut reader = body.into_with_config().limit(LARGEST).reader();
    let mut bytes = Vec::new();
    let mut block = [0; 1 << 16];
    loop {
        let count = match reader.read(&mut block) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let failure = Failure::from(ureq::Error::from(error));
                let reason = format!("broke off after {} bytes: {}", bytes.len(), failure.reason);
                return Err(Failure { reason, ..failure });
            }
        };
        bytes.extend(&block[..count]);
        progress.received(&file, mirror, bytes.len() as u64, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::published::MNIST_MIRRORS;

    #[test]
    fn only_web_addresses_are_mirrors() {
        let check = |address: &str| check_addresses(&[address.to_string()]);
        for good in MNIST_MIRRORS.into_iter().chain(["http://127.0.0.1:8080", "HTTPS://example.org/a"]) {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in "|mnist|ftp://example.org/|file:///tmp|http://|https:///a|http://a b/|/tmp|http://a/?b=c".split('|')
        {
            let error = check(bad).expect_err(bad).to_string();
            assert!(error.contains(&format!("`{bad}`")), "{error}");
        }
        assert!(check_addresses(&[]).is_err());
    }
}
