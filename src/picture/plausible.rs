//! Tells the ink of a digit, in a picture that may be cut to it, from shadows and from the edges of things.

use image::{GrayImage, Luma};
use imageproc::distance_transform::{Norm, distance_transform};
use imageproc::geometry::{contour_area, convex_hull, min_area_rect};
use imageproc::point::Point;

use super::components::WRITTEN;
use super::scaling::{BOX, Region, bounds, coarse, fills, is_narrow};

/// The longer side of the copy that is looked at, in pixels.
const FEW: u32 = 128;
/// The half of the greatest width of a stroke, as a part of the longer side of what it is a stroke of: a bar may fill its rectangle; a
/// digit with filled loops is thicker, but leaves corners.
const BAR: f64 = 0.2;
const FILLED_LOOP: f64 = 0.27;
/// The largest part of its rectangle that a digit with filled loops fills.
const CORNERS: f64 = 0.7;
/// Grey is from here to there; the ink of a stroke is stronger, but for its edges.
const GREY: std::ops::Range<u8> = 64..190;
/// The largest part of the ink, where the digit is as large as the network sees it, that is grey and has grey around it.
const PLATEAU: f64 = 0.1;
/// What fills so much of its convex hull is a bar, or no stroke.
const SOLID: f64 = 0.8;
/// The same for ink that fills the picture, which was cut to it: thick digits, with filled loops, have 0.85.
const SOLID_WHOLE: f64 = 0.9;
/// The least ratio of the sides of the smallest rectangle around a bar, upright or not.
const LONG: f64 = 1.8;
/// The least part of the sides of the ink that its strong part has.
const STRONG: f64 = 0.7;

/// True if the ink of a mask, with this strength from 0 to 255, consists of strokes, as a digit does: none is too thick, they are not
/// grey, and not one solid shape.
pub(super) fn is_written(mask: &GrayImage, strength: &GrayImage) -> bool {
    // All of this is told by shape, for which few pixels are enough.
    let (mask, strength) = (&coarse(mask, FEW), &coarse(strength, FEW));
    let mut ink = strength.clone();
    ink.iter_mut().for_each(|level| *level = if *level >= WRITTEN { 255 } else { 0 });
    let (Some(all), Some(region)) = (bounds(mask), bounds(&ink)) else { return false };
    let reaches = |strong: u32, all: u32| f64::from(strong) >= STRONG * f64::from(all) - 1.0;
    let is_strong = reaches(region.width, all.width) && reaches(region.height, all.height);
    is_strong && is_thin(&ink, region) && !has_plateau(strength) && !is_solid(&ink, all)
}

fn inked(ink: &GrayImage) -> f64 {
    ink.iter().filter(|level| **level > 0).count() as f64
}

/// True if the ink, 255 within this region, is nowhere thicker than a stroke.
fn is_thin(ink: &GrayImage, region: Region) -> bool {
    // Nothing lies around the picture.
    let mut paper = GrayImage::from_pixel(ink.width() + 2, ink.height() + 2, Luma([255]));
    for (x, y, level) in ink.enumerate_pixels() {
        paper.put_pixel(x + 1, y + 1, Luma([255 - level.0[0]]));
    }
    let half = distance_transform(&paper, Norm::L2).iter().copied().max().unwrap_or(0);
    let half = f64::from(half) / f64::from(region.width.max(region.height));
    half <= BAR || half <= FILLED_LOOP && inked(ink) <= CORNERS * f64::from(region.width) * f64::from(region.height)
}

/// True if much of the ink is an even grey, as a shadow is beside ink.
fn has_plateau(strength: &GrayImage) -> bool {
    let small = coarse(strength, BOX as u32);
    let is_grey = |x: u32, y: u32| small.get_pixel_checked(x, y).is_some_and(|level| GREY.contains(&level.0[0]));
    let around = |x: u32, y: u32| {
        let places = [(x, y), (x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
        places.into_iter().all(|(x, y)| is_grey(x, y))
    };
    let grey = small.enumerate_pixels().filter(|&(x, y, _)| around(x, y)).count() as f64;
    grey > PLATEAU * small.iter().filter(|level| **level >= GREY.start).count() as f64
}

/// True if the ink is one solid shape, unless that is a bar that does not touch the picture's border or fills the picture.
fn is_solid(ink: &GrayImage, with_edges: Region) -> bool {
    let Region { left, top, width, height } = with_edges;
    let (columns, rows) = ink.dimensions();
    let at_border = left == 0 || top == 0 || left + width == columns || top + height == rows;
    let [(short, of_short), (long, of_long)] =
        if columns < rows { [(width, columns), (height, rows)] } else { [(height, rows), (width, columns)] };
    // The soft edges of a bar may be half of a narrow picture.
    let is_whole =
        fills(long, of_long) && (fills(short, of_short) || is_narrow((columns, rows)) && 2 * short >= of_short);
    let least = if is_whole { SOLID_WHOLE } else { SOLID };
    let ends = |y: u32| {
        let inside = || (0..columns).filter(move |&x| ink.get_pixel(x, y).0[0] > 0);
        inside().next().into_iter().chain(inside().next_back().map(|x| x + 1))
    };
    let corners = (0..rows).flat_map(|y| ends(y).flat_map(move |x| [y, y + 1].map(|y| Point::new(x as i32, y as i32))));
    let hull = convex_hull(corners.collect::<Vec<Point<i32>>>());
    let rectangle = min_area_rect(&hull);
    let side = |from: usize| {
        f64::from(rectangle[from].x - rectangle[from + 1].x).hypot(f64::from(rectangle[from].y - rectangle[from + 1].y))
    };
    let is_long = side(0).max(side(1)) >= LONG * side(0).min(side(1));
    let is_bar = is_long && (is_whole || !at_border);
    !is_bar && inked(ink) >= least * contour_area(&hull)
}
