//! Selection of the patterns for the second and the third network.

use std::ops::ControlFlow;

use rand::RngExt;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::config::MOST_COPIES;
use crate::kernels::maps::Maps;
use crate::network::Network;
use crate::network::engine::Engine;
use crate::network::loss;
use crate::random::stream;
use crate::training::presentation::Presentation;

/// Patterns are judged in chunks of this many.
const CHUNK: usize = 250;

/// The patterns that a filter let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filtered {
    /// As [`Presentation`] numbers them, in the order in which they were found.
    pub patterns: Vec<u32>,
    /// The number of patterns that were examined.
    pub seen: usize,
    /// The number of copies of the originals that were begun.
    pub copies: usize,
}

/// `wanted` patterns half of which are wrong. A coin decides for each: the next pattern that is wrong, or the next that is
/// not; those in between are skipped.
///
/// They are copies 1, 2, ... of the `originals`, each copy in a random order of its own (streams `boosting coin` and `boosting
/// order` of the seed), so that none is an original and none is met twice. After [`MOST_COPIES`] of them it ends with fewer
/// patterns. `wrong` finds the wrong ones among some patterns; `proceed` receives, after each copy, the number found so far, and
/// can stop the search.
///
/// # Panics
/// Here and in [`disagreements`], if there are more than 4 million originals.
pub fn halves(
    seed: u64,
    originals: usize,
    wanted: usize,
    wrong: impl FnMut(&[u32]) -> Vec<bool>,
    proceed: impl FnMut(usize) -> ControlFlow<()>,
) -> ControlFlow<(), Filtered> {
    let mut coin = stream(seed, "boosting coin", 0);
    let mut heads: bool = coin.random();
    let take = |wrong: bool| {
        let taken = wrong == heads;
        if taken {
            heads = coin.random();
        }
        taken
    };
    search(seed, originals, wanted, wrong, take, proceed)
}

/// `wanted` patterns that are answered differently, as `differ` finds them among some patterns; searched as in [`halves`].
pub fn disagreements(
    seed: u64,
    originals: usize,
    wanted: usize,
    differ: impl FnMut(&[u32]) -> Vec<bool>,
    proceed: impl FnMut(usize) -> ControlFlow<()>,
) -> ControlFlow<(), Filtered> {
    search(seed, originals, wanted, differ, |differ| differ, proceed)
}

fn search(
    seed: u64,
    originals: usize,
    wanted: usize,
    mut judge: impl FnMut(&[u32]) -> Vec<bool>,
    mut take: impl FnMut(bool) -> bool,
    mut proceed: impl FnMut(usize) -> ControlFlow<()>,
) -> ControlFlow<(), Filtered> {
    let mut found = Filtered::default();
    while found.patterns.len() < wanted && found.copies < MOST_COPIES {
        found.copies += 1;
        let number =
            |index: usize| u32::try_from(found.copies * originals + index).expect("4 million originals at most");
        let mut copy: Vec<u32> = (0..originals).map(number).collect();
        copy.shuffle(&mut stream(seed, "boosting order", found.copies as u64));
        for (&pattern, verdict) in copy.iter().zip(judge(&copy)) {
            if found.patterns.len() == wanted {
                break;
            }
            found.seen += 1;
            if take(verdict) {
                found.patterns.push(pattern);
            }
        }
        proceed(found.patterns.len())?;
    }
    ControlFlow::Continue(found)
}

/// The `verdict` on each of these patterns, given its class and the answer of each network, in parallel. The networks,
/// each with its parameters, must read images alike. Noise and neighbours, which are new in each pass, are those of
/// pass 0.
pub fn judge(
    networks: &[(Network<f32>, &[f32])],
    presentation: &Presentation<f32>,
    patterns: &[u32],
    verdict: impl Fn(usize, &[usize]) -> bool + Sync,
) -> Vec<bool> {
    let engine = |(network, values): &(Network<f32>, &[f32])| {
        let mut engine = Engine::new(network);
        engine.load_values(values);
        engine
    };
    let room = || (Maps::zeros(networks[0].0.input()), networks.iter().map(engine).collect(), vec![0; networks.len()]);
    let chunk = |(input, engines, answers): &mut (Maps<f32>, Vec<Engine<f32>>, Vec<usize>), some: &[u32]| {
        let each = |&pattern: &u32| {
            let class = presentation.write(pattern as usize, 0, input);
            for ((answer, engine), (network, _)) in answers.iter_mut().zip(engines.iter_mut()).zip(networks) {
                engine.input_mut().values.copy_from_slice(&input.values);
                *answer = loss::answer(engine.forward(network));
            }
            verdict(class, answers)
        };
        some.iter().map(each).collect::<Vec<bool>>()
    };
    let verdicts: Vec<Vec<bool>> = patterns.par_chunks(CHUNK).map_init(room, chunk).collect();
    verdicts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model that gets every tenth image wrong, whatever its distortion.
    fn wrong(patterns: &[u32]) -> Vec<bool> {
        patterns.iter().map(|pattern| pattern % 10 == 3).collect()
    }

    fn go_on(_: usize) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    #[test]
    fn half_of_the_patterns_are_wrong_and_none_is_met_twice() {
        let found = halves(1, 500, 500, wrong, go_on).continue_value().unwrap();
        assert_eq!(found.patterns.len(), 500);
        let count = wrong(&found.patterns).into_iter().filter(|&wrong| wrong).count();
        assert!((200..=300).contains(&count), "{count} of 500");
        // 250 wrong ones of a tenth of the patterns, and a few for the right ones in between.
        assert!((4..=7).contains(&found.copies) && found.seen.div_ceil(500) == found.copies, "{found:?}");
        let mut sorted = found.patterns.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert!(sorted.len() == 500 && sorted[0] >= 500, "distorted copies alone");
        assert_eq!(halves(1, 500, 500, wrong, go_on).continue_value().unwrap(), found);
        assert_ne!(halves(2, 500, 500, wrong, go_on).continue_value().unwrap(), found);
    }

    #[test]
    fn those_that_differ_are_taken_and_no_other() {
        let found = disagreements(1, 50, 20, wrong, go_on).continue_value().unwrap();
        assert!(found.patterns.len() == 20 && wrong(&found.patterns).into_iter().all(|wrong| wrong));
        assert_eq!((found.copies, found.seen <= 200), (4, true));
    }

    #[test]
    fn a_search_in_vain_comes_to_an_end_and_can_be_stopped() {
        let never = |patterns: &[u32]| vec![false; patterns.len()];
        let found = halves(1, 3, 9, never, go_on).continue_value().unwrap();
        assert!(found.patterns.len() < 9 && (found.copies, found.seen) == (MOST_COPIES, 3 * MOST_COPIES), "{found:?}");
        assert!(disagreements(1, 3, 9, never, go_on).continue_value().unwrap().patterns.is_empty());
        let mut copies = 0;
        let stop = |_| {
            copies += 1;
            if copies == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        assert!(disagreements(1, 3, 9, never, stop).is_break());
        assert_eq!(copies, 2);
    }
}
