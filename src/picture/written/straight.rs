//! Rules, frames and the boxes of forms: straight lines longer than any stroke of a character.

use image::{GrayImage, Luma, imageops};

/// The least length of a level line that is printed, in heights of a character: of any; of one that ends at another printed line or at the
/// picture's border; and of one between two others.
const LEVEL: [f64; 3] = [1.35, 1.0, 0.9];
/// The same for upright lines: a stroke may be as long as a character is high, and some are higher than others.
const UPRIGHT: [f64; 3] = [1.9, 1.5, 1.15];
/// The least length of a level line over half of a narrow picture.
const NARROW: f64 = 1.0;
/// The least length of a stretch of it without a wide gap.
const UNBROKEN: f64 = 0.65;
/// The most that it is thicker somewhere than usual; beyond, something is written there.
const THICKER: f64 = 1.4;
/// A line that ends this near to the picture's border ends there.
const AT_BORDER: f64 = 0.25;
/// How often a line is followed beyond what was found of it, each time by a height of a character at either end.
const EXTENSIONS: usize = 12;
/// The least part of it that lies on a straight line.
const STRAIGHT: f64 = 0.8;
/// The thickest line, in heights of a character.
const THICKEST: f64 = 0.2;
/// The widest gap where something written crosses a line, in heights of a character.
const GAP: f64 = 0.3;
/// The steepest slope of a line.
const STEEPEST: f64 = 0.2;

/// Takes what is printed out of `mask`, 0 or 255, in which characters are about `height` pixels high. Where ink crosses a line, both together
/// are thicker than a line, and stay. Returns what was taken out, 255, in a picture of the same size.
pub(super) fn remove(mask: &mut GrayImage, height: f64) -> GrayImage {
    let mut gone = GrayImage::new(mask.width(), mask.height());
    // In a narrow picture, half of its width is enough.
    let half = f64::from(mask.width()) / height / 2.0;
    let level = LEVEL.map(|least| least.min(half.max(NARROW)));
    remove_level(mask, &mut gone, height, &level);
    let (mut turned, mut turned_gone) = (imageops::rotate90(mask), imageops::rotate90(&gone));
    remove_level(&mut turned, &mut turned_gone, height, &UPRIGHT);
    // Level ones that end at upright ones.
    (*mask, gone) = (imageops::rotate270(&turned), imageops::rotate270(&turned_gone));
    remove_level(mask, &mut gone, height, &level);
    gone
}

/// Inked pixels of a column that follow each other, thin.
#[derive(Clone, Copy)]
struct Run {
    x: u32,
    top: u32,
    end: u32,
}

impl Run {
    fn middle(&self) -> f64 {
        f64::from(self.top + self.end - 1) / 2.0
    }
}

/// Takes the nearly level lines out of `mask` and adds them to `gone`; `least` has their least lengths, as
/// [`LEVEL`] has.
fn remove_level(mask: &mut GrayImage, gone: &mut GrayImage, height: f64, least: &[f64; 3]) {
    let thickest = (THICKEST * height).max(2.0) as u32;
    let runs: Vec<Run> = (0..mask.width()).flat_map(|x| thin_runs(mask, x, thickest)).collect();
    let printed: Vec<Vec<Run>> =
        chains(&runs, height).into_iter().filter(|chain| is_printed(chain, gone, height, least)).collect();
    for chain in printed {
        let line = along(chain, &runs, height);
        let mut thickness: Vec<u32> = line.iter().map(|run| run.end - run.top).collect();
        thickness.sort_unstable();
        let most = 1.0 + THICKER * f64::from(thickness[thickness.len() / 2]);
        let thin = line.iter().filter(|run| f64::from(run.end - run.top) <= most);
        for (x, y) in thin.flat_map(|run| (run.top..run.end).map(|y| (run.x, y))) {
            mask.put_pixel(x, y, Luma([0]));
            gone.put_pixel(x, y, Luma([255]));
        }
    }
}

/// All runs on the line of this chain: what is written breaks a line into several.
fn along(mut chain: Vec<Run>, runs: &[Run], height: f64) -> Vec<Run> {
    for _ in 0..EXTENSIONS {
        let line = Line::through(&chain);
        let range = f64::from(chain[0].x) - height..f64::from(last(&chain).x) + height;
        let on_line = |run: &&Run| range.contains(&f64::from(run.x)) && line.distance(run) <= tolerance(height);
        let found: Vec<Run> = runs.iter().filter(on_line).copied().collect();
        if found.len() <= chain.len() {
            break;
        }
        chain = found;
    }
    chain
}

/// A straight line near some runs.
struct Line {
    x: f64,
    y: f64,
    slope: f64,
}

impl Line {
    /// The line through the medians of the first and the last third of the runs: what is written pulls some of them aside.
    fn through(chain: &[Run]) -> Self {
        let median = |part: &[Run]| {
            let mut rows: Vec<f64> = part.iter().map(Run::middle).collect();
            rows.sort_by(f64::total_cmp);
            (f64::from(part[0].x + last(part).x) / 2.0, rows[rows.len() / 2])
        };
        let third = chain.len().div_ceil(3);
        let ((x, y), (far, end)) = (median(&chain[..third]), median(&chain[chain.len() - third..]));
        Self { x, y, slope: (end - y) / (far - x).max(1.0) }
    }

    fn distance(&self, run: &Run) -> f64 {
        (run.middle() - self.y - self.slope * (f64::from(run.x) - self.x)).abs()
    }
}

/// How far the middle of a run may be from the line, in pixels.
fn tolerance(height: f64) -> f64 {
    1.0 + 0.02 * height
}

/// The thin runs of all columns, chained to nearly straight lines.
fn chains(runs: &[Run], height: f64) -> Vec<Vec<Run>> {
    let (mut open, mut closed): (Vec<Vec<Run>>, Vec<Vec<Run>>) = (Vec::new(), Vec::new());
    for column in runs.chunk_by(|one, other| one.x == other.x) {
        let x = column[0].x;
        let (near, far) = open.into_iter().partition(|chain| f64::from(x - last(chain).x) <= GAP * height + 1.0);
        open = near;
        closed.extend::<Vec<Vec<Run>>>(far);
        let mut taken = vec![false; open.len()];
        for &run in column {
            let distance = |chain: &Vec<Run>| (predicted(chain, x) - run.middle()).abs();
            let fits = |&index: &usize| !taken[index] && distance(&open[index]) <= tolerance(height);
            // The longest goes on.
            match (0..taken.len()).filter(fits).max_by_key(|&index| open[index].len()) {
                Some(index) => {
                    taken[index] = true;
                    open[index].push(run);
                }
                None => open.push(vec![run]),
            }
        }
    }
    closed.extend(open);
    closed
}

fn last(chain: &[Run]) -> Run {
    chain[chain.len() - 1]
}

/// The row in which a line goes on at column `x`: its last place, and the slope of its last part.
fn predicted(chain: &[Run], x: u32) -> f64 {
    let end = last(chain);
    let start = chain[chain.len().saturating_sub(40)];
    let slope = if end.x - start.x >= 8 {
        ((end.middle() - start.middle()) / f64::from(end.x - start.x)).clamp(-STEEPEST, STEEPEST)
    } else {
        0.0
    };
    end.middle() + slope * f64::from(x - end.x)
}

fn thin_runs(mask: &GrayImage, x: u32, thickest: u32) -> Vec<Run> {
    let (mut runs, mut first) = (Vec::new(), None);
    for y in 0..=mask.height() {
        if y < mask.height() && mask.get_pixel(x, y).0[0] > 0 {
            first = first.or(Some(y));
        } else if let Some(top) = first.take().filter(|top| y - top <= thickest) {
            runs.push(Run { x, top, end: y });
        }
    }
    runs
}

/// True if a chain is too long and straight for a stroke of a character, or spans from one printed line to another.
fn is_printed(chain: &[Run], gone: &GrayImage, height: f64, least: &[f64; 3]) -> bool {
    let (first, end) = (chain[0], last(chain));
    let length = f64::from(end.x - first.x + 1);
    if length < least[2] * height || 10 * chain.len() < 7 * length as usize || !is_straight(chain, height) {
        return false;
    }
    let mut stretch = 0;
    let mut longest = 0;
    for pair in chain.windows(2) {
        stretch =
            if f64::from(pair[1].x - pair[0].x) <= 3.0 + 0.1 * height { stretch + pair[1].x - pair[0].x } else { 0 };
        longest = longest.max(stretch);
    }
    if f64::from(longest) < UNBROKEN * height {
        return false;
    }
    let ends = [is_attached(first, gone), is_attached(end, gone)].iter().filter(|end| **end).count();
    let margin = (AT_BORDER * height) as u32;
    let at_border = first.x <= margin || end.x + margin + 1 >= gone.width();
    length >= least[ends.max(usize::from(at_border))] * height
}

/// True if most of the runs lie on a straight line.
fn is_straight(chain: &[Run], height: f64) -> bool {
    let line = Line::through(chain);
    let near = chain.iter().filter(|run| line.distance(run) <= tolerance(height)).count();
    line.slope.abs() <= STEEPEST && near as f64 >= STRAIGHT * chain.len() as f64
}

/// True if something printed is within a few pixels of this end of a line: beyond it, or on either side where the line crosses it.
fn is_attached(end: Run, gone: &GrayImage) -> bool {
    let reach = 3 + end.end - end.top;
    let near = |from: u32, to: u32, side: u32| from.saturating_sub(reach)..(to + reach).min(side);
    let (columns, mut rows) = (near(end.x, end.x + 1, gone.width()), near(end.top, end.end, gone.height()));
    rows.any(|y| columns.clone().any(|x| gone.get_pixel(x, y).0[0] > 0))
}
