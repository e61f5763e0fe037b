//! The origin of MNIST's test digits (section III-A): half of them are from NIST's SD-3, written by employees of the Census Bureau,
//! and half from SD-1, written by high-school students, whose digits are harder to recognise.
//!
//! Which digit is whose was found by C. Yadav and L. Bottou ("Cold Case: The Lost MNIST Digits", 2019). The head of
//! `provenance.txt`, beside this file, has the source and its license.

/// A line for a stretch of digits of one series: its number, then the writers, `326*34` for 34 digits of one. Lines with `#` are
/// remarks.
const TEXT: &str = include_str!("provenance.txt");

/// A database of NIST, from which MNIST was mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Special Database 3, by employees of the Census Bureau: series hsf_0 to hsf_3.
    Sd3,
    /// Special Database 1, by high-school students: series hsf_4.
    Sd1,
}

/// The origin of one digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance {
    /// The number of the NIST series, 0 for hsf_0; in MNIST's test set 0 or 4.
    pub series: u8,
    /// The number of the writer; in MNIST's test set 326 to 373 and 2351 to 2599.
    pub writer: u16,
}

impl Provenance {
    /// The database that the series belongs to.
    pub fn database(self) -> Database {
        if self.series == 4 { Database::Sd1 } else { Database::Sd3 }
    }
}

/// The origin of each of the 10,000 digits of MNIST's test set, in their order.
///
/// # Panics
/// Never: a test reads them.
///
/// ```
/// use lenet5::data::provenance::{Database, of_mnist_test};
///
/// let origins = of_mnist_test();
/// assert_eq!((origins[0].database(), origins[9_999].database()), (Database::Sd1, Database::Sd3));
/// ```
pub fn of_mnist_test() -> Vec<Provenance> {
    let lines = TEXT.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| stretch(line).expect("a series and its writers")).collect()
}

/// The digits of one line.
fn stretch(line: &str) -> Option<Vec<Provenance>> {
    let (series, writers) = line.split_once(' ')?;
    let series = series.parse().ok()?;
    let mut digits = Vec::new();
    for writer in writers.split(' ') {
        let (writer, count) = writer.split_once('*').unwrap_or((writer, "1"));
        digits.resize(digits.len() + count.parse::<usize>().ok()?, Provenance { series, writer: writer.parse().ok()? });
    }
    Some(digits)
}
