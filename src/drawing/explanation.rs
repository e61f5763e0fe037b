//! An answer explained on a page: the picture, its ink, the network's input, every layer, the distances.

use image::GrayImage;
use image::imageops::{self, FilterType};
use plotters::style::RGBColor;

use crate::applications::activity::{Activity, LayerStates};
use crate::applications::reader::{ReadError, Reader};
use crate::drawing::plot::colour;
use crate::drawing::sheet::{Anchor, Sheet, Thumbnail};
use crate::kernels::maps::Shape;
use crate::paper::codes;
use crate::picture::{self, Picture};
use crate::runs::checkpoint::Model;

/// Width of the page and its margin, in its units.
const WIDTH: f64 = 920.0;
const MARGIN: f64 = 20.0;
/// The longer side of each of the three pictures at the top.
const SIDE: f64 = 200.0;
const LETTER: f64 = 13.0;
const GAP: f64 = 4.0;
/// Layers of one unit a map are drawn as one strip of this many units.
const STRIP: usize = 84;
const GREY: RGBColor = RGBColor(200, 200, 200);

/// The page for a picture of a digit. `levels` are those of the original, of any size, 0 being black.
///
/// # Errors
/// If the model reads no grey images.
pub fn of_digit(model: &Model, picture: &Picture, levels: &GrayImage) -> Result<String, ReadError> {
    let mut reader = Reader::new(model)?;
    let activity = Activity::of(&mut reader, &picture.pixels, Shape::new(1, picture::FRAME, picture::FRAME))?;
    let mut page = Page::new(&reader, &activity);
    page.original(picture, levels);
    page.mask(picture);
    Ok(page.rest(&reader, &activity, 1))
}

/// The page for an image of this shape, channel by channel.
///
/// # Errors
/// As [`Reader::read`].
pub fn of_image(model: &Model, pixels: &[u8], shape: Shape) -> Result<String, ReadError> {
    let mut reader = Reader::new(model)?;
    let activity = Activity::of(&mut reader, pixels, shape)?;
    let maps = activity.input.maps.shape().maps.min(3);
    Ok(Page::new(&reader, &activity).rest(&reader, &activity, maps))
}

/// A page, filled from above.
struct Page {
    sheet: Sheet,
    /// The height that is filled so far.
    y: f64,
    /// The width of the first row that is filled so far.
    x: f64,
}

/// The most codes beside each other, and the height of such a row.
const CODES_IN_A_ROW: usize = 16;
const ROW_OF_CODES: f64 = 112.0;

struct Grid {
    columns: usize,
    rows: usize,
    scale: f64,
    /// Width and height of a map and the gap behind it.
    pitch: (f64, f64),
}

impl Grid {
    /// Maps are enlarged as far as a layer fits into three rows; what has one unit a map is a strip.
    fn of(states: &LayerStates) -> Self {
        let shape = states.maps.shape();
        let (width, height) = (shape.width as f64, shape.height as f64);
        let room = WIDTH - 2.0 * MARGIN + GAP;
        let columns = |scale: f64| (room / (scale * width + GAP)).floor().max(1.0) as usize;
        let fits = |scale: &f64| shape.maps.div_ceil(columns(*scale)) <= 3 && scale * height <= 84.0;
        let scale = [8.0, 6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5].into_iter().find(fits).unwrap_or(1.0);
        let columns = columns(scale).min(shape.maps);
        let pitch = (scale * width + GAP, scale * height + GAP);
        Self { columns, rows: shape.maps.div_ceil(columns), scale, pitch }
    }

    fn height(&self) -> f64 {
        self.rows as f64 * self.pitch.1
    }
}

impl Page {
    fn new(reader: &Reader, activity: &Activity) -> Self {
        let classes = reader.names().len() as f64;
        let layers: f64 = activity.layers.iter().map(|states| 26.0 + height(states)).sum();
        let codes = if codes_of(reader, activity).is_some() { codes_height(reader.names().len()) } else { 0.0 };
        let height = MARGIN + 60.0 + SIDE + 30.0 + layers + codes + 40.0 + 18.0 * classes + MARGIN;
        let mut sheet = Sheet::new(WIDTH, height);
        let answer = format!("The answer: {}", reader.names()[activity.answer.class]);
        sheet.text(MARGIN, MARGIN + 14.0, 20.0, Anchor::Start, &answer);
        Self { sheet, y: MARGIN + 50.0, x: MARGIN }
    }

    fn first_row(&mut self, title: &str, picture: &Thumbnail) -> (f64, f64, f64) {
        let scale = SIDE / picture.width().max(picture.height());
        let (x, y) = (self.x, self.y);
        self.sheet.text(x, y - 6.0, LETTER, Anchor::Start, title);
        self.sheet.framed(x, y, scale, picture, 0.75, GREY);
        self.x += SIDE + 40.0;
        (x, y, scale)
    }

    fn original(&mut self, picture: &Picture, levels: &GrayImage) {
        let small = fitted(levels);
        let grey: Vec<u8> = small.iter().map(|level| 255 - level).collect();
        let drawn = Thumbnail::of_bytes(&grey, (small.height() as usize, small.width() as usize));
        let (x, y, scale) = self.first_row("the picture and its ink's box", &drawn);
        let scale = scale * drawn.width() / f64::from(picture.width.max(1));
        let ink = picture.ink;
        let place = (x + scale * f64::from(ink.left), y + scale * f64::from(ink.top));
        let size = (scale * f64::from(ink.width), scale * f64::from(ink.height));
        self.sheet.rect(place.0, place.1, size, 1.5, colour::TRAINING);
    }

    fn mask(&mut self, picture: &Picture) {
        let small = fitted(&picture.mask);
        let drawn = Thumbnail::of_bytes(small.as_raw(), (small.height() as usize, small.width() as usize));
        let (x, y, scale) = self.first_row(&format!("ink, {}", picture.polarity), &drawn);
        let below = y + scale * drawn.height() + LETTER + 2.0;
        self.sheet.text(x, below, LETTER, Anchor::Start, &picture.stroke.to_string());
    }

    /// The rest of the page: the first `maps` of the network's input, its layers and its answer.
    fn rest(mut self, reader: &Reader, activity: &Activity, maps: usize) -> String {
        let input = &activity.input;
        let shape = input.maps.shape();
        let channels: &[&str] = if maps == 3 { &["red", "green", "blue"] } else { &[""] };
        for map in 0..maps {
            // Ink is black, but in a photograph light is light.
            let range = if maps == 3 { (input.range.1, input.range.0) } else { input.range };
            let drawn = Thumbnail::of_values(input.maps.map(map), (shape.height, shape.width), range);
            let name = channels.get(map).unwrap_or(&"");
            let title = format!("the network's input, {} x {}; {name}", shape.height, shape.width);
            self.first_row(title.trim_end_matches("; "), &drawn);
        }
        self.y += SIDE + 30.0;
        activity.layers.iter().for_each(|states| self.layer(states));
        if let Some((f6, codes)) = codes_of(reader, activity) {
            self.codes(f6, &codes, reader, activity);
        }
        self.answers(reader, activity);
        self.sheet.to_svg()
    }

    fn layer(&mut self, states: &LayerStates) {
        let shape = states.maps.shape();
        let size = if shape.area() == 1 {
            format!("{} units", shape.maps)
        } else {
            format!("{} maps of {} x {}", shape.maps, shape.height, shape.width)
        };
        let (low, high) = states.range;
        let title = format!("{}: {size}, white {low:.2} to black {high:.2}", states.name);
        self.sheet.text(MARGIN, self.y + 8.0, LETTER, Anchor::Start, &title);
        let top = self.y + 14.0;
        if shape.area() == 1 {
            let scale = (WIDTH - 2.0 * MARGIN) / STRIP as f64;
            for (row, units) in states.maps.values.chunks(STRIP).enumerate() {
                let drawn = Thumbnail::of_values(units, (1, units.len()), states.range);
                let y = top + row as f64 * (scale + 2.0);
                self.sheet.framed(MARGIN, y, scale, &drawn, 0.5, GREY);
            }
        } else {
            let grid = Grid::of(states);
            for map in 0..shape.maps {
                let drawn = Thumbnail::of_values(states.maps.map(map), (shape.height, shape.width), states.range);
                let x = MARGIN + (map % grid.columns) as f64 * grid.pitch.0;
                let y = top + (map / grid.columns) as f64 * grid.pitch.1;
                self.sheet.picture(x, y, grid.scale, &drawn);
                self.sheet.rect(x, y, (grid.pitch.0 - GAP, grid.pitch.1 - GAP), 0.5, GREY);
            }
        }
        self.y += 26.0 + height(states);
    }

    /// F6 as a bitmap beside the codes of the classes.
    fn codes(&mut self, f6: &LayerStates, codes: &[codes::Code], reader: &Reader, activity: &Activity) {
        let size = (codes::HEIGHT, codes::WIDTH);
        let scale = 7.0;
        let box_size = (scale * codes::WIDTH as f64, scale * codes::HEIGHT as f64);
        self.sheet.text(MARGIN, self.y + 8.0, LETTER, Anchor::Start, "F6 as 7 x 12, and the codes of the classes");
        let top = self.y + 16.0;
        let drawn = Thumbnail::of_values(&f6.maps.values, size, (-1.0, 1.0));
        self.sheet.framed(MARGIN, top, scale, &drawn, 0.75, GREY);
        self.sheet.text(MARGIN + box_size.0 / 2.0, top + box_size.1 + 15.0, LETTER, Anchor::Middle, "F6");
        let columns = codes.len().min(CODES_IN_A_ROW);
        let pitch = ((WIDTH - 2.0 * MARGIN - 95.0) / columns as f64).min(78.0);
        let letters = (pitch / 6.0) as usize;
        let scale = scale.min((pitch - 6.0) / codes::WIDTH as f64);
        let box_size = (scale * codes::WIDTH as f64, scale * codes::HEIGHT as f64);
        for (class, code) in codes.iter().enumerate() {
            let values: Vec<f32> = code.iter().map(|&value| f32::from(value)).collect();
            let x = MARGIN + 95.0 + (class % columns) as f64 * pitch;
            let top = top + (class / columns) as f64 * ROW_OF_CODES;
            let chosen = class == activity.answer.class;
            let (thickness, line) = if chosen { (3.0, colour::TRAINING) } else { (0.75, GREY) };
            self.sheet.framed(x, top, scale, &Thumbnail::of_values(&values, size, (-1.0, 1.0)), thickness, line);
            let name: String = reader.names()[class].chars().take(letters).collect();
            self.sheet.text(x + box_size.0 / 2.0, top + 99.0, LETTER, Anchor::Middle, &name);
        }
        self.y += codes_height(codes.len());
    }

    /// The distances, or the probabilities, as bars.
    fn answers(&mut self, reader: &Reader, activity: &Activity) {
        let rubbish = activity.answer.rubbish.map(|rubbish| format!("; probability of rubbish (eq. 9): {rubbish:.4}"));
        let (title, values): (String, Vec<f64>) = match &activity.answer.probabilities {
            Some(all) => ("probability of each class (the largest wins)".into(), all.clone()),
            None => {
                let title = format!("distance of each class (the smallest wins){}", rubbish.unwrap_or_default());
                (title, activity.answer.distances.iter().map(|&distance| distance.into()).collect())
            }
        };
        self.sheet.text(MARGIN, self.y + 8.0, LETTER, Anchor::Start, &title);
        self.y += 18.0;
        let letters = reader.names().iter().map(|name| name.chars().count()).max().unwrap_or(1) as f64;
        let left = MARGIN + 8.0 * letters + 12.0;
        let largest = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        for (class, value) in values.iter().enumerate() {
            let line = if class == activity.answer.class { colour::TRAINING } else { colour::TEST };
            let (middle, length) = (self.y + 8.0, (WIDTH - left - 110.0) * (value / largest).max(0.0));
            self.sheet.text(left - 8.0, middle + 4.5, LETTER, Anchor::End, &reader.names()[class]);
            self.sheet.line((left, middle), (left + length.max(1.0), middle), 12.0, line);
            let text = format!("{value:.3}");
            self.sheet.coloured_text(left + length + 8.0, middle + 4.5, LETTER, Anchor::Start, line, &text);
            self.y += 18.0;
        }
    }
}

/// The height of the codes of so many classes.
fn codes_height(classes: usize) -> f64 {
    140.0 + (classes.div_ceil(CODES_IN_A_ROW) as f64 - 1.0) * ROW_OF_CODES
}

fn height(states: &LayerStates) -> f64 {
    let shape = states.maps.shape();
    if shape.area() == 1 {
        let scale = (WIDTH - 2.0 * MARGIN) / STRIP as f64;
        return shape.maps.div_ceil(STRIP) as f64 * (scale + 2.0);
    }
    Grid::of(states).height()
}

/// Layer F6 and the codes it is compared with; only of a network with RBF units.
fn codes_of<'a>(reader: &Reader, activity: &'a Activity) -> Option<(&'a LayerStates, Vec<codes::Code>)> {
    activity.answer.rubbish?;
    let f6 = activity.layers.last().filter(|states| states.maps.values.len() == codes::BITS)?;
    let constants = reader.network().constants();
    let (codes, _) = constants.first()?.values.as_chunks::<{ codes::BITS }>();
    Some((f6, codes.iter().map(|code| code.map(|value| value as i8)).collect()))
}

/// The picture with its longer side at most 200 pixels.
fn fitted(levels: &GrayImage) -> GrayImage {
    let longest = levels.width().max(levels.height()).max(1);
    if longest <= SIDE as u32 {
        return levels.clone();
    }
    let length = |side: u32| (side * SIDE as u32 / longest).max(1);
    imageops::resize(levels, length(levels.width()), length(levels.height()), FilterType::Triangle)
}
