//! Requests to the page's server, mutated.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::harness::{Parser, run};
use super::{as_it_is, words};
use crate::server::Demo;

const WORDS: &[u8] = b"\
    \r\n|\r\n\r\n|GET |POST |HEAD | HTTP/1.0|Host: 127.0.0.1\r\n|Content-Length: |Transfer-Encoding: chunked\r\n|\
    Expect: 100-continue\r\n|Upgrade: websocket\r\n|Origin: null\r\n|%2e%2e%2f|%00|%ff|?width=|&scale=|\
    &network=modern|/api/runs/|/api/scan";

/// Sends the bytes; the status of the answer, if there is one. What is not whole waits for more, until after `wait` we say that there
/// is none.
fn send(address: &str, bytes: &[u8], wait: Duration) -> Option<u16> {
    let mut stream = TcpStream::connect(address).expect("it still takes connections");
    let mut answer = Vec::new();
    // It may have refused and closed already.
    let _ = stream.write_all(bytes);
    stream.set_read_timeout(Some(wait)).unwrap();
    if stream.read_to_end(&mut answer).is_err() {
        let _ = stream.shutdown(Shutdown::Write);
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let end = stream.read_to_end(&mut answer);
        let waits = end.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(!waits, "the connection is not closed");
    }
    let line = answer.split(|&byte| byte == b'\r').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
}

#[test]
fn requests() {
    let folder = temp_dir::TempDir::new().unwrap();
    let demo = Demo::start(&["--runs", folder.path().to_str().unwrap()]);
    let address = demo.address.as_str();

    let drawing: Vec<u8> = (0..28 * 28).map(|at| if (12..16).contains(&(at % 28)) { 255 } else { 0 }).collect();
    let request = |line: &str, body: &[u8]| {
        let length = body.len();
        let head =
            format!("{line} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        [head.as_bytes(), body].concat()
    };
    let valid = vec![
        request("GET /", b""),
        request("GET /api/networks", b""),
        request("GET /api/digits/7", b""),
        request("GET /api/runs", b""),
        request("POST /api/see?width=28&height=28&prepared=true", &drawing),
        request("POST /api/see?network=lenet1&width=28&height=28&scale=0.9&rotation=-7.5&noise=0.1", &drawing),
        request("POST /api/scan?width=56&height=14", &drawing),
    ];
    let all_valid = valid.clone();
    let parser = Parser { name: "requests", valid, words: &words(WORDS), mend: as_it_is, memory: 64 << 20 };
    let (long, short) = (Duration::from_secs(30), Duration::from_millis(50));
    run(&parser, |bytes| {
        let is_valid = all_valid.iter().any(|valid| valid == bytes);
        let status = send(address, bytes, if is_valid { long } else { short });
        assert_ne!(status, Some(500));
        assert_eq!(send(address, &all_valid[2], long), Some(200), "after {status:?}");
        if status == Some(200) { Ok(()) } else { Err(format!("{status:?}")) }
    });
}
