//! LeNet-5 on one 32x32 image as a single piece of code: the training step of the paper. And the forward pass of sixteen images at
//! once, with the same bits for each.
//!
//! Shapes are fixed, so that every loop over accumulators is unrolled; each layer has the layout that it is fastest in, and the
//! parameters are moved where their derivatives are computed (C5's and F6's in the very walk that reads them).

#![allow(clippy::needless_range_loop, reason = "loops over registers, several arrays at one index")]
#![allow(clippy::absurd_extreme_comparisons, reason = "conditions on constants of unrolled loops")]

mod c1s2;
mod c3s4;
mod dense;
mod output;
mod packed;
mod sixteen;
mod spread;
mod states;

use self::output::Code;
use self::packed::Packed;
use self::states::{Back, States};
use super::simd::{LANES, Lanes, Level, Simd, at_level};
use crate::batch::unit::{Unit, units_mut};
use crate::fused::Fused;
use crate::maps::{Maps, PATTERNS};
use lenet5_paper::codes;

/// LeNet-5 with its parameters, its step sizes, the states of one pattern and those of sixteen.
#[derive(Debug, Clone)]
pub struct Lenet5 {
    level: Level,
    scale: f32,
    codes: Vec<Code>,
    values: Packed,
    steps: Packed,
    pixels: Vec<f32>,
    states: Box<States>,
    sixteen: Box<sixteen::States>,
    distances: Vec<f32>,
    distances_of_sixteen: Vec<Unit>,
    distances_back: Vec<f32>,
    back: Box<Back>,
}

impl Lenet5 {
    /// The network with an output for each of `codes`, `scale` being eq. 7's 1 or 1/2; all parameters zero.
    pub fn new(level: Level, codes: &[codes::Code], scale: f32) -> Self {
        let code = |bits: &codes::Code| {
            let mut code = [Lanes::ZERO; 6];
            for (index, &bit) in bits.iter().enumerate() {
                code[index / LANES].0[index % LANES] = bit.into();
            }
            code
        };
        Self {
            level,
            scale,
            codes: codes.iter().map(code).collect(),
            values: Packed::zeros(),
            steps: Packed::zeros(),
            pixels: vec![0.0; 32 * 32],
            states: Box::new(States::ZERO),
            sixteen: Box::new(sixteen::States::ZERO),
            distances: vec![0.0; codes.len()],
            distances_of_sixteen: vec![[0.0; PATTERNS]; codes.len()],
            distances_back: vec![0.0; codes.len()],
            back: Box::new(Back::ZERO),
        }
    }
}

impl Fused<f32> for Lenet5 {
    fn load_values(&mut self, values: &[f32]) {
        self.values.load(values);
    }

    fn load_step_sizes(&mut self, step_sizes: &[f32]) {
        self.steps.load(step_sizes);
    }

    fn save_values(&mut self, values: &mut [f32]) {
        self.values.save(values);
    }

    fn forward(&mut self, input: &[f32], output: &mut [f32]) {
        self.pixels.copy_from_slice(input);
        Kernel::FORWARD.into_iter().for_each(|kernel| self.run(kernel));
        output.copy_from_slice(&self.distances);
    }

    fn forward_batch(&mut self, inputs: &[Maps<f32>], outputs: &mut Maps<f32>) {
        let Self { level, sixteen, .. } = self;
        at_level!(level, simd => sixteen::read(simd, inputs, sixteen));
        Kernel::SIXTEEN.into_iter().for_each(|kernel| self.run(kernel));
        units_mut(outputs).copy_from_slice(&self.distances_of_sixteen);
    }

    fn learn(&mut self, output_derivative: &[f32]) {
        self.distances_back.copy_from_slice(output_derivative);
        Kernel::BACKWARD.into_iter().for_each(|kernel| self.run(kernel));
    }
}

/// The kernels: first those of a training step, in the order in which it runs them, then those that answer sixteen patterns at once.
/// Each reads what those before it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// From the pixels to S2.
    C1S2,
    /// From S2 to S4.
    C3S4,
    /// From S4 to F6.
    C5F6,
    /// From F6 to the distances.
    Rbf,
    /// From dE/dy to the derivatives with respect to F6.
    RbfBack,
    /// From F6's derivatives to S4's; moves F6 and C5.
    C5F6Back,
    /// From S4's derivatives to S2's; moves S4 and C3.
    C3S4Back,
    /// Moves S2 and C1.
    C1S2Back,
    /// [`C1S2`](Self::C1S2) of sixteen patterns.
    C1S2Of16,
    /// [`C3S4`](Self::C3S4) of sixteen patterns.
    C3S4Of16,
    /// [`C5F6`](Self::C5F6) of sixteen patterns.
    C5F6Of16,
    /// [`Rbf`](Self::Rbf) of sixteen patterns.
    RbfOf16,
}

impl Kernel {
    /// Those of the forward pass.
    pub const FORWARD: [Self; 4] = [Self::C1S2, Self::C3S4, Self::C5F6, Self::Rbf];
    /// Those of the way back.
    pub const BACKWARD: [Self; 4] = [Self::RbfBack, Self::C5F6Back, Self::C3S4Back, Self::C1S2Back];
    /// Those of the forward pass of sixteen patterns.
    pub const SIXTEEN: [Self; 4] = [Self::C1S2Of16, Self::C3S4Of16, Self::C5F6Of16, Self::RbfOf16];

    /// The number of patterns that it computes at once.
    pub fn patterns(self) -> usize {
        if Self::SIXTEEN.contains(&self) { PATTERNS } else { 1 }
    }
}

impl Lenet5 {
    /// Runs one kernel on what the ones before it left.
    pub fn run(&mut self, kernel: Kernel) {
        let Self { level, scale, codes, values, steps, pixels, states, distances, distances_back, back, .. } = self;
        let Self { sixteen, distances_of_sixteen, .. } = self;
        match kernel {
            Kernel::C1S2 => at_level!(level, simd => c1s2::forward(simd, values, pixels, states)),
            Kernel::C3S4 => at_level!(level, simd => c3s4::forward(simd, values, states)),
            Kernel::C5F6 => at_level!(level, simd => output::forward(simd, values, states)),
            Kernel::Rbf => at_level!(level, simd => output::distances(simd, *scale, codes, &states.f6, distances)),
            Kernel::RbfBack => {
                at_level!(level, simd => output::distances_back(simd, *scale, codes, &states.f6, distances_back, &mut back.f6));
            }
            Kernel::C5F6Back => at_level!(level, simd => output::learn(simd, values, steps, states, back)),
            Kernel::C3S4Back => at_level!(level, simd => c3s4::learn(simd, values, steps, states, back)),
            Kernel::C1S2Back => at_level!(level, simd => c1s2::learn(simd, values, steps, states, back)),
            Kernel::C1S2Of16 => at_level!(level, simd => sixteen::c1s2(simd, values, sixteen)),
            Kernel::C3S4Of16 => at_level!(level, simd => sixteen::c3s4(simd, values, sixteen)),
            Kernel::C5F6Of16 => at_level!(level, simd => sixteen::c5f6(simd, values, sixteen)),
            Kernel::RbfOf16 => {
                at_level!(level, simd => sixteen::distances(simd, *scale, codes, sixteen, distances_of_sixteen));
            }
        }
    }

    /// The states of the squashed layers after a forward pass, C1 to F6, as the layers of the network lay them out.
    pub fn states(&self) -> [(&'static str, Maps<f32>); 6] {
        self.states.maps()
    }
}
