//! A sheet of paper on something darker: a photograph that shows the table, too.

use image::{GrayImage, Luma};
use imageproc::contrast::{ThresholdType, otsu_level, threshold};
use imageproc::drawing::draw_polygon_mut;
use imageproc::geometry::{contour_area, convex_hull, min_area_rect};
use imageproc::point::Point;
use imageproc::region_labelling::{Connectivity, connected_components};

use super::{coarse, histogram};

/// Pictures with a shorter side have no table in them.
const LEAST_SIDE: u32 = 96;
/// The longer side of the copy on which the sheet is found, in pixels.
const COARSE: u32 = 128;
/// The least part of the picture that a sheet covers.
const LEAST_AREA: f64 = 0.04;
/// The least part of its outline that is blank: a thick digit, light on dark, has more notches and holes than a sheet has ink.
const BLANK: f64 = 0.85;
/// The least part of the smallest rectangle around it that a sheet fills; an ellipse fills 0.79.
const RECTANGULAR: f64 = 0.85;
/// The least ratio of its sides; A4 has 0.71, a thick one about 0.2.
const LEAST_RATIO: f64 = 0.4;
/// The largest part of the picture's border that a sheet takes; the lit side of a shadow takes more.
const MOST_BORDER: f64 = 0.4;
/// The table's light is at most this part of the sheet's.
const DARKER: f64 = 0.7;
/// How much of the outline is taken for the sheet, about its middle: its edges are soft, and seldom straight.
const INNER: f32 = 0.95;

/// The inner part of the sheet, 255, in a picture of the size of `levels`; `None` if there is none. `border` has the levels of the
/// picture's border, sorted.
pub(super) fn find(levels: &GrayImage, border: &[u8]) -> Option<GrayImage> {
    let (width, height) = levels.dimensions();
    // Of most pictures this says enough.
    let table = border.get(((1.0 - MOST_BORDER) / 2.0 * border.len() as f64) as usize)?;
    if width.min(height) < LEAST_SIDE || f64::from(*table) > DARKER * f64::from(*levels.iter().max()?) {
        return None;
    }
    let small = coarse(levels, COARSE);
    let outline = outline(&small)?;
    let count = outline.len() as f32;
    let middle = outline.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.x as f32, sum.1 + point.y as f32));
    let middle = (middle.0 / count, middle.1 / count);
    let scale = width as f32 / small.width() as f32;
    let place = |value: i32, middle: f32| ((middle + INNER * (value as f32 - middle) + 0.5) * scale) as i32;
    let mut inner: Vec<Point<i32>> =
        outline.iter().map(|point| Point::new(place(point.x, middle.0), place(point.y, middle.1))).collect();
    inner.dedup();
    let mut mask = GrayImage::new(width, height);
    draw_polygon_mut(&mut mask, &inner, Luma([255]));
    Some(mask)
}

/// The corners of the largest light region, if it looks like a sheet.
fn outline(levels: &GrayImage) -> Option<Vec<Point<i32>>> {
    let (width, height) = levels.dimensions();
    let light = threshold(levels, otsu_level(levels), ThresholdType::Binary);
    let labels = connected_components(&light, Connectivity::Eight, Luma([0]));
    let mut sizes = vec![0_u32; 1 + *labels.iter().max()? as usize];
    labels.iter().filter(|label| **label > 0).for_each(|label| sizes[*label as usize] += 1);
    let largest = (0..sizes.len()).max_by_key(|label| sizes[*label])? as u32;
    let is_sheet = |x: u32, y: u32| labels.get_pixel(x, y).0[0] == largest;
    let places = || (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)));

    let blank = f64::from(sizes[largest as usize]);
    let ends = |y: u32| {
        let inside = || (0..width).filter(move |&x| is_sheet(x, y)).map(move |x| Point::new(x as i32, y as i32));
        inside().next().into_iter().chain(inside().next_back())
    };
    let hull = convex_hull((0..height).flat_map(ends).collect::<Vec<_>>());
    let area = contour_area(&hull);
    if area < LEAST_AREA * f64::from(width * height) {
        return None;
    }
    let rectangle = min_area_rect(&hull);
    let side = |from: usize| {
        let (a, b) = (rectangle[from], rectangle[from + 1]);
        f64::from(a.x - b.x).hypot(f64::from(a.y - b.y))
    };
    let (shorter, longer) = (side(0).min(side(1)), side(0).max(side(1)));
    let on_border = |&(x, y): &(u32, u32)| x == 0 || y == 0 || x == width - 1 || y == height - 1;
    let (sheet, table): (Vec<_>, Vec<_>) = places().filter(on_border).partition(|&(x, y)| is_sheet(x, y));
    let border = sheet.len() as f64 / (sheet.len() + table.len()) as f64;
    let median = |places: &mut dyn Iterator<Item = (u32, u32)>| {
        f64::from(histogram::median(&places.map(|(x, y)| levels.get_pixel(x, y).0[0]).collect::<Vec<u8>>()))
    };
    let (paper, beside) = (median(&mut places().filter(|&(x, y)| is_sheet(x, y))), median(&mut table.into_iter()));
    let is_one = blank >= BLANK * area
        && area >= RECTANGULAR * contour_area(&rectangle)
        && shorter >= LEAST_RATIO * longer
        && border <= MOST_BORDER
        && beside <= DARKER * paper;
    is_one.then_some(hull)
}
