//! Candidates for characters: neighbouring pieces together, prepared for the network.

use image::GrayImage;

use super::super::digit::framed;
use super::super::scaling::Region;
use super::blobs::{Blob, Labels};
use super::cuts;
use super::rows::TALL;

/// A piece narrower than this is one character and not cut, in heights of the row.
const NARROW: f64 = 0.4;
/// The widest candidate of several pieces, and the widest gap within one, in heights of the row.
const WIDEST: f64 = 1.5;
const GAP: f64 = 0.35;
/// Penalties, in units of the network's distance: of a cut, and of a height of the row of ink that it crosses; of two pieces joined, and
/// of a height of the row between them.
const CUT: f64 = 2.0;
const CUT_INK: f64 = 12.0;
const JOIN: f64 = 4.0;
const JOIN_GAP: f64 = 25.0;
/// The heights of a character that cost nothing, in heights of the row, and the penalty of the squared logarithm beyond.
const USUAL: [f64; 2] = [0.55, 1.8];
const UNUSUAL: f64 = 30.0;
/// The largest ratio of a character's width to its height, or that of the row, that costs nothing, and the penalty of the squared logarithm beyond.
const WIDE: f64 = 0.9;
const TOO_WIDE: f64 = 100.0;
/// The least size of a mark, in heights of the row.
const LEAST_MARK: f64 = 0.07;
/// The penalty of a mark, and of ink that is neither character nor mark: for any, and for its squared size in heights of the row.
const MARK: f64 = 0.8;
const STRAY: f64 = 4.0;
const STRAY_SIZE: f64 = 70.0;

/// A sign that is not a character of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A dot on the base line.
    Point,
    /// A tail on the base line.
    Comma,
    /// A dash at half the height.
    Minus,
}

impl Mark {
    /// The sign: `.`, `,` or `-`.
    pub fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
            Self::Minus => '-',
        }
    }
}

/// What a candidate may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A character, as the network reads it: 28 x 28 levels, 0 being background and 255 ink.
    Character(Vec<u8>),
    /// A mark, by its size and place.
    Mark(Mark),
    /// Ink that is neither.
    Stray,
}

/// Neighbouring pieces that may be one character.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The place left of its first piece.
    pub first: usize,
    /// The place right of its last piece, above `first`.
    pub end: usize,
    /// What it would be.
    pub content: Content,
    /// What its shape costs, in units of the network's distance, at least 0.
    pub penalty: f64,
    /// Its rectangle in the original.
    pub region: Region,
}

/// A row of characters, cut into pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The number of pieces, at least 1. Between them are `pieces + 1` places, from 0 at the left end.
    pub pieces: usize,
    /// All candidates. There is a way from place 0 to the last by candidates.
    pub candidates: Vec<Candidate>,
    /// The rectangle of the row in the original.
    pub region: Region,
}

/// A blob, or what cuts leave of one.
struct Piece<'a> {
    blob: &'a Blob,
    /// Its number among the pieces of the blob, from left to right, and their number.
    index: usize,
    of: usize,
    /// The ink that is crossed by the cut at its left and its right, in pixels, if there is one.
    cuts: [Option<f64>; 2],
    /// Left, top, and the column and row after the last.
    bounds: [u32; 4],
    pixels: Vec<(u32, u32)>,
}

/// The row of these blobs, from left to right, in a picture in which characters are usually `usual` pixels high.
pub(super) fn row(labels: &Labels, strength: &GrayImage, blobs: &[Blob], usual: f64) -> Row {
    let height = row_height(blobs, usual);
    let mut pieces: Vec<Piece> = blobs.iter().flat_map(|blob| cut(labels, blob, height)).collect();
    pieces.sort_by_key(|piece| piece.bounds[0] + piece.bounds[2]);
    let mut candidates = Vec::new();
    for first in 0..pieces.len() {
        for end in first + 1..=pieces.len() {
            let together = &pieces[first..end];
            let region = region(together);
            let whole = is_whole(together);
            if f64::from(region.width) > WIDEST * height && end > first + 1 && !whole {
                // Wider still with more of them, but for the rest of a wide blob.
                if !same_blob(together) {
                    break;
                }
                continue;
            }
            if let Some(penalty) = penalty(together, height) {
                let content = Content::Character(framed(&drawn(together, labels, strength)).0);
                candidates.push(Candidate { first, end, content, penalty, region });
            }
            if whole && let Some(mark) = mark(together[0].blob, blobs, height) {
                candidates.push(Candidate { first, end, content: Content::Mark(mark), penalty: MARK, region });
            }
            if whole || end == first + 1 {
                let size = f64::from(region.width.max(region.height)) / height;
                let penalty = STRAY + STRAY_SIZE * size * size;
                candidates.push(Candidate { first, end, content: Content::Stray, penalty, region });
            }
        }
    }
    Row { pieces: pieces.len(), candidates, region: region(&pieces) }
}

/// The median height of the tall blobs of a row, in a picture in which characters are usually so high.
fn row_height(blobs: &[Blob], usual: f64) -> f64 {
    let tall = |height: &u32| f64::from(*height) >= TALL * usual;
    let mut heights: Vec<u32> = blobs.iter().map(Blob::height).filter(tall).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).map_or(usual, |height| f64::from(*height))
}

/// The pieces of a blob.
fn cut<'a>(labels: &Labels, blob: &'a Blob, height: f64) -> Vec<Piece<'a>> {
    let wide = f64::from(blob.width()) >= NARROW * height;
    let cuts = if wide { cuts::find(labels, blob, height) } else { Vec::new() };
    let ink = |number: usize| cuts.get(number).map(|cut| cut.ink);
    let mut pieces: Vec<Piece> = (0..=cuts.len())
        .map(|index| Piece {
            blob,
            index,
            of: 0,
            cuts: [index.checked_sub(1).and_then(ink), ink(index)],
            bounds: [u32::MAX, u32::MAX, 0, 0],
            pixels: Vec::new(),
        })
        .collect();
    for y in blob.top..blob.bottom {
        for x in (blob.left..blob.right).filter(|&x| labels.get_pixel(x, y).0[0] == blob.label) {
            let row = (y - blob.top) as usize;
            let piece = &mut pieces[cuts.iter().take_while(|cut| cut.columns[row] <= x).count()];
            let [left, top, right, bottom] = piece.bounds;
            piece.bounds = [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)];
            piece.pixels.push((x, y));
        }
    }
    // Cuts that meet leave nothing between them.
    pieces.retain(|piece| !piece.pixels.is_empty());
    let of = pieces.len();
    pieces.iter_mut().zip(0..).for_each(|(piece, index)| (piece.index, piece.of) = (index, of));
    if let Some(first) = pieces.first_mut() {
        first.cuts[0] = None;
    }
    if let Some(last) = pieces.last_mut() {
        last.cuts[1] = None;
    }
    pieces
}

/// Left, top, and the column and row after the last of some pieces.
fn bounds<'a, 'b: 'a>(pieces: impl Iterator<Item = &'a Piece<'b>>) -> [u32; 4] {
    let around = |a: [u32; 4], b: [u32; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    pieces.map(|piece| piece.bounds).fold([u32::MAX, u32::MAX, 0, 0], around)
}

/// The smallest rectangle around some pieces.
fn region(pieces: &[Piece]) -> Region {
    let [left, top, right, bottom] = bounds(pieces.iter());
    Region { left, top, width: right - left, height: bottom - top }
}

/// True if these are all the pieces of one blob.
fn is_whole(pieces: &[Piece]) -> bool {
    same_blob(pieces) && pieces.len() == pieces[0].of
}

fn same_blob(pieces: &[Piece]) -> bool {
    pieces.windows(2).all(|pair| std::ptr::eq(pair[0].blob, pair[1].blob))
}

/// What the shape of these pieces costs as one character; `None` if they are none.
fn penalty(pieces: &[Piece], height: f64) -> Option<f64> {
    let region = region(pieces);
    let mut sum = 0.0;
    let mut blobs: Vec<(&Blob, Vec<&Piece>)> = Vec::new();
    for piece in pieces {
        match blobs.iter_mut().find(|(blob, _)| std::ptr::eq(*blob, piece.blob)) {
            Some((_, own)) => own.push(piece),
            None => blobs.push((piece.blob, vec![piece])),
        }
    }
    for (_, own) in &mut blobs {
        own.sort_by_key(|piece| piece.index);
        if own.windows(2).any(|pair| pair[1].index != pair[0].index + 1) {
            return None;
        }
        let outer = [own[0].cuts[0], own[own.len() - 1].cuts[1]];
        // Each cut is paid for half by the one side and half by the other.
        sum += outer.iter().flatten().map(|ink| (CUT + CUT_INK * ink / height) / 2.0).sum::<f64>();
    }
    let around: Vec<[u32; 4]> = blobs.iter().map(|(_, own)| bounds(own.iter().copied())).collect();
    sum += joins(&around, height)?;
    let relative = f64::from(region.height) / height;
    let beyond = (relative / relative.clamp(USUAL[0], USUAL[1])).ln();
    let wide = (f64::from(region.width) / f64::from(region.height).max(height) / WIDE).ln().max(0.0);
    Some(sum + UNUSUAL * beyond * beyond + TOO_WIDE * wide * wide)
}

/// What it costs to join the parts with these bounds, each to the nearest of those before; `None` if one is too far from all.
fn joins(parts: &[[u32; 4]], height: f64) -> Option<f64> {
    let size = |[left, top, right, bottom]: [u32; 4]| f64::from((right - left).max(bottom - top));
    let (mut sum, mut joined, mut open) = (0.0, vec![0], (1..parts.len()).collect::<Vec<usize>>());
    while !open.is_empty() {
        let nearest = |part: &usize| {
            joined.iter().map(|&other: &usize| gap(parts[*part], parts[other])).fold(f64::INFINITY, f64::min)
        };
        let (gap, index) =
            (0..open.len()).map(|index| (nearest(&open[index]) / height, index)).min_by(|a, b| a.0.total_cmp(&b.0))?;
        if gap > GAP {
            return None;
        }
        let part = open.swap_remove(index);
        let largest = joined.iter().map(|&other| size(parts[other])).fold(0.0, f64::max);
        // Fragments are dirt, or of a stroke that a dry pen left; two large parts may be two characters.
        sum += (JOIN + JOIN_GAP * gap) * (2.0 * largest.min(size(parts[part])) / height).clamp(0.3, 2.0);
        joined.push(part);
    }
    Some(sum)
}

/// The distance of two rectangles in pixels, 0 if they overlap.
fn gap(one: [u32; 4], other: [u32; 4]) -> f64 {
    let along = |low: usize, high: usize| {
        f64::from(one[low].saturating_sub(other[high]).max(other[low].saturating_sub(one[high])))
    };
    along(0, 2).hypot(along(1, 3))
}

/// The strength of these pieces and of their grey edges, cut out.
fn drawn(pieces: &[Piece], labels: &Labels, strength: &GrayImage) -> GrayImage {
    let region = region(pieces);
    let mut drawn = GrayImage::new(region.width, region.height);
    let mut put = |x: u32, y: u32| {
        let (column, row) = (x.wrapping_sub(region.left), y.wrapping_sub(region.top));
        if column < region.width && row < region.height {
            drawn.put_pixel(column, row, *strength.get_pixel(x, y));
        }
    };
    for &(x, y) in pieces.iter().flat_map(|piece| &piece.pixels) {
        put(x, y);
        let around = (y.saturating_sub(1)..y + 2).flat_map(|y| (x.saturating_sub(1)..x + 2).map(move |x| (x, y)));
        let inside = |&(x, y): &(u32, u32)| x < labels.width() && y < labels.height();
        around.filter(inside).filter(|&(x, y)| labels.get_pixel(x, y).0[0] == 0).for_each(|(x, y)| put(x, y));
    }
    drawn
}

/// The mark that a blob is by its size and its place among its neighbours.
fn mark(blob: &Blob, blobs: &[Blob], height: f64) -> Option<Mark> {
    let (width, high) = (f64::from(blob.width()) / height, f64::from(blob.height()) / height);
    let beside = |other: &&Blob| 2.0 * f64::from(other.height()) >= height;
    let near = |other: &&Blob| (other.middle().0 - blob.middle().0).abs() as u32;
    let left = blobs.iter().filter(beside).filter(|other| other.middle().0 < blob.middle().0).min_by_key(near);
    let right = blobs.iter().filter(beside).filter(|other| other.middle().0 > blob.middle().0).min_by_key(near);
    let neighbours: Vec<&Blob> = left.into_iter().chain(right).collect();
    if neighbours.is_empty() || neighbours.iter().any(|other| std::ptr::eq(*other, blob)) {
        return None;
    }
    let count = neighbours.len() as f64;
    let top = neighbours.iter().map(|other| f64::from(other.top)).sum::<f64>() / count;
    let bottom = neighbours.iter().map(|other| f64::from(other.bottom)).sum::<f64>() / count;
    let place = (blob.middle().1 - top) / (bottom - top);
    let covered = neighbours.iter().any(|other| {
        let overlap = other.right.min(blob.right).saturating_sub(other.left.max(blob.left));
        2 * overlap > blob.width()
    });
    if width.min(high) < LEAST_MARK {
        None
    } else if !covered && width >= 0.2 && width >= 1.8 * high && high <= 0.35 && (0.2..0.75).contains(&place) {
        Some(Mark::Minus)
    } else if high <= 0.4 && width <= 0.35 && place >= 0.68 {
        Some(if high >= 1.6 * width.max(0.08) { Mark::Comma } else { Mark::Point })
    } else {
        None
    }
}
