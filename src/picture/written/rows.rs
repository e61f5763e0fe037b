//! Pieces of ink that stand in a row.

use super::blobs::Blob;

/// A piece at least this high is a character of a row, in heights of a usual character; smaller ones are marks and fragments.
pub(super) const TALL: f64 = 0.45;
/// The least height of the highest character of a row, in the same.
const HIGH: f64 = 0.6;
/// The least part of the lower of two rows that lies beside the other, if they are one.
const BESIDES: f64 = 0.6;
/// The steepest slope of a row, about 11 degrees, and the step in which slopes are tried.
const STEEPEST: f64 = 0.2;
const STEP: f64 = 0.02;
/// How far outside of its row, above, below and beside, a fragment may be, in heights of a character.
const OUTSIDE: f64 = 0.5;
const BESIDE: f64 = 1.6;

/// The pieces of each row, from top to bottom; within a row from left to right. `height` is that of a usual character.
pub(super) fn find(blobs: Vec<Blob>, height: f64) -> Vec<Vec<Blob>> {
    let is_tall = |blob: &Blob| f64::from(blob.height()) >= TALL * height;
    let (tall, small): (Vec<Blob>, Vec<Blob>) = blobs.into_iter().partition(is_tall);
    let slope = slope(&tall, height);
    let mut cores: Vec<(f64, f64, Blob)> = tall
        .into_iter()
        .map(|blob| {
            let (top, bottom) = core(&blob, slope);
            (top, bottom, blob)
        })
        .collect();
    cores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<(f64, Vec<Blob>)> = Vec::new();
    for (top, bottom, blob) in cores {
        match rows.last_mut() {
            Some((end, row)) if top < *end => {
                *end = end.max(bottom);
                row.push(blob);
            }
            _ => rows.push((bottom, vec![blob])),
        }
    }
    let mut rows = merged(rows.into_iter().map(|(_, row)| row).collect(), slope);
    rows.retain(|row| row.iter().any(|blob| f64::from(blob.height()) >= HIGH * height));
    attach(&mut rows, small, height);
    for row in &mut rows {
        row.sort_by(|a, b| a.middle().0.total_cmp(&b.middle().0));
    }
    rows
}

/// Rows of which one lies for the most part beside the other are one: the halves of a broken stroke are not.
fn merged(rows: Vec<Vec<Blob>>, slope: f64) -> Vec<Vec<Blob>> {
    let extent = |row: &[Blob]| {
        row.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), blob| {
            let level = slope * blob.middle().0;
            (top.min(f64::from(blob.top) - level), bottom.max(f64::from(blob.bottom) - level))
        })
    };
    let mut merged: Vec<Vec<Blob>> = Vec::new();
    for row in rows {
        let (top, bottom) = extent(&row);
        let beside = merged.last().is_some_and(|last| {
            let (above, below) = extent(last);
            below.min(bottom) - above.max(top) >= BESIDES * (below - above).min(bottom - top)
        });
        match merged.last_mut() {
            Some(last) if beside => last.extend(row),
            _ => merged.push(row),
        }
    }
    merged
}

/// The middle half of a piece's height, as if rows of this slope were level.
fn core(blob: &Blob, slope: f64) -> (f64, f64) {
    let (x, y) = blob.middle();
    let (level, quarter) = (y - slope * x, f64::from(blob.height()) / 4.0);
    (level - quarter, level + quarter)
}

/// The slope at which the pieces lie most on top of each other, seen along it: that of the smallest height covered.
fn slope(tall: &[Blob], height: f64) -> f64 {
    let covered = |slope: f64| {
        let mut cores: Vec<(f64, f64)> = tall.iter().map(|blob| core(blob, slope)).collect();
        cores.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut sum, mut end) = (0.0, f64::NEG_INFINITY);
        for (top, bottom) in cores {
            sum += (bottom - top.max(end)).max(0.0);
            end = end.max(bottom);
        }
        // Without a reason, level.
        sum + height * slope.abs()
    };
    let count = (STEEPEST / STEP).round() as i32;
    let slopes = (-count..=count).map(|number| f64::from(number) * STEP);
    slopes.min_by(|a, b| covered(*a).total_cmp(&covered(*b))).unwrap_or(0.0)
}

/// Adds each small piece to the row in or near which it is, if there is one.
fn attach(rows: &mut [Vec<Blob>], small: Vec<Blob>, height: f64) {
    let counts: Vec<usize> = rows.iter().map(Vec::len).collect();
    for blob in small {
        let distance = |row: &Vec<Blob>, count: usize| {
            let (x, y) = blob.middle();
            let near = row[..count].iter().map(|tall| {
                let beside = f64::from(tall.left.saturating_sub(blob.right).max(blob.left.saturating_sub(tall.right)));
                let (above, below) = (f64::from(tall.top) - y, y - f64::from(tall.bottom));
                (beside, above.max(below).max(0.0), (tall.middle().0 - x).abs())
            });
            near.filter(|near| near.0 <= BESIDE * height && near.1 <= OUTSIDE * height)
                .map(|near| near.1 * 4.0 + near.2)
                .min_by(f64::total_cmp)
        };
        let found = rows.iter().zip(&counts).enumerate();
        let nearest = found
            .filter_map(|(index, (row, count))| Some((distance(row, *count)?, index)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, index)) = nearest {
            rows[index].push(blob);
        }
    }
}
