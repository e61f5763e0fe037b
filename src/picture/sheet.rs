//! A sheet of paper on something darker: a photograph that shows the table, too.

use image::{GrayImage, Luma};
use imageproc::contrast::{ThresholdType, otsu_level, threshold};
use imageproc::drawing::draw_polygon_mut;
use imageproc::geometry::{contour_area, convex_hull, min_area_rect};
use imageproc::point::Point;
use imageproc::region_labelling::{Connectivity, connected_components};

use super::histogram;
use super::scaling::coarse;

/// Pictures with a shorter side have no table in them.
const LEAST_SIDE: u32 = 96;
/// The longer side of the copy on which the sheet is found, in pixels.
const COARSE: u32 = 128;
/// The least part of the picture that a sheet covers.
const LEAST_AREA: f64 = 0.04;
/// The least part of its outline that is blank.
const BLANK: f64 = 0.6;
/// The least part of the smallest rectangle around it that a sheet fills, or that the largest quadrilateral in it fills. A thick
/// digit, light on dark, has at most 0.89 of the one and 0.86 of the other.
const FOUR_SIDED: f64 = 0.91;
/// The least number of corners of that quadrilateral that are within the picture; of the lit side of a shadow none is.
const CORNERS: usize = 2;
/// The least part of the smallest rectangle that a sheet fills of which a corner is cut off by the picture's border.
const CUT: f64 = 0.85;
/// The least ratio of the sides of a sheet with one digit; A4 has 0.71, a thick one about 0.2.
pub(super) const ONE_DIGIT: f64 = 0.4;
/// The least ratio of the sides of a sheet with a line of digits.
pub(super) const LINE: f64 = 0.08;
/// The largest part of the picture's border that a sheet takes, and the most light that the table then has, as a part of the
/// sheet's. The lit side of a shadow takes more of the border, or is not so much lighter.
const SEEN: [(f64, f64); 2] = [(0.4, 0.7), (0.85, 0.35)];
/// The part of the outline that is taken for the sheet, about its middle: its edges are soft, and seldom straight.
const INNER: f32 = 0.95;

/// The inner part of the sheet, 255, in a picture of the size of `levels`; `None` if there is none. `border` has the levels of the
/// picture's border, sorted; `ratio` is the least ratio of the sheet's sides.
pub(super) fn find(levels: &GrayImage, border: &[u8], ratio: f64) -> Option<GrayImage> {
    let (width, height) = levels.dimensions();
    let brightest = f64::from(*levels.iter().max()?);
    // At least the rest of the border is the table, and half of it as dark as that. Of most pictures this says enough.
    let is_dark = |(most, darker): (f64, f64)| {
        let table = border.get(((1.0 - most) / 2.0 * border.len() as f64) as usize);
        table.is_some_and(|table| f64::from(*table) <= darker * brightest)
    };
    if width.min(height) < LEAST_SIDE || !SEEN.into_iter().any(is_dark) {
        return None;
    }
    let small = coarse(levels, COARSE);
    let outline = outline(&small, ratio)?;
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
fn outline(levels: &GrayImage, ratio: f64) -> Option<Vec<Point<i32>>> {
    let (width, height) = levels.dimensions();
    let light = threshold(levels, otsu_level(levels), ThresholdType::Binary);
    let labels = connected_components(&light, Connectivity::Eight, Luma([0]));
    let mut sizes = vec![0_u32; 1 + *labels.iter().max()? as usize];
    labels.iter().filter(|label| **label > 0).for_each(|label| sizes[*label as usize] += 1);
    let largest = (0..sizes.len()).max_by_key(|label| sizes[*label])? as u32;
    let is_sheet = |x: u32, y: u32| labels.get_pixel(x, y).0[0] == largest;
    let ends = |y: u32| {
        let inside = || (0..width).filter(move |&x| is_sheet(x, y)).map(move |x| Point::new(x as i32, y as i32));
        inside().next().into_iter().chain(inside().next_back())
    };
    let hull = convex_hull((0..height).flat_map(ends).collect::<Vec<_>>());
    let area = contour_area(&hull);
    let has_shape = area >= LEAST_AREA * f64::from(width * height)
        && f64::from(sizes[largest as usize]) >= BLANK * area
        && is_four_sided(&hull, (width, height), ratio);
    (has_shape && is_lighter_than_border(levels, is_sheet)).then_some(hull)
}

/// True if a convex polygon is nearly a quadrilateral whose sides have at least this ratio, with corners within a
/// picture of this width and height.
fn is_four_sided(hull: &[Point<i32>], (width, height): (u32, u32), ratio: f64) -> bool {
    let area = contour_area(hull);
    let rectangle = min_area_rect(hull);
    let side = |from: usize| {
        let (a, b) = (rectangle[from], rectangle[from + 1]);
        f64::from(a.x - b.x).hypot(f64::from(a.y - b.y))
    };
    let (shorter, longer) = (side(0).min(side(1)), side(0).max(side(1)));
    let Some(corners) = largest_quadrilateral(hull) else { return false };
    let within = |value: i32, side: u32| value > 1 && value < side as i32 - 2;
    let seen = corners.iter().filter(|corner| within(corner.x, width) && within(corner.y, height)).count();
    let (filled, four_sided) = (area / contour_area(&rectangle), contour_area(&corners) / area);
    shorter >= ratio * longer
        && (filled >= FOUR_SIDED || four_sided >= FOUR_SIDED && seen >= CORNERS || filled >= CUT && seen < 4)
}

/// The largest quadrilateral on corners of a convex polygon: on each diagonal, the farthest corner on either side.
fn largest_quadrilateral(hull: &[Point<i32>]) -> Option<[Point<i32>; 4]> {
    let diagonals = hull.iter().enumerate().flat_map(|(i, a)| hull[..i].iter().map(move |b| (*a, *b)));
    let on = |(a, b): (Point<i32>, Point<i32>)| {
        let beside = |c: &&Point<i32>| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
        Some([a, *hull.iter().min_by_key(beside)?, b, *hull.iter().max_by_key(beside)?])
    };
    diagonals.filter_map(on).max_by(|one, other| contour_area(one).total_cmp(&contour_area(other)))
}

/// True if the picture's border beside the sheet is visible, and dark.
fn is_lighter_than_border(levels: &GrayImage, is_sheet: impl Fn(u32, u32) -> bool) -> bool {
    let (width, height) = levels.dimensions();
    let on_border = |x: u32, y: u32| x == 0 || y == 0 || x == width - 1 || y == height - 1;
    let (mut paper, mut border, mut table) = (Vec::new(), 0_usize, Vec::new());
    for (x, y, level) in levels.enumerate_pixels() {
        match (is_sheet(x, y), on_border(x, y)) {
            (true, at_border) => {
                paper.push(level.0[0]);
                border += usize::from(at_border);
            }
            (false, true) => table.push(level.0[0]),
            _ => {}
        }
    }
    let part = border as f64 / (border + table.len()) as f64;
    let light = f64::from(histogram::median(&table)) / f64::from(histogram::median(&paper)).max(1.0);
    SEEN.into_iter().any(|(most, darker)| part <= most && light <= darker)
}
