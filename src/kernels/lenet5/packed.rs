//! LeNet-5's parameters in the order in which the kernels walk them.

use crate::simd::{LANES, Lanes};
use lenet5_paper::TABLE_I;

/// Maps of C3 and S4.
const MAPS: usize = TABLE_I.len();

/// Table I as pairs (map of C3, map of S2), in the order of the flat store.
const TABLE_I_PAIRS: [(usize, usize); 60] = {
    let mut pairs = [(0, 0); 60];
    let (mut map, mut pair) = (0, 0);
    while map < MAPS {
        let mut nth = 0;
        while nth < TABLE_I[map].len() {
            pairs[pair] = (map, TABLE_I[map][nth]);
            pair += 1;
            nth += 1;
        }
        map += 1;
    }
    pairs
};

/// Rows of C5 and F6 that are worked on together.
pub const ROWS: usize = 6;
/// Slots of packed C3: every map of C3 has a lane, and up to four of its kernels stand in that lane, one in each slot.
pub const SLOTS: usize = 4;

/// A kernel of C3 in packed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub slot: usize,
    pub lane: usize,
    /// The map of S2 that it reads.
    pub from: usize,
    /// The map of C3 that it feeds: its lane, except for the last two kernels of map 15, which has six. They stand in lanes 0
    /// and 1 of the last slot, where maps 0 and 1, which have three kernels, leave room.
    pub to: usize,
}

/// The slot and the lane of each of C3's sixty kernels, in the order of Table I (that of the flat store).
pub const PLACES: [Place; 60] = places();

const fn places() -> [Place; 60] {
    let mut places = [Place { slot: 0, lane: 0, from: 0, to: 0 }; 60];
    let mut used = [0; LANES];
    let mut pair = 0;
    while pair < places.len() {
        let (to, from) = TABLE_I_PAIRS[pair];
        let nth = used[to];
        used[to] += 1;
        places[pair] = if nth < SLOTS {
            Place { slot: nth, lane: to, from, to }
        } else {
            Place { slot: SLOTS - 1, lane: nth - SLOTS, from, to }
        };
        pair += 1;
    }
    places
}

/// One row block of a fully connected layer: for each sixteen of its inputs, the weights of [`ROWS`] units.
pub type Block<const K: usize> = [[Lanes; ROWS]; K];

/// A number for each parameter (values or step sizes). What stands in no parameter's place is zero and stays zero.
#[derive(Debug, Clone)]
pub struct Packed {
    /// \[map\]\[5 u + v\]
    pub c1: [[f32; 25]; 6],
    pub c1_bias: [f32; 6],
    pub s2_coefficient: [f32; 6],
    pub s2_bias: [f32; 6],
    /// \[slot\]\[u\]\[v\]
    pub c3: [[[Lanes; 5]; 5]; SLOTS],
    pub c3_bias: Lanes,
    pub s4_coefficient: Lanes,
    pub s4_bias: Lanes,
    /// 120 rows of 25 x 16 inputs: S4's positions, at each its 16 maps.
    pub c5: Vec<Block<25>>,
    pub c5_bias: [f32; 120],
    /// 84 rows of 120 inputs, filled up to 8 x 16.
    pub f6: Vec<Block<8>>,
    pub f6_bias: [f32; 84],
}

impl Packed {
    pub fn zeros() -> Self {
        Self {
            c1: [[0.0; 25]; 6],
            c1_bias: [0.0; 6],
            s2_coefficient: [0.0; 6],
            s2_bias: [0.0; 6],
            c3: [[[Lanes::ZERO; 5]; 5]; SLOTS],
            c3_bias: Lanes::ZERO,
            s4_coefficient: Lanes::ZERO,
            s4_bias: Lanes::ZERO,
            c5: vec![[[Lanes::ZERO; ROWS]; 25]; 120 / ROWS],
            c5_bias: [0.0; 120],
            f6: vec![[[Lanes::ZERO; ROWS]; 8]; 84 / ROWS],
            f6_bias: [0.0; 84],
        }
    }

    /// Takes over the numbers of the flat store. What stands in no parameter's place may have become NaN, and is cleared.
    pub fn load(&mut self, flat: &[f32]) {
        self.c3 = [[[Lanes::ZERO; 5]; 5]; SLOTS];
        self.f6.fill([[Lanes::ZERO; ROWS]; 8]);
        self.each(|index, number| *number = flat[index]);
    }

    pub fn save(&mut self, flat: &mut [f32]) {
        self.each(|index, number| flat[index] = *number);
    }

    /// Calls `visit(place in the flat store, number)` for each parameter, in the order of the flat store.
    fn each(&mut self, mut visit: impl FnMut(usize, &mut f32)) {
        let mut index = 0;
        let mut next = |number: &mut f32| {
            visit(index, number);
            index += 1;
        };
        self.c1.as_flattened_mut().iter_mut().for_each(&mut next);
        for numbers in [&mut self.c1_bias, &mut self.s2_coefficient, &mut self.s2_bias] {
            numbers.iter_mut().for_each(&mut next);
        }
        for Place { slot, lane, .. } in PLACES {
            self.c3[slot].as_flattened_mut().iter_mut().for_each(|tap| next(&mut tap.0[lane]));
        }
        for lanes in [&mut self.c3_bias, &mut self.s4_coefficient, &mut self.s4_bias] {
            lanes.0.iter_mut().for_each(&mut next);
        }
        for row in 0..120 {
            for map in 0..MAPS {
                self.c5[row / ROWS].iter_mut().for_each(|position| next(&mut position[row % ROWS].0[map]));
            }
        }
        self.c5_bias.iter_mut().for_each(&mut next);
        for row in 0..84 {
            let inputs = self.f6[row / ROWS].iter_mut().flat_map(|sixteen| &mut sixteen[row % ROWS].0);
            inputs.take(120).for_each(&mut next);
        }
        self.f6_bias.iter_mut().for_each(&mut next);
    }
}
