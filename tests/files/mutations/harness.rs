//! Tries mutated inputs on a parser for a while, and watches it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use temp_dir::TempDir;

use super::mutate::mutated;

/// The number of parsers that share the time.
pub const PARSERS: u32 = 12;
/// The time that one input may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);
/// The least number of inputs, however short the time.
const LEAST: u64 = 100;

pub struct Parser<'a> {
    /// Its name: that of the test.
    pub name: &'static str,
    pub valid: Vec<Vec<u8>>,
    pub words: &'a [&'a [u8]],
    /// Makes the check sums and lengths right again, or packs the input; used for every second one.
    pub mend: fn(Vec<u8>) -> Vec<u8>,
    /// The most bytes of memory that an input may take.
    pub memory: u64,
}

/// A folder for inputs: in memory where that can be, because disks are slow.
pub fn folder() -> TempDir {
    TempDir::with_prefix("/dev/shm/lenet5-").or_else(|_| TempDir::new()).unwrap()
}

fn number(variable: &str, default: u64) -> u64 {
    let parse = |text: String| text.parse().unwrap_or_else(|_| panic!("{variable} must be a whole number"));
    std::env::var(variable).map_or(default, parse)
}

/// The time of each parser: as many are at work side by side as there are processors.
fn share() -> Duration {
    let side_by_side = thread::available_parallelism().map_or(1, |count| count.get() as u32).min(PARSERS);
    Duration::from_secs(number("LENET5_FUZZ_SECONDS", 2)) * side_by_side / PARSERS
}

/// The input that is being tried, and since when.
type Now = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Tries `parse` on what is valid, which it must accept, then on mutated inputs until the time is over. For each it must return
/// `Ok`, having looked at what it got, or the text of an error; in time, within its memory, and without a panic. The text may quote
/// the input with its control characters: whatever is printed goes through `terminal::plain`.
pub fn run(parser: &Parser<'_>, mut parse: impl FnMut(&[u8]) -> Result<(), String>) {
    let now = watched(parser.name);
    let mut attempt = |bytes: &[u8]| -> bool {
        *now.lock().unwrap() = Some((Instant::now(), bytes.to_vec()));
        if std::env::var_os("LENET5_FUZZ_KEEP").is_some() {
            keep(parser.name, bytes);
        }
        let mut outcome = None;
        let memory = allocation_counter::measure(|| {
            outcome = Some(catch_unwind(AssertUnwindSafe(|| parse(bytes))));
        });
        *now.lock().unwrap() = None;
        match outcome.expect("it was run") {
            Err(_) => fail(parser.name, bytes, "it panicked, as told above"),
            Ok(_) if memory.bytes_max > parser.memory => {
                fail(parser.name, bytes, &format!("it took {} bytes of memory", memory.bytes_max))
            }
            Ok(Err(message)) if message.trim().is_empty() => fail(parser.name, bytes, "its error says nothing"),
            Ok(Err(message)) if message.len() > 2000 + 8 * bytes.len() => {
                fail(parser.name, bytes, &format!("its error has {} bytes", message.len()))
            }
            Ok(outcome) => outcome.is_ok(),
        }
    };
    if let Some(path) = std::env::var_os("LENET5_FUZZ_INPUT") {
        println!("{}: accepted: {}", parser.name, attempt(&fs::read(path).unwrap()));
        return;
    }
    for valid in &parser.valid {
        assert!(attempt(valid), "{}: {:?} is valid", parser.name, valid.escape_ascii().to_string());
    }
    let (seed, start, share) = (number("LENET5_FUZZ_SEED", 1998), Instant::now(), share());
    let (mut tried, mut accepted) = (0, 0);
    while tried < LEAST || start.elapsed() < share {
        let bytes = mutated(seed, parser.name, tried, &parser.valid, parser.words);
        let bytes = if tried % 2 == 0 { (parser.mend)(bytes) } else { bytes };
        accepted += u64::from(attempt(&bytes));
        tried += 1;
    }
    println!("{}: {tried} inputs, of which {accepted} were accepted", parser.name);
}

/// Ends the process when an input takes too long: nothing else ends what hangs.
fn watched(name: &'static str) -> Now {
    let now = Now::default();
    let watched = Arc::downgrade(&now);
    thread::spawn(move || {
        while let Some(now) = watched.upgrade() {
            let late = now.lock().unwrap().clone().filter(|(since, _)| since.elapsed() > PATIENCE);
            drop(now);
            if let Some((_, bytes)) = late {
                let path = keep(name, &bytes);
                eprintln!("{}", report(name, &path, &format!("it takes longer than {} s", PATIENCE.as_secs())));
                std::process::exit(1);
            }
            thread::sleep(Duration::from_millis(500));
        }
    });
    now
}

fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutated-{name}.bin"));
    fs::write(&path, bytes).unwrap();
    path
}

fn report(name: &str, path: &Path, what: &str) -> String {
    let path = path.display();
    format!("{name}: {what}; try it again: LENET5_FUZZ_INPUT={path} cargo test --release --test files {name}")
}

fn fail(name: &str, bytes: &[u8], what: &str) -> ! {
    let path = keep(name, bytes);
    panic!("{}", report(name, &path, what))
}

/// A parser with a fault, which is found.
fn faulty(parse: impl FnMut(&[u8]) -> Result<(), String>) {
    let valid = vec![b"a valid input, 12 letters".to_vec()];
    let mend = |bytes| bytes;
    run(&Parser { name: "faulty", valid, words: &[b"word"], mend, memory: 1 << 20 }, parse);
}

fn is_mutated(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|four| four == b"word")
}

#[test]
#[should_panic(expected = "faulty: it panicked")]
fn a_panic_is_found() {
    faulty(|bytes| if is_mutated(bytes) { panic!("planted") } else { Ok(()) });
}

#[test]
#[should_panic(expected = "faulty: it took")]
fn memory_without_bounds_is_found() {
    faulty(|bytes| {
        std::hint::black_box(vec![0_u8; if is_mutated(bytes) { 2 << 20 } else { 0 }]);
        Ok(())
    });
}

#[test]
#[should_panic(expected = "faulty: its error says nothing")]
fn an_error_without_a_reason_is_found() {
    faulty(|bytes| if is_mutated(bytes) { Err(String::new()) } else { Ok(()) });
}

#[test]
#[should_panic(expected = "is valid")]
fn a_valid_input_that_is_refused_is_found() {
    faulty(|_| Err("never".into()));
}
