//! The picture that a command is given: a file, or standard input.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use image::GrayImage;
use lenet5::files;
use lenet5::picture::{self, Form, Line, MAX_BYTES, Picture, PictureError, Problem, Whole, Written};

/// The argument that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// A picture to read.
pub enum Input {
    /// A file of this path.
    File(PathBuf),
    /// What standard input had.
    Standard(Vec<u8>),
}

/// True if `path` stands for standard input.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

impl Input {
    /// Standard input for `-`, of which all is read, and else the file `path`, which is not read yet.
    ///
    /// # Errors
    /// If standard input is a terminal, cannot be read, or has more than [`MAX_BYTES`].
    pub fn open(path: &Path) -> Result<Self, PictureError> {
        if !is_standard(path) {
            return Ok(Self::File(path.to_path_buf()));
        }
        let read = || {
            if io::stdin().is_terminal() {
                let what = "expected the bytes of a picture from a pipe or a file, found a terminal";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
            }
            files::read_all(io::stdin().lock(), MAX_BYTES)
        };
        read().map(Self::Standard).map_err(|error| of_standard_input(error.into()))
    }

    /// Its path, or "standard input".
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Standard(_) => "standard input".as_ref(),
        }
    }

    /// The digit in it.
    pub fn digit(&self) -> Result<Picture, PictureError> {
        self.read(picture::read, Picture::from_bytes)
    }

    /// The line of characters in it.
    pub fn line(&self) -> Result<Line, PictureError> {
        self.read(picture::read_line, Line::from_bytes)
    }

    /// The rows of characters in it.
    pub fn written(&self) -> Result<Written, PictureError> {
        self.read(picture::read_written, Written::from_bytes)
    }

    /// The grey levels in which the digit is found.
    pub fn gray(&self) -> Result<GrayImage, PictureError> {
        self.read(picture::read_gray, picture::gray_from_bytes)
    }

    /// Its middle in colour, `side` x `side` pixels.
    pub fn colour(&self, side: usize) -> Result<Vec<u8>, PictureError> {
        self.read(|path| picture::read_colour(path, side), |bytes| picture::colour_from_bytes(bytes, side))
    }

    /// All of it, as a network for a user's own classes reads it.
    pub fn whole(&self, form: Form) -> Result<Whole, PictureError> {
        self.read(|path| picture::read_whole(path, form), |bytes| picture::whole_from_bytes(bytes, form))
    }

    fn read<T>(
        &self,
        of_file: impl Fn(&Path) -> Result<T, PictureError>,
        of_bytes: impl Fn(&[u8]) -> Result<T, Problem>,
    ) -> Result<T, PictureError> {
        match self {
            Self::File(path) => of_file(path),
            Self::Standard(bytes) => of_bytes(bytes).map_err(of_standard_input),
        }
    }
}

fn of_standard_input(problem: Problem) -> PictureError {
    PictureError { path: "standard input".into(), problem }
}
