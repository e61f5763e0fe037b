//! A network at work: answers to single patterns, and steps of training on one pattern or on a batch.

use std::mem::swap;
use std::ops::Range;

use rayon::prelude::*;

use crate::kernels::Fused;
use crate::kernels::compute::Compute;
use crate::kernels::maps::{Maps, PATTERNS, Shape};
use crate::kernels::scalar::Scalar;
use crate::network::Network;
use crate::network::batch::{Batch, Step};
use crate::network::loss::{LossFunction, answer};
use crate::network::optimizer::Rule;
use crate::network::parameters::Parameters;

/// So many patterns of a batch are one thread's work. What they add up to is added in order: the same bits for any number of threads.
const CHUNK: usize = 2 * PATTERNS;

/// The states and parameters of a network at work. The network itself is handed to each call.
#[derive(Debug)]
pub struct Engine<T> {
    work: Work<T>,
    /// The patterns of the last step.
    taken: Vec<Step>,
}

#[derive(Debug)]
enum Work<T> {
    /// The network as one piece of code. It learns from one pattern at a time and answers sixteen.
    Fused { fused: Box<dyn Fused<T>>, inputs: Vec<Maps<T>>, outputs: Maps<T>, output: Maps<T>, derivative: Vec<T> },
    /// Layer by layer, in one chunk for each [`CHUNK`] patterns of a batch.
    Layers { chunks: Vec<Chunk<T>>, parameters: Parameters<T>, rule: Rule, steps: u64 },
}

/// The part of a batch that one thread works on.
#[derive(Debug)]
struct Chunk<T> {
    batch: Batch<T>,
    /// The patterns that it takes at a time, as they are read.
    inputs: Vec<Maps<T>>,
    classes: Vec<usize>,
    taken: Vec<Step>,
    gradient: Vec<T>,
}

impl<T: Compute> Engine<T> {
    /// An engine for single patterns, with all parameters zero. It learns by eq. 18.
    pub fn new(network: &Network<T>) -> Self {
        Self::for_training(network, Rule::LevenbergMarquardt { mu: 0.0 }, 1)
    }

    /// An engine that learns by this rule from batches of up to `size` patterns. What is one piece of code learns by eq. 18 from single
    /// patterns; all else is done layer by layer.
    ///
    /// # Panics
    /// If `size` is 0.
    pub fn for_training(network: &Network<T>, rule: Rule, size: usize) -> Self {
        assert!(size > 0, "batches of at least one pattern");
        let is_eq_18 = size == 1 && matches!(rule, Rule::LevenbergMarquardt { .. });
        let work = match network.fused().filter(|_| is_eq_18) {
            Some(fused) => Work::in_one_piece(network, fused, 1),
            None => Work::by_layers(network, rule, size),
        };
        Self { work, taken: Vec::with_capacity(size) }
    }

    /// An engine that answers up to [`PATTERNS`] patterns at a time with these values of the parameters.
    pub fn for_answers(network: &Network<T>, values: &[T]) -> Self {
        let work = match network.fused() {
            Some(fused) => Work::in_one_piece(network, fused, PATTERNS),
            None => Work::by_layers(network, Rule::LevenbergMarquardt { mu: 0.0 }, PATTERNS),
        };
        let mut engine = Self { work, taken: Vec::new() };
        engine.load_values(values);
        engine
    }
}

impl<T: Scalar> Work<T> {
    fn in_one_piece(network: &Network<T>, fused: Box<dyn Fused<T>>, patterns: usize) -> Self {
        let (input, output) = (network.input(), Shape::new(network.outputs(), 1, 1));
        Self::Fused {
            fused,
            inputs: vec![Maps::zeros(input); patterns],
            outputs: Maps::batch(output, patterns),
            output: Maps::zeros(output),
            derivative: vec![T::zero(); network.outputs()],
        }
    }

    fn by_layers(network: &Network<T>, rule: Rule, size: usize) -> Self {
        Self::Layers {
            chunks: (0..size.div_ceil(CHUNK)).map(|index| Chunk::new(network, size, index > 0)).collect(),
            parameters: Parameters::new(vec![T::zero(); network.layout().size()]),
            rule,
            steps: 0,
        }
    }
}

impl<T: Scalar> Engine<T> {
    /// Takes over values, step sizes and moments after this many steps of training.
    pub fn load(&mut self, parameters: &Parameters<T>, taken: u64) {
        self.load_values(&parameters.values);
        match &mut self.work {
            Work::Fused { fused, .. } => fused.load_step_sizes(&parameters.step_size),
            Work::Layers { parameters: own, steps, .. } => {
                own.step_size.copy_from_slice(&parameters.step_size);
                own.moments.clone_from(&parameters.moments);
                *steps = taken;
            }
        }
    }

    /// Writes values and moments as they are now.
    pub fn save(&mut self, parameters: &mut Parameters<T>) {
        match &mut self.work {
            Work::Fused { fused, .. } => fused.save_values(&mut parameters.values),
            Work::Layers { parameters: own, .. } => {
                parameters.values.copy_from_slice(&own.values);
                parameters.moments.clone_from(&own.moments);
            }
        }
    }

    /// Takes over the parameters' values.
    pub fn load_values(&mut self, values: &[T]) {
        match &mut self.work {
            Work::Fused { fused, .. } => fused.load_values(values),
            Work::Layers { parameters, .. } => parameters.values.copy_from_slice(values),
        }
    }

    /// The input, to be written before a forward pass.
    pub fn input_mut(&mut self) -> &mut Maps<T> {
        match &mut self.work {
            Work::Fused { inputs, .. } => &mut inputs[0],
            Work::Layers { chunks, .. } => &mut chunks[0].inputs[0],
        }
    }

    /// Computes the output for the input.
    pub fn forward(&mut self, network: &Network<T>) -> &[T] {
        match &mut self.work {
            Work::Fused { fused, inputs, output, .. } => {
                fused.forward(&inputs[0].values, &mut output.values);
                &output.values
            }
            Work::Layers { chunks, parameters, .. } => {
                let Chunk { batch, inputs, .. } = &mut chunks[0];
                batch.forward(network, &parameters.values, |input| input.set_pattern(0, &inputs[0]));
                batch.output(0)
            }
        }
    }

    /// Computes the outputs for these patterns, each of which `read` writes to the network's input.
    ///
    /// # Panics
    /// If there are more patterns than there is room for.
    pub fn answer(&mut self, network: &Network<T>, patterns: Range<usize>, read: impl Fn(usize, &mut Maps<T>)) {
        let count = patterns.len();
        match &mut self.work {
            Work::Fused { fused, inputs, outputs, .. } => {
                patterns.zip(&mut *inputs).for_each(|(pattern, input)| read(pattern, input));
                fused.forward_batch(&inputs[..count], outputs);
            }
            Work::Layers { chunks, parameters, .. } => {
                let Chunk { batch, inputs, .. } = &mut chunks[0];
                patterns.zip(&mut *inputs).for_each(|(pattern, input)| read(pattern, input));
                batch.forward(network, &parameters.values, |input| input.set_patterns(&inputs[..count]));
            }
        }
    }

    /// The outputs for the `n`-th of the patterns that were [answered](Self::answer) last.
    pub fn output(&mut self, n: usize) -> &[T] {
        match &mut self.work {
            Work::Fused { outputs, output, .. } => {
                outputs.pattern(n, output);
                &output.values
            }
            Work::Layers { chunks, .. } => chunks[0].batch.output(n),
        }
    }

    /// Moves every parameter by a step of the rule, by the mean of the gradients of `patterns`, and returns what became of each. `write`
    /// writes a pattern to the network's input and returns its class.
    ///
    /// # Panics
    /// If there are more patterns than there is room for.
    pub fn learn(
        &mut self,
        network: &Network<T>,
        loss: impl LossFunction<T>,
        patterns: &[usize],
        write: impl Fn(usize, &mut Maps<T>) -> usize + Sync,
    ) -> &[Step] {
        self.taken.clear();
        match &mut self.work {
            Work::Fused { fused, inputs, output, derivative, .. } => {
                assert_eq!(patterns.len(), 1, "room for one pattern");
                let class = write(patterns[0], &mut inputs[0]);
                fused.forward(&inputs[0].values, &mut output.values);
                let (answer, right) = (answer(&output.values), loss.is_right(&output.values, class));
                let loss = loss.gradient(&output.values, class, derivative);
                self.taken.push(Step { answer, right, loss });
                fused.learn(derivative);
            }
            Work::Layers { chunks, parameters, rule, steps } => {
                assert!(patterns.len() <= chunks.len() * CHUNK, "room for {} patterns", chunks.len() * CHUNK);
                let share = T::one() / T::of(patterns.len() as f64);
                // The first chunk adds to the parameters' own gradient, which the last step has cleared.
                swap(&mut chunks[0].gradient, &mut parameters.gradient);
                let work = |(chunk, patterns): (&mut Chunk<T>, &[usize])| {
                    chunk.learn(network, &parameters.values, &loss, (patterns, share), &write);
                };
                if patterns.len() <= CHUNK {
                    work((&mut chunks[0], patterns));
                } else {
                    chunks.par_iter_mut().zip(patterns.par_chunks(CHUNK)).for_each(work);
                }
                swap(&mut chunks[0].gradient, &mut parameters.gradient);
                for (index, chunk) in chunks.iter_mut().enumerate().take(patterns.len().div_ceil(CHUNK)) {
                    self.taken.extend_from_slice(&chunk.taken);
                    if index > 0 {
                        for (sum, part) in parameters.gradient.iter_mut().zip(&mut chunk.gradient) {
                            *sum += std::mem::replace(part, T::zero());
                        }
                    }
                }
                *steps += 1;
                rule.step(network.kernels(), parameters, *steps);
            }
        }
        &self.taken
    }
}

impl<T: Scalar> Chunk<T> {
    fn new(network: &Network<T>, size: usize, has_gradient: bool) -> Self {
        let at_a_time = if size == 1 { 1 } else { PATTERNS };
        Self {
            batch: Batch::new(network, at_a_time),
            inputs: vec![Maps::zeros(network.input()); at_a_time],
            classes: Vec::with_capacity(at_a_time),
            taken: Vec::with_capacity(size.min(CHUNK)),
            gradient: if has_gradient { vec![T::zero(); network.layout().size()] } else { Vec::new() },
        }
    }

    /// Adds to the gradient `share` times those of these patterns.
    fn learn(
        &mut self,
        network: &Network<T>,
        values: &[T],
        loss: &impl LossFunction<T>,
        (patterns, share): (&[usize], T),
        write: impl Fn(usize, &mut Maps<T>) -> usize,
    ) {
        let Self { batch, inputs, classes, taken, gradient } = self;
        taken.clear();
        for some in patterns.chunks(inputs.len()) {
            classes.clear();
            classes.extend(some.iter().zip(&mut *inputs).map(|(&pattern, input)| write(pattern, input)));
            batch.forward(network, values, |input| input.set_patterns(&inputs[..some.len()]));
            batch.judge(loss, classes, share, taken);
            batch.gradient(network, values, gradient);
        }
    }
}
