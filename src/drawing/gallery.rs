//! A page of small pictures in rows of ten, each with what is said of it, such as the errors of a network (Fig. 8).

use plotters::style::{BLACK, RGBColor};

use super::sheet::{Anchor, Sheet, Thumbnail};

const COLUMNS: usize = 10;
/// Width of a picture's place, and its height with three captions.
const PLACE: (f64, f64) = (78.0, 110.0);
const MARGIN: f64 = 16.0;
/// The side of the largest picture.
const SIDE: f64 = 56.0;

/// A page of pictures.
#[derive(Debug, Clone, Default)]
pub struct Gallery {
    /// The title.
    pub title: String,
    /// Lines below the title, each with its colour.
    pub notes: Vec<(RGBColor, String)>,
    /// The pictures, from left to right and from top to bottom.
    pub pictures: Vec<Shown>,
}

/// A picture of the page.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The picture, with sides of at most 28 pixels in their full size; larger ones are drawn smaller.
    pub picture: Thumbnail,
    /// The colour of a frame around it, if it has one.
    pub frame: Option<RGBColor>,
    /// What is below it in black.
    pub caption: String,
    /// Smaller lines below that, two at most, each with its colour.
    pub small: Vec<(RGBColor, String)>,
}

impl Gallery {
    /// The page as SVG.
    ///
    /// ```
    /// use lenet5::drawing::{gallery::{Gallery, Shown}, sheet::Thumbnail};
    /// let shown = Shown { picture: Thumbnail::of_bytes(&[0, 255], (1, 2)), frame: None, caption: "4 > 9".into(), small: Vec::new() };
    /// let page = Gallery { title: "one error".into(), notes: Vec::new(), pictures: vec![shown] };
    /// assert!(page.to_svg().contains("4 &gt; 9"));
    /// ```
    pub fn to_svg(&self) -> String {
        let lines = self.pictures.len().div_ceil(COLUMNS).max(1);
        let top = 46.0 + 19.0 * self.notes.len() as f64;
        let width = 2.0 * MARGIN + COLUMNS as f64 * PLACE.0;
        let mut sheet = Sheet::new(width, top + lines as f64 * PLACE.1 + MARGIN);
        sheet.text(MARGIN, 32.0, 20.0, Anchor::Start, &self.title);
        for (line, (colour, note)) in self.notes.iter().enumerate() {
            sheet.coloured_text(MARGIN, 54.0 + 19.0 * line as f64, 15.0, Anchor::Start, *colour, note);
        }
        for (index, shown) in self.pictures.iter().enumerate() {
            let x = MARGIN + (index % COLUMNS) as f64 * PLACE.0;
            shown.draw(&mut sheet, (x, top + (index / COLUMNS) as f64 * PLACE.1));
        }
        sheet.to_svg()
    }
}

impl Shown {
    /// Draws it with its captions, the top left corner of its place at (`x`, `y`).
    fn draw(&self, sheet: &mut Sheet, (x, y): (f64, f64)) {
        let scale = 2.0_f64.min(SIDE / self.picture.width().max(self.picture.height()));
        let size = (scale * self.picture.width(), scale * self.picture.height());
        let (left, middle) = (x + (PLACE.0 - size.0) / 2.0, x + PLACE.0 / 2.0);
        sheet.picture(left, y + 4.0, scale, &self.picture);
        let below = y + 4.0 + size.1;
        sheet.coloured_text(middle, below + 17.0, 15.0, Anchor::Middle, BLACK, &self.caption);
        if let Some(colour) = self.frame {
            sheet.rect(left - 2.0, y + 2.0, (size.0 + 4.0, size.1 + 4.0), 2.0, colour);
        }
        let mut at = below + 19.0;
        for (index, (colour, text)) in self.small.iter().enumerate() {
            at += 13.0;
            let size = if index + 1 < self.small.len() { 12.0 } else { 11.0 };
            sheet.coloured_text(middle, at, size, Anchor::Middle, *colour, text);
        }
    }
}
