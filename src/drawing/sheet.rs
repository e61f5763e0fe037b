//! A page of small pictures with captions, as SVG: galleries of digits, feature maps, strips of a replicated network.

use std::fmt::{Display, Write};

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use plotters::style::{BLACK, RGBColor};

use crate::data::Images;
use crate::kernels::scalar::Scalar;
use crate::picture;

/// A small picture: grey, dark ink on white, or in colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail(DynamicImage);

impl Thumbnail {
    /// `height` x `width` units row by row: `low` or less is white and `high` or more black.
    ///
    /// # Panics
    /// If their number is not `height * width`.
    pub fn of_values<T: Scalar>(values: &[T], size: (usize, usize), (low, high): (f64, f64)) -> Self {
        Self::new(
            size,
            values.iter().map(|value| (255.0 * (high - value.widen()) / (high - low)).round() as u8).collect(),
        )
    }

    /// An image of `height` x `width` pixels as in [`crate::data::Images`]: 0 is white and 255 black.
    ///
    /// # Panics
    /// If their number is not `height * width`.
    pub fn of_bytes(pixels: &[u8], size: (usize, usize)) -> Self {
        Self::new(size, pixels.iter().map(|pixel| 255 - pixel).collect())
    }

    fn new((height, width): (usize, usize), grey: Vec<u8>) -> Self {
        assert_eq!(grey.len(), height * width, "a picture of {height}x{width}");
        let mut grey = grey.into_iter();
        Self(GrayImage::from_fn(width as u32, height as u32, |_, _| Luma([grey.next().unwrap_or(255)])).into())
    }

    /// Image `index` of a set: in colour where it has three channels, and else as [`of_bytes`](Self::of_bytes) has its first channel.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn of_image(images: &Images, index: usize) -> Self {
        let ((height, width), pixels) = (images.size(), images.image(index));
        let area = height * width;
        if images.channels() != 3 {
            return Self::of_bytes(&pixels[..area], (height, width));
        }
        let colour = |x: u32, y: u32| {
            let at = y as usize * width + x as usize;
            Rgb([pixels[at], pixels[area + at], pixels[2 * area + at]])
        };
        Self(RgbImage::from_fn(width as u32, height as u32, colour).into())
    }

    /// Columns, in pixels.
    pub fn width(&self) -> f64 {
        self.0.width().into()
    }

    /// Rows, in pixels.
    pub fn height(&self) -> f64 {
        self.0.height().into()
    }

    /// The address that carries the picture itself, as a PNG.
    pub fn data_uri(&self) -> String {
        picture::data_uri(&self.0)
    }
}

/// The point of a text that its coordinates refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A white page. Places and sizes are in its own units, x to the right and y downwards from the top left corner; what is drawn
/// later lies above.
///
/// ```
/// use lenet5::drawing::sheet::{Anchor, Thumbnail, Sheet};
/// let mut sheet = Sheet::new(100.0, 60.0);
/// sheet.picture(10.0, 10.0, 4.0, &Thumbnail::of_values(&[-1.0, 0.0, 1.0, -1.0], (2, 2), (-1.0, 1.0)));
/// sheet.text(14.0, 30.0, 8.0, Anchor::Middle, "4 -> 9");
/// assert!(sheet.to_svg().contains("4 -&gt; 9"));
/// ```
#[derive(Debug, Clone)]
pub struct Sheet {
    width: f64,
    height: f64,
    body: String,
}

impl Sheet {
    /// An empty page.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// A picture whose top left corner is at (`x`, `y`) and whose pixels are squares of side `scale`.
    pub fn picture(&mut self, x: f64, y: f64, scale: f64, picture: &Thumbnail) {
        let (width, height) = (Short(scale * picture.width()), Short(scale * picture.height()));
        let (x, y, uri) = (Short(x), Short(y), picture.data_uri());
        self.add(format_args!(r#"<image x="{x}" y="{y}" width="{width}" height="{height}" href="{uri}"/>"#));
    }

    /// A [`picture`](Self::picture) and the outline of it, `thickness` units wide.
    pub fn framed(&mut self, x: f64, y: f64, scale: f64, picture: &Thumbnail, thickness: f64, colour: RGBColor) {
        self.picture(x, y, scale, picture);
        self.rect(x, y, (scale * picture.width(), scale * picture.height()), thickness, colour);
    }

    /// A line of black text with its base line at `y`; `size` is the height of the letters with their spacing.
    pub fn text(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, text: &str) {
        self.coloured_text(x, y, size, anchor, BLACK, text);
    }

    /// A line of text in a colour.
    pub fn coloured_text(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, colour: RGBColor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, size, colour, text) = (Short(x), Short(y), Short(size), hex(colour), escape(text));
        self.add(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{text}</text>"#
        ));
    }

    /// A straight line between two places, `thickness` units wide.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), thickness: f64, colour: RGBColor) {
        let (x1, y1, x2, y2) = (Short(from.0), Short(from.1), Short(to.0), Short(to.1));
        let (thickness, colour) = (Short(thickness), hex(colour));
        self.add(format_args!(
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{thickness}"/>"#
        ));
    }

    /// The outline of a rectangle with its top left corner at (`x`, `y`), `thickness` units wide.
    pub fn rect(&mut self, x: f64, y: f64, (width, height): (f64, f64), thickness: f64, colour: RGBColor) {
        let (x, y, width, height) = (Short(x), Short(y), Short(width), Short(height));
        let style = format!(r#"fill="none" stroke="{}" stroke-width="{}""#, hex(colour), Short(thickness));
        self.add(format_args!(r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {style}/>"#));
    }

    /// The page as an SVG document. Pictures are enlarged without smoothing.
    pub fn to_svg(&self) -> String {
        let (width, height, body) = (Short(self.width), Short(self.height), &self.body);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"
    viewBox="0 0 {width} {height}" font-family="sans-serif">
<style>image {{ image-rendering: optimizeSpeed; image-rendering: pixelated }}</style>
<rect width="{width}" height="{height}" fill="white"/>
{body}</svg>
"#
        )
    }

    /// A drawing of its own, such as a [chart](crate::drawing::plot::draw), whose top left corner is at (`x`, `y`).
    ///
    /// # Panics
    /// If it is not an SVG document.
    pub fn drawing(&mut self, x: f64, y: f64, svg: &str) {
        let (_, rest) = svg.split_once("<svg").expect("an SVG document");
        self.add(format_args!(r#"<svg x="{}" y="{}"{rest}"#, Short(x), Short(y)));
    }

    fn add(&mut self, element: std::fmt::Arguments) {
        writeln!(self.body, "{element}").expect("a string takes whatever is written");
    }
}

/// A number with at most two decimals.
struct Short(f64);

impl Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", (100.0 * self.0).round() / 100.0)
    }
}

fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::plot::colour;

    #[test]
    fn a_page_is_xml_that_carries_its_pixels_and_texts() {
        let mut sheet = Sheet::new(120.0, 80.5);
        let picture = Thumbnail::of_bytes(&[0, 255, 51, 0, 128, 1], (2, 3));
        sheet.picture(10.0, 1.0 / 3.0, 2.0, &picture);
        sheet.coloured_text(5.0, 9.0, 7.0, Anchor::End, colour::TEST, "<3> & \"4\"");
        sheet.line((0.0, 1.0), (2.0, 3.0), 0.5, BLACK);
        sheet.rect(1.0, 2.0, (3.0, 4.0), 1.0, BLACK);
        sheet.drawing(60.0, 40.0, &Sheet::new(7.0, 9.0).to_svg());
        let svg = sheet.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert_eq!(document.descendants().filter(|node| node.attribute("viewBox") == Some("0 0 7 9")).count(), 1);
        let find = |name: &str| document.descendants().rfind(|node| node.has_tag_name(name)).unwrap();
        assert_eq!(document.root_element().attribute("viewBox"), Some("0 0 120 80.5"));
        assert_eq!(find("text").text(), Some("<3> & \"4\""));
        assert_eq!(find("text").attribute("fill"), Some("#0072b2"));
        assert_eq!(find("line").attribute("x2"), Some("2"));
        assert!(
            document.descendants().any(|node| node.attribute("stroke") == Some("#000000") && node.has_tag_name("rect"))
        );

        let image = find("image");
        let place = ["x", "y", "width", "height"].map(|name| image.attribute(name).unwrap());
        assert_eq!(place, ["10", "0.33", "6", "4"]);
        let data = image.attribute("href").unwrap().strip_prefix("data:image/png;base64,").unwrap();
        let decoded =
            image::load_from_memory(&base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).unwrap())
                .unwrap()
                .to_luma8();
        assert_eq!(decoded.dimensions(), (3, 2));
        assert_eq!(decoded.into_raw(), [255, 0, 204, 255, 127, 254]);
    }

    #[test]
    fn values_go_from_white_to_black_and_no_further() {
        let picture = Thumbnail::of_values(&[-2.0_f32, -1.0, 0.0, 1.0, 7.0], (1, 5), (-1.0, 1.0));
        assert_eq!(picture.0.into_luma8().into_raw(), [255, 255, 128, 0, 0]);
    }

    #[test]
    fn three_channels_are_colours() {
        let images = Images::with_channels(3, 1, 2, vec![1, 2, 3, 4, 5, 6], vec![0]);
        assert_eq!(Thumbnail::of_image(&images, 0).0.into_rgb8().into_raw(), [1, 3, 5, 2, 4, 6]);
        let grey = Images::new(1, 2, vec![0, 255], vec![0]);
        assert_eq!(Thumbnail::of_image(&grey, 0), Thumbnail::of_bytes(&[0, 255], (1, 2)));
    }
}
