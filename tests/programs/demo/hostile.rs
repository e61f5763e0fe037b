//! Whoever means ill, and what is broken.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use super::one;
use crate::server::Demo;

/// Neither in a page of another site, nor in a frame or a window of one, whatever the answer is.
#[test]
fn every_answer_is_for_its_own_page_alone() {
    let demo = Demo::start(&[]);
    let own = format!("Host: {}\r\nConnection: close\r\n", demo.address);
    let large = format!("{own}Content-Length: {}\r\n\r\n{}", 2 << 20, "0".repeat(2 << 20));
    let cases = [
        ("GET / HTTP/1.1", own.clone(), 200),
        ("GET /page.js HTTP/1.1", own.clone(), 200),
        ("GET /api/digits/0 HTTP/1.1", own.clone(), 200),
        ("GET /api/runs HTTP/1.1", own.clone(), 200),
        ("POST /api/see HTTP/1.1", own.clone(), 400),
        ("GET /api/digits/0 HTTP/1.1", "Host: evil.example\r\nConnection: close\r\n".into(), 403),
        ("GET /api/nothing HTTP/1.1", own.clone(), 404),
        ("DELETE /api/see HTTP/1.1", own.clone(), 405),
        ("POST /api/scan?width=1024&height=1024 HTTP/1.1", large, 413),
    ];
    for (line, headers, expected) in cases {
        let (status, head, _) = demo.send(format!("{line}\r\n{headers}\r\n").as_bytes(), false).unwrap();
        assert_eq!(status, expected, "{line}");
        for policy in ["cross-origin-resource-policy: same-origin", "cross-origin-opener-policy: same-origin"] {
            assert!(head.contains(policy), "{line}: {head}");
        }
    }
}

/// A pipe in place of a file never ends and never begins; so may a folder on a disk that does not answer.
#[cfg(unix)]
#[test]
fn a_run_that_is_not_read_in_time_keeps_no_other_request_waiting() {
    let folder = temp_dir::TempDir::new().unwrap();
    for name in ["good", "pipe"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("config.toml"), "passes = 3").unwrap();
    }
    let pipe = folder.path().join("pipe/metrics.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let demo = Demo::start(&["--runs", folder.path().to_str().unwrap()]);
    std::thread::scope(|scope| {
        let asked = [(); 20].map(|()| scope.spawn(|| demo.ask("GET", "/api/runs/pipe", b"")));
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        assert_eq!(demo.ask("GET", "/", b"").0, 200);
        assert_eq!(demo.ask("POST", "/api/see?width=140&height=140", &one()).0, 200);
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        for asked in asked {
            let (status, answer) = asked.join().unwrap();
            assert!([422, 503].contains(&status) && answer["error"].is_string(), "{status} {answer}");
        }
    });
    // A writer lets go of those who still wait to read, if any do.
    let mut writer = Command::new("timeout");
    writer.args(["1", "sh", "-c", ": > \"$0\""]).arg(&pipe).status().unwrap();
    assert_eq!(demo.ask("GET", "/api/runs/good", b"").0, 200);
    assert_eq!(demo.ask("GET", "/api/runs", b"").1["runs"].as_array().unwrap().len(), 2);
}

/// Reads until the server closes the connection; the seconds that it took.
fn closed_after(mut stream: &TcpStream, start: Instant) -> f64 {
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    let read = stream.read_to_end(&mut Vec::new());
    let timed_out = read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
    assert!(!timed_out, "still open after {:.0} s", start.elapsed().as_secs_f64());
    start.elapsed().as_secs_f64()
}

#[test]
fn a_connection_that_is_silent_is_closed() {
    let demo = Demo::start(&[]);
    let (start, own) = (Instant::now(), format!("Host: {}\r\n", demo.address));
    let connect = |text: String| {
        let mut stream = TcpStream::connect(&demo.address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let head = connect(format!("GET / HTTP/1.1\r\n{own}"));
    let idle = connect(format!("GET /api/digits/0 HTTP/1.1\r\n{own}\r\n"));
    let mut greedy = connect(String::new());
    greedy.set_write_timeout(Some(Duration::from_secs(40))).unwrap();
    let request = format!("GET /page.js HTTP/1.1\r\n{own}\r\n").repeat(100);
    std::thread::scope(|scope| {
        // Asks for more and reads nothing, until that is an error.
        let unread = scope.spawn(|| {
            while let Ok(()) = greedy.write_all(request.as_bytes()) {
                assert!(start.elapsed().as_secs() < 60, "everything is taken from who reads nothing");
            }
            start.elapsed().as_secs_f64()
        });
        let body = format!("POST /api/see?width=9&height=9 HTTP/1.1\r\n{own}Content-Length: 81\r\n\r\nabc");
        let (status, _, reason) = demo.send(body.as_bytes(), false).unwrap();
        assert_eq!((status, start.elapsed().as_secs() / 5), (408, 2));
        assert!(String::from_utf8_lossy(&reason).contains("error"));
        for seconds in [closed_after(&head, start), closed_after(&idle, start), unread.join().unwrap()] {
            assert!((18.0..35.0).contains(&seconds), "closed after {seconds:.1} s");
        }
    });
}

#[test]
fn whoever_holds_many_connections_keeps_nobody_out() {
    let demo = Demo::start(&[]);
    let half_sent = || {
        let mut stream = TcpStream::connect(&demo.address).unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost:");
        stream
    };
    let before = demo.open_files();
    let mut held: Vec<TcpStream> = Vec::new();
    for _ in 0..4 {
        held.extend((0..100).map(|_| half_sent()));
        let start = Instant::now();
        assert_eq!(demo.ask("GET", "/api/digits/0", b"").0, 200);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
    // Those above the bound are closed one after the other.
    let start = Instant::now();
    while demo.open_files() - before > 130 {
        assert!(start.elapsed() < Duration::from_secs(5), "{} connections are open", demo.open_files() - before);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Requests that no browser sends.
fn malformed(address: &str) -> Vec<Vec<u8>> {
    let own = format!("Host: {address}\r\n");
    let mut all: Vec<Vec<u8>> = [
        "".into(),
        "\r\n\r\n".into(),
        "GET".into(),
        "GET / HTTP/9.9\r\n\r\n".into(),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}".into(),
        format!("GET /%ff%fe%00 HTTP/1.1\r\n{own}\r\n"),
        format!("GET /api/digits/-1 HTTP/1.1\r\n{own}\r\n"),
        format!("GET /api/runs/%2e%2e%2f%2e%2e HTTP/1.1\r\n{own}\r\n"),
        format!("POST /api/see?width=9&height=9 HTTP/1.1\r\n{own}Content-Length: 81\r\n\r\nabc"),
        format!("POST /api/see?width=9&height=9 HTTP/1.1\r\n{own}Content-Length: -1\r\n\r\n"),
        format!("POST /api/see?width=9&height=9 HTTP/1.1\r\n{own}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
        format!("POST /api/see?width=9&height=9 HTTP/1.1\r\n{own}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
        format!("POST /api/see?width=1e9&height=%00 HTTP/1.1\r\n{own}Content-Length: 0\r\n\r\n"),
        format!("POST /api/scan?width=4&height=3 HTTP/1.1\r\n{own}Content-Length: 9\r\n\r\n\u{1}23456789"),
        format!("GET / HTTP/1.1\r\n{own}{}\r\n", "X: y\r\n".repeat(300)),
        format!("GET /{} HTTP/1.1\r\n{own}\r\n", "a".repeat(70_000)),
        format!("GET / HTTP/1.1\r\n{own} folded: header\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: \u{e9}\u{e9}\r\n\r\n".into(),
        format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{own}"),
    ]
    .map(String::into_bytes)
    .into();
    // The same bytes each time, of which hardly any are HTTP.
    all.push((0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect());
    all
}

#[test]
fn ten_thousand_malformed_requests_neither_stop_it_nor_stay_in_memory() {
    let demo = Demo::start(&[]);
    let kinds = malformed(&demo.address);
    let round = || {
        for bytes in &kinds {
            let status = demo.send(bytes, true).map(|answer| answer.0);
            assert!(
                status.is_none_or(|status| (400..600).contains(&status) && status != 500),
                "{status:?}: {:?}",
                bytes.escape_ascii().to_string()
            );
        }
    };
    (0..25).for_each(|_| round());
    let before = (demo.status("VmRSS"), demo.status("Threads"), demo.open_files());
    let start = Instant::now();
    (0..500).for_each(|_| round());
    println!("{} malformed requests in {:.1} s", 500 * kinds.len(), start.elapsed().as_secs_f64());
    let after = (demo.status("VmRSS"), demo.status("Threads"), demo.open_files());
    println!("resident kB, threads, open files before: {before:?}, after: {after:?}");
    assert_eq!(demo.ask("GET", "/api/digits/0", b"").0, 200);
    // One for the command, two that answer, six for longer work.
    assert!(after.1 <= Some(9), "threads");
    assert!(after.2 <= before.2 + 2, "open files");
    if let (Some(before), Some(after)) = (before.0, after.0) {
        assert!(after < before + 2048 && after < 100_000, "{before} kB, then {after} kB");
    }
}
