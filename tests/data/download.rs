//! The downloader against a small server of this machine that answers well, badly, or not at all.

#![cfg(feature = "download")]

use crate::idx::gzip;
use crate::real_mnist;

use lenet5::data::download::{self, DownloadObserver, Options, fetch_parts};
use lenet5::data::mnist::{self, Part};
use lenet5::data::{DataError, idx};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use temp_dir::TempDir;

#[derive(Clone)]
enum Answer {
    /// The file of this name in a folder, or 404.
    Folder(PathBuf),
    /// Status 200 and these bytes.
    Bytes(Vec<u8>),
    /// A status without a body.
    Status(u16),
    /// These bytes of a body that was announced as longer by 1,000, then the end of the connection.
    Truncated(Vec<u8>),
    /// These bytes of a body that was announced as longer by 1,000, then silence.
    Stalled(Vec<u8>),
    /// No answer, but an open connection.
    Silence,
    /// A byte now and then, for ever: never silent for long, never done.
    Trickle,
}

/// A server that gives `answers` in turn, then the last one again; its address and the paths that were asked for.
fn serve(answers: Vec<Answer>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/mnist", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let path = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).next();
            let Some(path) = path.and_then(|line| Some(line.split(' ').nth(1)?.to_string())) else { continue };
            let number = {
                let mut log = log.lock().unwrap();
                log.push(path.clone());
                log.len() - 1
            };
            let answer = answers[number.min(answers.len() - 1)].clone();
            thread::spawn(move || reply(stream, &path, answer)); // the client may go away before the answer ends
        }
    });
    (address, asked)
}

fn reply(mut stream: TcpStream, path: &str, answer: Answer) {
    let head = |status: u16, length: usize| {
        format!("HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let whole = |bytes: Vec<u8>| [head(200, bytes.len()), bytes].concat();
    let part = |bytes: Vec<u8>| [head(200, bytes.len() + 1000), bytes].concat();
    let trickle = matches!(answer, Answer::Trickle);
    let (bytes, wait) = match answer {
        Answer::Folder(folder) => match fs::read(folder.join(path.rsplit('/').next().unwrap_or_default())) {
            Ok(bytes) => (whole(bytes), false),
            Err(_) => (head(404, 0), false),
        },
        Answer::Bytes(bytes) => (whole(bytes), false),
        Answer::Status(status) => (head(status, 0), false),
        Answer::Truncated(bytes) => (part(bytes), false),
        Answer::Stalled(bytes) => (part(bytes), true),
        Answer::Silence => (Vec::new(), true),
        Answer::Trickle => (head(200, 1_000_000), false),
    };
    let sent = stream.write_all(&bytes);
    if wait {
        thread::sleep(Duration::from_secs(20));
    }
    while sent.is_ok() && trickle && stream.write_all(&[0]).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
}

/// A file to download that is no MNIST: its description and its compressed bytes.
fn sample() -> (Part, Vec<u8>) {
    let bytes: Vec<u8> = (0..200_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    (Part { name: "sample-idx3-ubyte", digest: digest.leak() }, gzip(bytes))
}

/// Quick options for these mirrors.
fn options(mirrors: &[&str]) -> Options {
    Options {
        mirrors: mirrors.iter().map(ToString::to_string).collect(),
        connect: Duration::from_secs(10),
        silence: Duration::from_secs(10),
        total: Duration::from_secs(100),
        pause: Duration::from_millis(10),
        proxy: false,
        ..Options::default()
    }
}

#[derive(Default)]
struct Notes {
    received: Vec<(u64, Option<u64>)>,
    failed: Vec<String>,
}

impl DownloadObserver for Notes {
    fn received(&mut self, file: &str, _mirror: &str, bytes: u64, total: Option<u64>) {
        assert!(file.ends_with(".gz"));
        self.received.push((bytes, total));
    }

    fn failed(&mut self, _file: &str, mirror: &str, reason: &str) {
        self.failed.push(format!("{mirror} {reason}"));
    }
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The downloader's error for a mirror that gives these answers; it must have failed and left nothing behind.
fn failure(answers: Vec<Answer>, attempts: usize, adjust: impl FnOnce(&mut Options)) -> String {
    let (address, asked) = serve(answers);
    let folder = TempDir::new().unwrap();
    let mut options = options(&[&address]);
    adjust(&mut options);
    let mut notes = Notes::default();
    let error = fetch_parts(&[sample().0], folder.path(), &options, &mut notes).unwrap_err();
    assert!(matches!(error, DataError::Download { .. }), "{error}");
    assert_eq!(files_in(folder.path()), [""; 0]);
    assert_eq!(asked.lock().unwrap().len(), attempts, "{error}");
    assert_eq!(notes.failed.len(), attempts, "{error}");
    let message = error.to_string();
    assert!(message.contains(&address) && message.contains("sample-idx3-ubyte.gz"), "{message}");
    message
}

fn assert_contains(message: &str, part: &str) {
    assert!(message.contains(part), "`{part}` is not in: {message}");
}

#[test]
fn a_file_is_fetched_once_and_kept() {
    let (part, archive) = sample();
    for slash in ["", "/"] {
        let (address, asked) = serve(vec![Answer::Bytes(archive.clone())]);
        let folder = TempDir::new().unwrap();
        let target = folder.path().join("made").join("when needed");
        let options = options(&[&format!("{address}{slash}")]);
        let mut notes = Notes::default();
        fetch_parts(&[part], &target, &options, &mut notes).unwrap();
        fetch_parts(&[part], &target, &options, &mut notes).unwrap();
        assert_eq!(*asked.lock().unwrap(), ["/mnist/sample-idx3-ubyte.gz"], "one request in all, no doubled slash");
        assert_eq!(files_in(&target), ["sample-idx3-ubyte.gz"]);
        assert_eq!(fs::read(target.join("sample-idx3-ubyte.gz")).unwrap(), archive);
        let length = archive.len() as u64;
        assert_eq!(notes.received.last(), Some(&(length, Some(length))));
        assert!(notes.received.is_sorted() && notes.failed.is_empty());
    }
}

/// A copy that broke off, packed or not, is the beginning of what is fetched: nothing of it is lost.
#[test]
fn a_copy_that_broke_off_is_replaced() {
    let (part, archive) = sample();
    let raw = idx::unpack(&archive[..], u64::MAX).unwrap();
    for (name, stale) in
        [("sample-idx3-ubyte.gz", &archive[..1000]), ("sample-idx3-ubyte.gz", &[]), ("sample.idx3-ubyte", &raw[..5000])]
    {
        let (address, _) = serve(vec![Answer::Bytes(archive.clone())]);
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(name), stale).unwrap();
        assert!(part.read(folder.path()).is_err());
        fetch_parts(&[part], folder.path(), &options(&[&address]), &mut ()).unwrap();
        let (path, _) = part.read(folder.path()).unwrap();
        assert_eq!(fs::read(path).unwrap(), archive);
    }
}

/// Files of an hour ago are no longer being written.
#[test]
fn what_a_killed_fetch_has_left_is_removed() {
    let (part, archive) = sample();
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("sample-idx3-ubyte.gz"), archive).unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(2 * 3600);
    for name in ["sample-idx3-ubyte.gz.17-0.tmp", "notes.gz.17-0.tmp", "sample-idx3-ubyte.gz.tmp"] {
        fs::File::create(path(name)).unwrap().set_modified(old).unwrap();
    }
    fs::write(path("sample-idx3-ubyte.gz.18-0.tmp"), "being written").unwrap();
    fetch_parts(&[part], folder.path(), &options(&["http://127.0.0.1:9/"]), &mut ()).unwrap();
    let kept =
        ["notes.gz.17-0.tmp", "sample-idx3-ubyte.gz", "sample-idx3-ubyte.gz.18-0.tmp", "sample-idx3-ubyte.gz.tmp"];
    assert_eq!(files_in(folder.path()), kept);
}

#[test]
fn another_file_is_overwritten_only_where_it_is_named() {
    let (part, archive) = sample();
    let set = [&[0, 0, 8, 1, 0, 0, 0, 3][..], &[7, 7, 7]].concat();
    let packed = gzip(&set);
    let mut longer = archive.clone();
    longer[500] ^= 1;
    for (name, theirs, requests) in [
        ("sample-idx3-ubyte.gz", &packed, 0),
        ("sample-idx3-ubyte", &set, 0),
        ("sample.idx3-ubyte.gz", &packed, 0),
        // Only the download tells.
        ("sample-idx3-ubyte.gz", &b"stale".to_vec(), 1),
        ("sample-idx3-ubyte.gz", &longer, 1),
    ] {
        let (address, asked) = serve(vec![Answer::Bytes(archive.clone())]);
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, theirs).unwrap();
        let mut options = options(&[&address]);
        let error = fetch_parts(&[part], folder.path(), &options, &mut ()).unwrap_err();
        assert!(matches!(error, DataError::InTheWay { .. }), "{error}");
        assert_contains(&error.to_string(), name);
        assert_eq!((fs::read(&path).unwrap() == *theirs, asked.lock().unwrap().len()), (true, requests), "{name}");
        assert_eq!(files_in(folder.path()), [name]);
        options.replace = vec!["another.gz".into()];
        assert!(fetch_parts(&[part], folder.path(), &options, &mut ()).is_err());
        options.replace = vec![name.into()];
        fetch_parts(&[part], folder.path(), &options, &mut ()).unwrap();
        assert!(part.read(folder.path()).is_ok());
    }
}

/// A link, even one that leads nowhere, and a folder are no free places.
#[cfg(unix)]
#[test]
fn links_and_folders_are_left_as_they_are() {
    let (part, archive) = sample();
    let (address, asked) = serve(vec![Answer::Bytes(archive)]);
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (place, target) = (folder.path().join(part.archive()), elsewhere.path().join("theirs"));
    for there in [false, true] {
        if there {
            fs::write(&target, b"").unwrap();
        }
        std::os::unix::fs::symlink(&target, &place).unwrap();
        let error = fetch_parts(&[part], folder.path(), &options(&[&address]), &mut ()).unwrap_err();
        assert_contains(&error.to_string(), "sample-idx3-ubyte.gz: a link");
        assert!(fs::symlink_metadata(&place).unwrap().is_symlink() && target.exists() == there);
        fs::remove_file(&place).unwrap();
    }
    fs::create_dir(&place).unwrap();
    let error = fetch_parts(&[part], folder.path(), &options(&[&address]), &mut ()).unwrap_err();
    assert_contains(&error.to_string(), "sample-idx3-ubyte.gz: not a regular file");
    assert_eq!(asked.lock().unwrap().len(), 0);
}

/// A server error and what may have been broken on the way are tried again, a refusal is not.
#[test]
fn failures_are_named_and_tried_again_where_that_may_help() {
    let (part, archive) = sample();
    // A proxy that ends a body early and adjusts the length is not seen before the decompression.
    let half = archive[..archive.len() / 2].to_vec();
    let endless = vec![0; download::LARGEST as usize + 1];
    type Case<'a> = (Answer, usize, fn(&mut Options), &'a str);
    let cases: [Case; 8] = [
        (Answer::Status(403), 1, |_| {}, "HTTP status 403"),
        (Answer::Status(404), 1, |options| options.attempts = 5, "HTTP status 404"),
        (Answer::Status(503), 2, |_| {}, "HTTP status 503"),
        (Answer::Status(500), 1, |options| options.attempts = 0, "HTTP status 500"),
        (Answer::Truncated(archive), 2, |_| {}, "broke off after"),
        (Answer::Bytes(b"<html>log in first</html>".to_vec()), 2, |_| {}, part.digest),
        (Answer::Bytes(half), 2, |_| {}, "cannot be decompressed"),
        (Answer::Bytes(endless), 1, |options| options.attempts = 1, "larger than"),
    ];
    for (answer, attempts, adjust, expected) in cases {
        assert_contains(&failure(vec![answer], attempts, adjust), expected);
    }
}

#[test]
fn a_silent_server_is_given_up() {
    let start = Instant::now();
    let impatient = |options: &mut Options| options.silence = Duration::from_millis(300);
    assert_contains(&failure(vec![Answer::Silence], 2, impatient), "took too long");
    assert_contains(
        &failure(vec![Answer::Stalled(vec![1; 500])], 2, impatient),
        "broke off after 500 bytes: took too long",
    );
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

#[test]
fn a_slow_server_is_given_up_in_time_for_the_next() {
    let (part, archive) = sample();
    let (slow, _) = serve(vec![Answer::Trickle]);
    let (good, _) = serve(vec![Answer::Bytes(archive)]);
    let folder = TempDir::new().unwrap();
    let options = Options { total: Duration::from_secs(4), ..options(&[&slow, &good]) };
    let mut notes = Notes::default();
    let start = Instant::now();
    fetch_parts(&[part], folder.path(), &options, &mut notes).unwrap();
    assert!(start.elapsed() < Duration::from_millis(3500), "half of the time belongs to the second mirror");
    assert_eq!(notes.failed.len(), 1, "{:?}", notes.failed);
    assert_contains(&notes.failed[0], "took too long");
}

#[test]
fn a_mirror_is_tried_again_and_then_the_next_one() {
    let (part, archive) = sample();
    let (first, first_asked) = serve(vec![Answer::Status(403)]);
    let (second, second_asked) = serve(vec![Answer::Status(502), Answer::Bytes(archive)]);
    let folder = TempDir::new().unwrap();
    let mut notes = Notes::default();
    let closed = "http://127.0.0.1:1"; // nothing listens there
    fetch_parts(&[part], folder.path(), &options(&[closed, &first, &second]), &mut notes).unwrap();
    assert_eq!(first_asked.lock().unwrap().len(), 1);
    assert_eq!(second_asked.lock().unwrap().len(), 2);
    assert_eq!(files_in(folder.path()), ["sample-idx3-ubyte.gz"]);
    let mirrors: Vec<&str> = notes.failed.iter().filter_map(|note| note.split(' ').next()).collect();
    assert_eq!(mirrors, [closed, closed, &first, &second]);
}

#[test]
fn the_error_lists_each_mirror_with_its_reason() {
    let (refusing, _) = serve(vec![Answer::Status(403)]);
    let (lying, _) = serve(vec![Answer::Bytes(b"other".to_vec())]);
    let folder = TempDir::new().unwrap();
    let error = fetch_parts(&[sample().0], folder.path(), &options(&[&refusing, &lying]), &mut ()).unwrap_err();
    let message = error.to_string();
    let lines: Vec<&str> = message.lines().collect();
    assert!(lines[1].contains(&refusing) && lines[1].contains("403"), "{message}");
    assert!(lines[2].contains(&lying) && lines[2].contains("wrong bytes"), "{message}");
    assert_contains(lines[0], &folder.path().display().to_string());
}

#[test]
fn addresses_are_checked_before_anything_is_done() {
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("never made");
    let error = fetch_parts(&[sample().0], &target, &options(&["http://127.0.0.1:1", "ftp://x/"]), &mut ());
    assert!(matches!(&error, Err(DataError::Mirror { found }) if found == "`ftp://x/`"), "{error:?}");
    assert!(!target.exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = fetch_parts(&[sample().0], &file.join("below"), &options(&["http://127.0.0.1:1"]), &mut ());
    assert!(matches!(error, Err(DataError::Write { .. })), "{error:?}");
}

#[test]
fn extreme_durations_do_no_harm() {
    let (part, archive) = sample();
    let (address, _) = serve(vec![Answer::Bytes(archive)]);
    let forever = Duration::MAX;
    let patient = Options { connect: forever, silence: forever, total: forever, ..options(&[&address]) };
    fetch_parts(&[part], TempDir::new().unwrap().path(), &patient, &mut ()).unwrap();
    let none = Duration::ZERO;
    let hasty = Options { connect: none, silence: none, total: none, pause: none, ..options(&["http://127.0.0.1:1"]) };
    assert!(fetch_parts(&[part], TempDir::new().unwrap().path(), &hasty, &mut ()).is_err());
}

#[test]
fn the_real_files_are_fetched() {
    let Some(source) = real_mnist::folder("the_real_files_are_fetched") else { return };
    if !mnist::PARTS.iter().all(|part| source.join(part.archive()).is_file()) {
        let _ = writeln!(std::io::stderr(), "skipped: the_real_files_are_fetched: they are not there as .gz");
        return;
    }
    let (address, asked) = serve(vec![Answer::Folder(source)]);
    let folder = TempDir::new().unwrap();
    download::fetch(folder.path(), &options(&[&address]), &mut ()).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 4);
    assert_eq!(mnist::load(folder.path()).unwrap().training.len(), 60_000);
}
