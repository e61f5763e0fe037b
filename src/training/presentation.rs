//! Training patterns as a pass presents them: the originals, their distorted copies, noise on the pixels.

use rand::RngExt;
use rand::seq::SliceRandom;

use crate::config::{MOST_COPIES, Order, Settings};
use crate::data::distortion::Distortion;
use crate::data::encoder::{Encoder, Encoding};
use crate::data::warp::warp;
use crate::data::{Images, flanked, nondigits};
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::random::stream;

/// Training patterns by number: pattern `i` is image `i`; with distorted copies, pattern `i + c * n` is copy `c` of image `i` of
/// `n`, always distorted the same way.
///
/// "The 60,000 original patterns and 540,000 distorted ones, 20 passes of 60,000" (section III-B, Fig. 7) are nine copies: all
/// 600,000 patterns stand in one random order, of which each pass takes the next 60,000, so that each is seen twice.
#[derive(Debug)]
pub struct Presentation<T> {
    images: Images,
    encoder: Encoder<T>,
    seed: u64,
    order: Order,
    copies: usize,
    strength: f64,
    noise: f64,
    /// The blank class, where characters have neighbours.
    flanks: Option<usize>,
    /// The share of patterns that show no digit, and their class.
    rubbish: (f64, usize),
    /// The patterns of every pass, where they were chosen.
    chosen: Option<Vec<u32>>,
}

impl<T: Scalar> Presentation<T> {
    /// The training patterns of these images under these settings, for a network with this encoding.
    pub fn new(images: Images, settings: &Settings, encoding: &Encoding) -> Self {
        Self {
            images,
            encoder: Encoder::new(encoding),
            seed: settings.seed,
            order: settings.order,
            copies: settings.distorted_copies,
            strength: settings.distortion,
            noise: settings.pixel_noise,
            flanks: settings.flanks.then(|| settings.blank_class().expect("checked")),
            rubbish: (settings.rubbish, settings.classes()),
            chosen: None,
        }
    }

    /// Restricts each pass to these patterns, in an order of its own. Their numbers may be of any copy.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn with_patterns(self, patterns: Vec<u32>) -> Self {
        assert!(!patterns.is_empty(), "patterns to present");
        Self { chosen: Some(patterns), ..self }
    }

    /// The originals.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The number of patterns that a pass presents: all originals, or those that were chosen.
    pub fn patterns_a_pass(&self) -> usize {
        self.chosen.as_ref().map_or(self.images.len(), Vec::len)
    }

    /// The patterns to present, before they are put in an order: the originals, or those chosen.
    pub fn listed(&self) -> Vec<usize> {
        let chosen = self.chosen.as_ref().map(|chosen| chosen.iter().map(|&pattern| pattern as usize).collect());
        chosen.unwrap_or_else(|| (0..self.images.len()).collect())
    }

    /// The patterns of pass `pass`, counted from 1, in their order: as many as there are originals, or all that were chosen.
    pub fn order(&self, pass: usize) -> Vec<usize> {
        let parts = if self.chosen.is_some() { 1 } else { 1 + self.copies };
        let (round, part) = ((pass - 1) / parts, (pass - 1) % parts);
        let count = self.patterns_a_pass();
        let mut order = if self.chosen.is_some() { self.listed() } else { (0..count * parts).collect() };
        let index = match self.order {
            Order::Fixed => 0,
            Order::Reshuffled => 1 + round as u64,
        };
        order.shuffle(&mut stream(self.seed, "order", index));
        order[part * count..][..count].to_vec()
    }

    /// The distortion of a pattern; `None` for an original.
    pub fn distortion(&self, pattern: usize) -> Option<Distortion> {
        let draw = || Distortion::draw(&mut stream(self.seed, "distortion", pattern as u64), self.strength);
        (pattern >= self.images.len()).then(draw)
    }

    /// Writes a pattern to the network's input as pass `pass` presents it, and returns its class; of a picture without a digit, which takes
    /// its place with the probability `rubbish`, the class beyond the last. These, noise and neighbours are drawn anew for each pass.
    pub fn write(&self, pattern: usize, pass: usize, input: &mut Maps<T>) -> usize {
        let index = pattern % self.images.len();
        // Chosen patterns may be of any copy.
        let copies = if self.chosen.is_some() { MOST_COPIES } else { self.copies };
        let number = (pass * self.images.len() * (1 + copies) + pattern) as u64;
        let mut class = usize::from(self.images.labels()[index]);
        let (share, rubbish) = self.rubbish;
        if share > 0.0 {
            let mut generator = stream(self.seed, "rubbish", number);
            if generator.random_bool(share) {
                nondigits::write(&self.images, index, &mut generator, &self.encoder, input);
                return rubbish;
            }
        }
        if let Some(blank) = self.flanks {
            let mut generator = stream(self.seed, "flanks", number);
            let shown = (index, self.distortion(pattern));
            class = flanked::compose(&self.images, shown, blank, &mut generator, &self.encoder, input);
        } else if let Some(distortion) = self.distortion(pattern) {
            let images = &self.images;
            warp(&distortion.forward(), images.image(index), images.size(), &self.encoder, input);
        } else {
            self.encoder.encode_image(&self.images, index, input);
        }
        if self.noise > 0.0 {
            self.encoder.invert(self.noise, &mut stream(self.seed, "pixel noise", number), input);
        }
        class
    }
}

#[cfg(all(test, feature = "digits"))]
mod tests {
    use super::*;
    use crate::data::digits;
    use crate::models::INPUT;
    use crate::models::builder::Builder;

    fn presentation(assignments: &[&str]) -> Presentation<f32> {
        let settings = Builder::assigned(assignments).unwrap();
        Presentation::new(digits::load().training.first(40), &settings, &Encoding::default())
    }

    fn written(presentation: &Presentation<f32>, pattern: usize, pass: usize) -> (usize, Maps<f32>) {
        let mut input = Maps::zeros(INPUT);
        (presentation.write(pattern, pass, &mut input), input)
    }

    #[test]
    fn ten_passes_present_each_pattern_and_each_copy_once() {
        let presentation = presentation(&["distorted_copies=9"]);
        let order =
            |passes: std::ops::RangeInclusive<usize>| passes.flat_map(|pass| presentation.order(pass)).collect();
        let (first, second): (Vec<usize>, Vec<usize>) = (order(1..=10), order(11..=20));
        assert_eq!(first, second);
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, Vec::from_iter(0..400));
        assert_ne!(sorted, first);
    }

    #[test]
    fn reshuffled_passes_differ_in_order_alone() {
        let presentation = presentation(&["order=reshuffled"]);
        let (mut first, mut second) = (presentation.order(1), presentation.order(2));
        assert_ne!(first, second);
        first.sort_unstable();
        second.sort_unstable();
        assert_eq!(first, second);
    }

    #[test]
    fn originals_stay_themselves_and_copies_are_distorted_once_and_for_all() {
        let (plain, distorted) = (presentation(&[]), presentation(&["distorted_copies=2"]));
        assert_eq!(written(&plain, 7, 1), written(&distorted, 7, 1));
        assert_eq!(written(&distorted, 47, 1), written(&distorted, 47, 2));
        assert_eq!(written(&distorted, 47, 1).0, written(&plain, 7, 1).0);
        assert_ne!(written(&distorted, 47, 1).1, written(&plain, 7, 1).1);
        assert_ne!(written(&distorted, 47, 1).1, written(&distorted, 87, 1).1);
    }

    #[test]
    fn chosen_patterns_are_presented_each_once_a_pass_and_distorted_as_ever() {
        let chosen = vec![7, 47, 391, 3, 40_007];
        for order in ["order=fixed", "order=reshuffled"] {
            let presentation = presentation(&["distorted_copies=2", order]).with_patterns(chosen.clone());
            assert_eq!((presentation.patterns_a_pass(), presentation.images().len()), (5, 40));
            assert_eq!(presentation.listed(), [7, 47, 391, 3, 40_007]);
            for pass in 1..=7 {
                let mut sorted = presentation.order(pass);
                sorted.sort_unstable();
                assert_eq!(sorted, [3, 7, 47, 391, 40_007], "pass {pass}");
            }
            let orders: Vec<_> = (1..=7).map(|pass| presentation.order(pass)).collect();
            assert_eq!(orders.iter().all(|other| *other == orders[0]), order == "order=fixed");
        }
        let (plain, few) = (presentation(&["distorted_copies=2"]), presentation(&[]).with_patterns(chosen));
        for pattern in [7, 47, 391] {
            assert_eq!(written(&plain, pattern, 1), written(&few, pattern, 3));
        }
        assert_eq!(written(&few, 40_007, 1).0, written(&plain, 7, 1).0);
    }

    #[test]
    fn neighbours_are_new_in_each_pass() {
        let (plain, flanked) = (presentation(&[]), presentation(&["flanks=true", "alphabet='0123456789 '"]));
        let mut blanks = 0;
        for pattern in 0..40 {
            let (label, _) = written(&plain, pattern, 1);
            let [first, again, second] = [1, 1, 2].map(|pass| written(&flanked, pattern, pass));
            assert!([first.0, second.0].iter().all(|class| [label, 10].contains(class)));
            assert!(first == again && (first.1 != second.1 || first.0 == 10));
            blanks += usize::from(first.0 == 10);
        }
        assert!((8..=24).contains(&blanks), "{blanks} of 40");
    }

    /// What stands beside a copy is new in each pass; its distortion is always the same, and an original has none.
    #[test]
    fn characters_with_neighbours_are_distorted_too() {
        let settings = ["flanks=true", "alphabet='0123456789 '", "distorted_copies=2"];
        let presentation = |strength: &str| presentation(&[&settings[..], &[strength]].concat());
        let (distorted, plain) = (presentation("distortion=1"), presentation("distortion=0"));
        let mut changed = 0;
        for pattern in 0..120 {
            let (first, again) = (written(&distorted, pattern, 1), written(&distorted, pattern, 1));
            let undistorted = written(&plain, pattern, 1);
            assert!(first == again && first.0 == undistorted.0);
            assert_eq!(distorted.distortion(pattern).is_some(), pattern >= 40);
            assert!(pattern >= 40 || first == undistorted);
            changed += usize::from(first != undistorted);
        }
        // A blank pattern may be empty, or its digit nearly out of the window.
        assert!((65..=80).contains(&changed), "{changed} of 80");
    }

    /// The noise of section VII-B: on characters and on blanks, and nothing else changes.
    #[test]
    fn noise_comes_on_top_of_neighbours() {
        let flanks = ["flanks=true", "alphabet='0123456789 '"];
        let (plain, noisy) = (presentation(&flanks), presentation(&[&flanks[..], &["pixel_noise=0.1"]].concat()));
        let mut inverted = [0; 2];
        let mut pixels = [0; 2];
        for pattern in 0..40 {
            let ((class, clean), (same, noise)) = (written(&plain, pattern, 1), written(&noisy, pattern, 1));
            assert_eq!(class, same);
            for (&before, &after) in clean.values.iter().zip(&noise.values) {
                assert!(after == before || (after + before - 1.075).abs() < 1e-6);
                inverted[usize::from(class == 10)] += usize::from(after != before);
                pixels[usize::from(class == 10)] += 1;
            }
        }
        for kind in 0..2 {
            let share = inverted[kind] as f64 / f64::from(pixels[kind]);
            assert!((share - 0.1).abs() < 0.01, "{share}");
        }
    }

    #[test]
    fn a_share_of_the_patterns_shows_no_digit_and_the_others_are_what_they_were() {
        let (plain, mixed) =
            (presentation(&["distorted_copies=4"]), presentation(&["distorted_copies=4", "rubbish=0.3"]));
        let mut rubbish = 0;
        for pattern in 0..200 {
            let [first, again, second] = [1, 1, 2].map(|pass| written(&mixed, pattern, pass));
            assert!(first == again && (first.0 < 10 || first.1 != second.1), "pattern {pattern}");
            let is_digit = first == written(&plain, pattern, 1);
            assert_eq!(is_digit, first.0 != 10, "pattern {pattern}");
            rubbish += usize::from(!is_digit);
        }
        assert!((40..=80).contains(&rubbish), "{rubbish} of 200");
    }

    #[test]
    fn noise_inverts_a_tenth_of_the_pixels_and_is_new_in_each_pass() {
        let (plain, noisy) = (presentation(&[]), presentation(&["pixel_noise=0.1"]));
        assert_ne!(written(&noisy, 3, 1), written(&noisy, 3, 2));
        let (mut changed, mut pixels) = (0, 0);
        for pattern in 0..40 {
            let (clean, noise) = (written(&plain, pattern, 1).1, written(&noisy, pattern, 1).1);
            for (&before, &after) in clean.values.iter().zip(&noise.values) {
                assert!(after == before || (after + before - 1.075).abs() < 1e-6);
                changed += usize::from(after != before);
                pixels += 1;
            }
        }
        let share = changed as f64 / pixels as f64;
        assert!((share - 0.1).abs() < 0.005, "{share}");
    }
}
