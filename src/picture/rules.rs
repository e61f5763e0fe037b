//! The printed lines of ruled and squared paper.

use std::ops::RangeInclusive;

use image::{GrayImage, Luma, imageops};

use super::scaling::bounds;

/// Smaller pictures have no rules.
const LEAST_SIDE: u32 = 48;
/// A rule is at most this part of the picture's shorter side thick, beside its grey edges.
const THICKNESS: u32 = 80;
/// The steepest slope of a rule: 11 degrees.
const STEEPEST: f64 = 0.2;
/// The largest difference between the slopes of two rules: 2 degrees, for parallels as a camera sees them.
const PARALLEL: f64 = 0.035;
/// The part of the picture's width in which a rule must be seen, so as to be one.
const SEEN: f64 = 0.55;
/// The most rules in one direction.
const MOST: usize = 60;

/// A line that is written on, and does not go from side to side, ends so far beyond the ink on either side, as a part of its length.
const BEYOND: f64 = 0.08;

/// Takes what is printed out of `mask`, 0 or 255: thin straight lines from one side of the picture to the other, in both
/// directions, and level ones that end on both sides beyond all other ink. Where ink crosses a rule, both together are thicker than a
/// rule, and stay.
pub(super) fn remove(mask: &mut GrayImage) {
    if mask.width().min(mask.height()) < LEAST_SIDE {
        return;
    }
    remove_level(mask, true);
    let mut turned = imageops::rotate90(mask);
    // The stem of a four ends beyond its other strokes, too.
    if remove_level(&mut turned, false) {
        *mask = imageops::rotate270(&turned);
    }
}

/// Inked pixels of a column that follow each other.
struct Stretch {
    x: u32,
    top: u32,
    end: u32,
}

impl Stretch {
    fn middle(&self) -> f64 {
        f64::from(self.top + self.end) / 2.0
    }
}

/// A line `y = offset + slope * x`.
struct Rule {
    slope: f64,
    offset: f64,
}

/// Takes out the rules that are level, or nearly; true if there were any. With `short`, they may end beyond the other ink.
fn remove_level(mask: &mut GrayImage, short: bool) -> bool {
    let thickest = 2 + mask.width().min(mask.height()) / THICKNESS;
    let mut runs = thin_runs(mask, thickest);
    // The precision of the search, in pixels.
    let grain = f64::from((mask.height() / 200).max(1));
    let mut slopes = -STEEPEST..=STEEPEST;
    for number in 0..MOST {
        let found = strongest(&runs, mask.dimensions(), grain, &slopes);
        let is_printed = |rule: &Rule| {
            crosses(&runs, rule, mask.width(), grain) || short && ends_beyond_ink(mask, &runs, rule, grain)
        };
        let Some(rule) = found.filter(is_printed) else { return number > 0 };
        // The others were printed with it.
        slopes = (rule.slope - PARALLEL).max(-STEEPEST)..=(rule.slope + PARALLEL).min(STEEPEST);
        let (printed, kept): (Vec<Stretch>, Vec<Stretch>) = runs.into_iter().partition(|run| rule.is_near(run, grain));
        for Stretch { x, top, end } in printed {
            (top..end).for_each(|y| mask.put_pixel(x, y, Luma([0])));
        }
        runs = kept;
    }
    true
}

/// The runs of at most `thickest` pixels, column by column.
fn thin_runs(mask: &GrayImage, thickest: u32) -> Vec<Stretch> {
    let (width, height) = mask.dimensions();
    let mut runs = Vec::new();
    for x in 0..width {
        let mut top = None;
        for y in 0..=height {
            let inked = y < height && mask.get_pixel(x, y).0[0] > 0;
            if inked {
                top = top.or(Some(y));
            } else if let Some(top) = top.take().filter(|top| y - top <= thickest) {
                runs.push(Stretch { x, top, end: y });
            }
        }
    }
    runs
}

/// The line of one of the slopes on which most runs lie, if they are seen in enough columns. Each run votes for all the lines through it (Hough's
/// transform).
fn strongest(runs: &[Stretch], (width, height): (u32, u32), grain: f64, slopes: &RangeInclusive<f64>) -> Option<Rule> {
    let needed = (SEEN * f64::from(width)) as u32;
    if runs.len() < needed as usize {
        return None;
    }
    let step = 1.5 * grain / f64::from(width);
    let lowest = -STEEPEST * f64::from(width);
    let bins = ((f64::from(height) - 2.0 * lowest) / grain) as usize + 3;
    let mut votes = vec![0_u32; bins];
    let (mut best, mut most) = (None, needed);
    let numbers = (slopes.start() / step) as i32..=(slopes.end() / step) as i32;
    for slope in numbers.map(|number| f64::from(number) * step) {
        votes.fill(0);
        for run in runs {
            votes[((run.middle() - slope * f64::from(run.x) - lowest) / grain) as usize + 1] += 1;
        }
        for (bin, near) in votes.windows(2).enumerate() {
            if near[0] + near[1] > most {
                most = near[0] + near[1];
                best = Some(Rule { slope, offset: lowest + grain * bin as f64 });
            }
        }
    }
    best
}

impl Rule {
    fn is_near(&self, run: &Stretch, grain: f64) -> bool {
        (run.middle() - self.offset - self.slope * f64::from(run.x)).abs() <= 1.5 * grain + 1.0
    }

    /// The first and the last column in which a run lies on the line.
    fn ends(&self, runs: &[Stretch], grain: f64) -> Option<(u32, u32)> {
        let columns = || runs.iter().filter(|run| self.is_near(run, grain)).map(|run| run.x);
        columns().min().zip(columns().max())
    }
}

/// True if the line is visible near both sides of the picture.
fn crosses(runs: &[Stretch], rule: &Rule, width: u32, grain: f64) -> bool {
    let near_sides = |(first, last): (u32, u32)| first <= width / 20 && last >= width - width / 20 - 1;
    rule.ends(runs, grain).is_some_and(near_sides)
}

/// True if the line ends on both sides beyond all ink that is not on it.
fn ends_beyond_ink(mask: &GrayImage, runs: &[Stretch], rule: &Rule, grain: f64) -> bool {
    let Some((first, last)) = rule.ends(runs, grain) else { return false };
    let margin = (BEYOND * f64::from(last - first)) as u32;
    let mut others = mask.clone();
    for Stretch { x, top, end } in runs.iter().filter(|run| rule.is_near(run, grain)) {
        (*top..*end).for_each(|y| others.put_pixel(*x, y, Luma([0])));
    }
    bounds(&others).is_some_and(|ink| ink.left > first + margin && ink.left + ink.width + margin < last)
}
