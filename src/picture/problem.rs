//! The reasons why a picture is refused.

use std::io;
use std::path::{Path, PathBuf};

use image::{ImageError, ImageFormat};
use thiserror::Error;

use crate::files::advice;
use crate::words::terminal::name;

/// The most pixels a picture may have on a side.
pub const MAX_SIDE: u32 = 16_384;
/// The most bytes a file, and a decoded picture, may have.
pub const MAX_BYTES: u64 = 256 << 20;
/// The accepted formats, in words.
pub const FORMATS: &str = "PNG, JPEG, WebP, GIF, TIFF, BMP or PNM";
/// The ends of the names of pictures in a folder.
pub const ENDINGS: [&str; 12] = ["png", "jpg", "jpeg", "webp", "gif", "tif", "tiff", "bmp", "pnm", "pgm", "pbm", "ppm"];
/// Files of file managers whose names do not begin with a dot.
const SIDECARS: [&str; 4] = ["thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"];

/// True for files that a file manager makes: hidden ones, such as `._3.png` beside a copied `3.png`, and previews.
pub fn is_sidecar(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with('.') || SIDECARS.contains(&&*name)
}

/// A file that cannot be made into a [`Picture`](super::Picture).
#[derive(Debug, Error)]
#[error("{}: {problem}", name(path))]
pub struct PictureError {
    /// The file.
    pub path: PathBuf,
    /// The problem with it.
    pub problem: Problem,
}

/// The reason why a picture is refused.
#[derive(Debug, Error)]
pub enum Problem {
    /// The file does not exist, may not be read, is not a regular file, or has more than [`MAX_BYTES`].
    #[error("cannot be read ({0}){advice}", advice = advice(.0))]
    Unreadable(#[from] io::Error),
    /// No bytes, or no pixels.
    #[error("is empty; expected a {FORMATS} picture")]
    Empty,
    /// Over [`MAX_BYTES`] or [`MAX_SIDE`].
    #[error(
        "is too large: at most {MAX_SIDE} pixels a side and {MAX_BYTES} bytes are accepted, found {found}; scale it down"
    )]
    TooLarge {
        /// Its size, as far as it is known.
        found: String,
    },
    /// None of the accepted formats, by its first bytes.
    #[error("is not a {FORMATS} picture (it begins with {found}); save the picture in one of these formats")]
    UnknownFormat {
        /// The format, if it is a known one, else the first bytes.
        found: String,
    },
    /// A well-known format that is not read.
    #[error("is {name}, which is not read; {advice}")]
    OtherFormat {
        /// Its name, with an article.
        name: &'static str,
        /// What to do about it.
        advice: &'static str,
    },
    /// A picture of an accepted format that uses a part of it that is not read, such as a palette in a TIFF.
    #[error("is a {format:?} picture of a kind that is not read ({reason}); save it as PNG or JPEG")]
    Unsupported {
        /// The format told from the first bytes.
        format: ImageFormat,
        /// The decoder's message.
        reason: ImageError,
    },
    /// The picture cannot be decoded.
    #[error("is not a complete, valid {format:?} picture ({reason}); save the picture again")]
    Broken {
        /// The format told from the first bytes.
        format: ImageFormat,
        /// The decoder's message.
        reason: ImageError,
    },
    /// A uniform picture, or nearly so.
    #[error(
        "shows nothing that looks like ink: {}; draw one digit, dark on light or light on dark (transparent parts count as white)",
        nothing(*contrast, *least)
    )]
    NoInk {
        /// The largest difference from the background, in levels of 255.
        contrast: u8,
        /// The least difference that counts as ink on such a background.
        least: u8,
    },
    /// The background varies nearly as much as the picture.
    #[error(
        "has too uneven a background: its level varies by {variation} of 255, and nothing is further than {contrast} from it; \
         come closer, on plain paper, in more even light"
    )]
    Uneven {
        /// The largest deviation of the background from its usual level.
        variation: u32,
        /// The largest difference from the background, in levels of 255.
        contrast: u8,
    },
}

/// Why a picture whose levels stray so far from that of its border shows no ink.
fn nothing(contrast: u8, least: u8) -> String {
    let far = format!("no level is further than {contrast} of 255 from that of the border");
    if contrast < least {
        format!("{far}, at least {least} is needed")
    } else {
        format!("{far}, and what is there is too small")
    }
}
