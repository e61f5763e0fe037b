//! The files of an experiment: CSV files and drawings, each with the command and the commits behind it in its first lines.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use lenet5::drawing::format::Format;
use lenet5::drawing::plot::bars::Bars;
use lenet5::drawing::plot::{self, Chart, colour};
use lenet5::files::{LONG_AGO, advice, read_if_there, remove_temporaries, write_atomically};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// In titles of reduced runs.
const REDUCED: &str = " (a reduced run)";

#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    /// Lines of text that every CSV file begins with.
    header: Vec<String>,
    /// The forms in which figures are written beside their SVG.
    formats: Vec<Format>,
}

impl Folder {
    /// The folder `experiment` below `results`, to write to.
    pub fn new(results: &Path, experiment: &str, header: Vec<String>) -> anyhow::Result<Self> {
        let path = results.join(experiment);
        fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
        // What was left by a process that was killed; another may be at work at this moment.
        let is_own = |name: &str| name.ends_with(".csv") || Format::of(Path::new(name)).is_some();
        remove_temporaries(&path, is_own, LONG_AGO).with_context(|| path.display().to_string())?;
        Ok(Self { path, header, formats: Vec::new() })
    }

    /// The folder `experiment` below `results`, to read from and to draw in.
    pub fn existing(results: &Path, experiment: &str) -> Self {
        Self { path: results.join(experiment), header: Vec::new(), formats: Vec::new() }
    }

    /// Writes figures in these forms too, beside their SVG.
    pub fn with_formats(self, formats: &[Format]) -> Self {
        Self { formats: formats.to_vec(), ..self }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The names of its CSV files, in their order; none if it does not exist.
    pub fn tables(&self) -> anyhow::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(|| self.path.display().to_string())?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<String> = names.collect::<std::io::Result<_>>()?;
        names.retain(|name| name.ends_with(".csv"));
        names.sort();
        Ok(names)
    }

    /// Checks that results may be written here: what is here was written by an experiment too, and is not more than what comes in its
    /// place.
    pub fn check_replaceable(&self, complete: bool) -> anyhow::Result<()> {
        for name in self.tables()? {
            let (header, path) = (self.header_of(&name)?, self.path(&name));
            ensure!(
                header.iter().any(|line| line.starts_with(COMMAND)),
                "{}: expected a table of `lenet5-reproduce` or nothing, found another file, which is left as it is; name another folder \
                 (--out)",
                path.display()
            );
            ensure!(
                complete || !is_complete(&header),
                "{}: these results are of all seeds on all patterns and are not replaced by those of fewer; name another folder \
                 (--out)",
                path.display()
            );
        }
        Ok(())
    }

    /// Writes rows as a CSV file below the header.
    pub fn write<T: Serialize>(&self, name: &str, rows: impl IntoIterator<Item = T>) -> anyhow::Result<()> {
        let mut text: Vec<u8> = self.header.iter().flat_map(|line| format!("# {line}\n").into_bytes()).collect();
        let mut writer = csv::Writer::from_writer(&mut text);
        for row in rows {
            writer.serialize(row)?;
        }
        writer.flush()?;
        drop(writer);
        let path = self.path(name);
        write(&path, &text)
    }

    pub fn read<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<Vec<T>> {
        let rows = self.read_if_there(name)?;
        rows.with_context(|| format!("{}: there is no such file; run the experiment first", self.path(name).display()))
    }

    /// The rows of a CSV file; `None` if the experiment has not been run.
    pub fn read_if_there<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<Option<Vec<T>>> {
        let path = self.path(name);
        let Some(text) = read_text_if_there(&path)? else { return Ok(None) };
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let rows = reader.deserialize().collect::<Result<_, _>>();
        rows.map(Some).with_context(|| path.display().to_string())
    }

    /// The header of a CSV file, without the marks.
    pub fn header_of(&self, name: &str) -> anyhow::Result<Vec<String>> {
        let path = self.path(name);
        let text = read_text_if_there(&path)?.with_context(|| format!("{}: there is no such file", path.display()))?;
        Ok(text.lines().map_while(|line| line.strip_prefix("# ")).map(String::from).collect())
    }

    /// True if the rows of a CSV file are of a full run on MNIST: printed numbers have no counterpart in another.
    pub fn is_full(&self, source: &str) -> anyhow::Result<bool> {
        Ok(!has_option(&self.header_of(source)?, &["--quick", "--dataset"]))
    }

    /// Draws charts of what stands in the CSV file `source`, laid out as [`plot::draw`] does; of a reduced run
    /// without the paper's curves and marks.
    pub fn charts(
        &self,
        name: &str,
        source: &str,
        charts: impl IntoIterator<Item = Chart>,
        layout: (usize, (u32, u32)),
    ) -> anyhow::Result<()> {
        let mut charts: Vec<Chart> = charts.into_iter().collect();
        if !self.is_full(source)? {
            for chart in &mut charts {
                chart.curves.retain(|curve| !curve.label.starts_with("paper"));
                chart.marks.retain(|(_, text)| !text.trim_start().starts_with("paper"));
                chart.title = chart.title.replace(" on MNIST", "") + REDUCED;
            }
        }
        self.draw(name, source, &plot::draw(&charts, layout).map_err(anyhow::Error::from_boxed)?)
    }

    /// Draws bars of what stands in the CSV file `source`; of a reduced run without the printed ones.
    pub fn bars(&self, name: &str, source: &str, mut bars: Bars) -> anyhow::Result<()> {
        if !self.is_full(source)? {
            let printed = bars.series.iter().position(|series| series.1 == colour::PAPER);
            bars.groups.iter_mut().for_each(|(_, group)| group.retain(|bar| Some(bar.series) != printed));
            bars.series.retain(|series| series.1 != colour::PAPER);
            bars.title += REDUCED;
        }
        self.draw(name, source, &bars.draw())
    }

    /// Writes a drawing of what stands in the CSV file `source`, whose header it takes over.
    pub fn draw(&self, name: &str, source: &str, svg: &str) -> anyhow::Result<()> {
        let path = self.path(name);
        let header = self.header_of(source)?.join("\n").replace('&', "&amp;").replace('<', "&lt;");
        let (root, rest) =
            svg.split_at(svg.find("<svg").and_then(|at| Some(at + svg[at..].find('>')? + 1)).unwrap_or(0));
        let text = format!("{root}\n<desc>{header}\ndrawn from: {source}</desc>{rest}");
        write(&path, text.as_bytes())?;
        for format in self.formats.iter().filter(|&&format| format != Format::Svg) {
            let path = path.with_extension(format.name());
            write(&path, &format.bytes(&text).with_context(|| path.display().to_string())?)?;
        }
        Ok(())
    }
}

/// Writes a file as a whole or not at all.
pub fn write(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    let written = write_atomically(path, contents);
    written.map_err(|error| anyhow::anyhow!("{}: cannot be written: {error}{}", path.display(), advice(&error)))
}

/// The text of a file; `None` where there is none of that name.
pub fn read_text_if_there(path: &Path) -> anyhow::Result<Option<String>> {
    /// The largest file of results has 0.4 MB.
    const MAX_SIZE: u64 = 64 << 20;
    let cannot = || format!("{}: cannot be read", path.display());
    let bytes = read_if_there(path, MAX_SIZE).with_context(cannot)?;
    bytes.map(String::from_utf8).transpose().with_context(cannot)
}

/// Marks the line of a header that has the command.
pub const COMMAND: &str = "command: ";

/// True if the results with this header are of a whole experiment: on MNIST, with all patterns, passes and seeds.
pub fn is_complete(header: &[String]) -> bool {
    header.iter().any(|line| line.starts_with(COMMAND)) && !has_option(header, &["--quick", "--seeds", "--dataset"])
}

/// True if the command in this header has one of these options.
fn has_option(header: &[String], options: &[&str]) -> bool {
    let command = header.iter().find_map(|line| line.strip_prefix(COMMAND)).unwrap_or_default();
    command.split_whitespace().any(|word| options.contains(&word))
}

/// Pixels as a CSV file holds them: two hexadecimal digits each.
pub fn to_hex(pixels: &[u8]) -> String {
    pixels.iter().map(|pixel| format!("{pixel:02x}")).collect()
}

/// The `count` pixels that [`to_hex`] wrote.
pub fn from_hex(text: &str, count: usize) -> anyhow::Result<Vec<u8>> {
    let byte = |at: usize| text.get(2 * at..2 * at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let pixels: Option<Vec<u8>> = (0..count).map(byte).collect();
    pixels.filter(|_| text.len() == 2 * count).with_context(|| format!("expected {count} pixels in hexadecimal"))
}
