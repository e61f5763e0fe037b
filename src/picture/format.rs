//! The format of a picture file, by its first bytes.

use image::ImageFormat;

use super::problem::Problem;

/// What to do about a format that is not read.
const EXPORT: &str = "export it as PNG or JPEG";
/// The place of the brand in a file of boxes (ISO 14496-12), behind the size and the name of the first box.
const BRAND: std::ops::Range<usize> = 8..12;
/// Bytes in which the first element of an SVG drawing is looked for.
const PROLOGUE: usize = 1024;

/// The format of the file with this content.
pub(super) fn of(bytes: &[u8]) -> Result<ImageFormat, Problem> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP};
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    if let Some((name, advice)) = other(bytes) {
        return Err(Problem::OtherFormat { name, advice });
    }
    match image::guess_format(bytes) {
        Ok(format @ (Png | Jpeg | WebP | Gif | Tiff | Bmp | Pnm)) => Ok(format),
        Ok(other) => Err(Problem::UnknownFormat { found: format!("the signature of {other:?}") }),
        Err(_) => Err(Problem::UnknownFormat { found: format!("\"{}\"", bytes[..bytes.len().min(12)].escape_ascii()) }),
    }
}

/// The name of a well-known format that is not read, and what to do about it.
fn other(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"%PDF-") {
        return Some(("a PDF document", "export the page as PNG or JPEG"));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(BRAND)? {
            b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" => Some((
                "a HEIC picture",
                "export it as PNG or JPEG (a telephone takes JPEG where its camera is set to \"most compatible\")",
            )),
            b"mif1" | b"mif2" | b"msf1" => Some(("a HEIF picture", EXPORT)),
            b"avif" | b"avis" => Some(("an AVIF picture", EXPORT)),
            _ => None,
        };
    }
    let prologue = &bytes[..bytes.len().min(PROLOGUE)];
    let is_markup = prologue.trim_ascii_start().starts_with(b"<") || prologue.starts_with(b"\xef\xbb\xbf<");
    let is_svg = is_markup && prologue.windows(4).any(|name| name == b"<svg");
    is_svg.then_some(("an SVG drawing", EXPORT))
}
