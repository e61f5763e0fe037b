//! Figures as PNG and PDF, made of their SVG.
//!
//! Letters are those of Noto Sans, which is inside the program: no font of the system is asked, and the same figure has the same bytes on
//! every machine. It has Latin, Greek and Cyrillic letters; others are left blank, in PNG and PDF alone.

use std::fmt::{self, Display};
use std::io;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};
use svg2pdf::{ConversionOptions, PageOptions};

use crate::files::write_atomically;
use crate::words::unknown;

/// The pixels of a PNG for each unit of the SVG, along each side: 192 to the inch.
pub const PIXELS: u32 = 2;

/// The most pixels of a PNG: 400 MB while it is drawn.
const MOST_PIXELS: u64 = 100_000_000;

const FONT: &str = "Noto Sans";

/// The form of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// As it is drawn.
    Svg,
    /// [`PIXELS`] pixels for each unit.
    Png,
    /// Vectors, with text that can be selected; a unit is 1/72 of an inch.
    Pdf,
}

/// The reason why a figure has no such form.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Text that is not an SVG document.
    #[error("expected an SVG drawing: {0}")]
    Svg(String),
    /// More pixels than are drawn.
    #[error(
        "{width}x{height} pixels are too many for a PNG, of which at most {MOST_PIXELS} are drawn; choose svg or pdf"
    )]
    Pixels {
        /// Columns.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// An error of the library that writes the form.
    #[error("cannot make a {format} of it: {problem}")]
    Writing {
        /// The form.
        format: Format,
        /// The library's words.
        problem: String,
    },
    /// The file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Png, Self::Pdf];

    /// Its name, which is the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// The form that the ending of a file's name says; `None` for another ending.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?;
        Self::ALL.into_iter().find(|format| ending.eq_ignore_ascii_case(format.name()))
    }

    /// The bytes of the figure `svg` in this form.
    ///
    /// ```
    /// use lenet5::drawing::{format::Format, sheet::Sheet};
    /// let png = Format::Png.bytes(&Sheet::new(30.0, 20.0).to_svg())?;
    /// assert_eq!((&png[1..4], &png[16..24]), (&b"PNG"[..], &[0, 0, 0, 60, 0, 0, 0, 40][..]));
    /// # Ok::<(), lenet5::drawing::format::FormatError>(())
    /// ```
    ///
    /// # Errors
    /// If it is not an SVG document, or too large.
    pub fn bytes(self, svg: &str) -> Result<Vec<u8>, FormatError> {
        match self {
            Self::Svg => Ok(svg.into()),
            Self::Png => png(&tree(svg)?),
            Self::Pdf => {
                let written = svg2pdf::to_pdf(&tree(svg)?, ConversionOptions::default(), PageOptions::default());
                written.map_err(|error| FormatError::Writing { format: self, problem: error.to_string() })
            }
        }
    }
}

/// Its name.
impl Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| unknown("format", name, &Self::ALL.map(Self::name)))
    }
}

/// Writes the figure `svg` to `path`, as a whole or not at all, in the form that the ending of its name says, otherwise as SVG.
///
/// # Errors
/// If it cannot have this form, or the file cannot be written.
pub fn write(path: &Path, svg: &str) -> Result<(), FormatError> {
    let bytes = Format::of(path).unwrap_or(Format::Svg).bytes(svg)?;
    Ok(write_atomically(path, &bytes)?)
}

fn tree(svg: &str) -> Result<Tree, FormatError> {
    let mut fonts = Database::new();
    fonts.load_font_source(Source::Binary(Arc::new(notosans::REGULAR_TTF)));
    fonts.set_sans_serif_family(FONT);
    let options = Options { font_family: FONT.into(), fontdb: Arc::new(fonts), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|error| FormatError::Svg(error.to_string()))
}

fn png(tree: &Tree) -> Result<Vec<u8>, FormatError> {
    let side = |units: f32| u64::from(PIXELS) * units.ceil() as u64;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let too_large = || FormatError::Pixels { width, height };
    let sides = (width.saturating_mul(height) <= MOST_PIXELS).then_some((width as u32, height as u32));
    let mut pixels = sides.and_then(|(width, height)| Pixmap::new(width, height)).ok_or_else(too_large)?;
    let scale = PIXELS as f32;
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| FormatError::Writing { format: Format::Png, problem: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::plot::{self, Axis, Chart, Curve, LineStyle, colour};
    use crate::drawing::sheet::{Anchor, Sheet, Thumbnail};

    /// The rows of a PNG's grey levels.
    fn grey(png: &[u8]) -> image::GrayImage {
        image::load_from_memory(png).unwrap().to_luma8()
    }

    /// The dark pixels in a rectangle of the units of the SVG.
    fn ink(image: &image::GrayImage, (left, top, right, bottom): (u32, u32, u32, u32)) -> usize {
        let pixels = (top * PIXELS..bottom * PIXELS).flat_map(|y| (left * PIXELS..right * PIXELS).map(move |x| (x, y)));
        pixels.filter(|&(x, y)| image.get_pixel(x, y).0[0] < 128).count()
    }

    /// Text, pictures with sharp pixels, and lines: all are there without a font of the system.
    #[test]
    fn text_and_pixels_are_visible_without_fonts_of_the_system() {
        let mut sheet = Sheet::new(120.0, 60.0);
        sheet.text(5.0, 20.0, 16.0, Anchor::Start, "F6: \u{b5} \u{3b1} \u{416}");
        sheet.picture(70.0, 10.0, 20.0, &Thumbnail::of_bytes(&[255, 0, 0, 255], (2, 2)));
        let image = grey(&Format::Png.bytes(&sheet.to_svg()).unwrap());
        assert_eq!(image.dimensions(), (240, 120));
        for letters in [(5, 5, 30, 24), (33, 5, 42, 25), (45, 5, 54, 24), (56, 5, 69, 24)] {
            assert!(ink(&image, letters) > 30, "{letters:?}: {}", ink(&image, letters));
        }
        assert_eq!(ink(&image, (70, 10, 90, 30)), 1600, "a black pixel of the picture, without smoothing");
        assert_eq!(ink(&image, (90, 10, 110, 30)), 0, "a white one");
    }

    #[test]
    fn a_chart_has_its_letters_and_its_curve() {
        let curve = Curve::new("test", colour::TEST, LineStyle::Solid, [(1.0, 3.0), (2.0, 1.0)]);
        let chart = Chart {
            title: "a title".into(),
            x: Axis::new("pass"),
            y: Axis::new("error"),
            curves: vec![curve],
            ..Chart::default()
        };
        let svg = plot::draw(&[chart], plot::ALONE).unwrap();
        let image = grey(&Format::Png.bytes(&svg).unwrap());
        assert_eq!(image.dimensions(), (1600, 1000));
        assert!(ink(&image, (300, 10, 500, 45)) > 100, "the title");
        let pdf = Format::Pdf.bytes(&svg).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.windows(9).any(|part| part == b"/MediaBox"));
        assert!(pdf.windows(8).any(|part| part == b"NotoSans"), "the font is in it");
        assert_eq!(pdf, Format::Pdf.bytes(&svg).unwrap(), "the same bytes");
    }

    #[test]
    fn what_is_no_figure_or_too_large_is_refused() {
        assert!(matches!(Format::Png.bytes("no drawing"), Err(FormatError::Svg(_))));
        let sheet = Sheet::new(60_000.0, 60_000.0).to_svg();
        let text = Format::Png.bytes(&sheet).unwrap_err().to_string();
        assert!(text.contains("120000x120000 pixels are too many") && Format::Pdf.bytes(&sheet).is_ok(), "{text}");
        assert_eq!("jpg".parse::<Format>(), Err("unknown format `jpg`; the formats: svg, png, pdf".into()));
        let of = |name: &str| Format::of(Path::new(name));
        assert_eq!(
            (of("a.PNG"), of("a.pdf"), of("svg"), of("a.txt")),
            (Some(Format::Png), Some(Format::Pdf), None, None)
        );
    }
}
