//! A network at work, one pattern at a time or a batch at a time: forward, and a step of training.

use std::ops::Range;

use rayon::prelude::*;

use crate::kernels::Fixed;
use crate::kernels::batch_maps::PATTERNS;
use crate::kernels::maps::Maps;
use crate::kernels::scalar::Scalar;
use crate::kernels::simd::Level;
use crate::network::optimizer::Rule;
use crate::network::parameters::Parameters;
use crate::network::{BatchWorkspace, Network, Workspace};

/// The states and parameters of a network at work. The network itself is handed to each call.
#[derive(Debug)]
pub struct Engine<T> {
    workspace: Workspace<T>,
    work: Work<T>,
    rule: Rule,
    /// How many steps were taken.
    steps: u64,
}

#[derive(Debug)]
enum Work<T> {
    /// Layer by layer.
    Layers(Parameters<T>),
    Fixed(Box<dyn Fixed<T>>),
}

impl<T: Scalar> Engine<T> {
    /// Room for inputs of the network's declared shape; all parameters are zero. It learns by eq. 17.
    pub fn new(network: &Network<T>) -> Self {
        let work = match network.fixed() {
            Some(fixed) => Work::Fixed(fixed.fork()),
            None => Work::Layers(Parameters::new(vec![T::zero(); network.layout().size()])),
        };
        Self { workspace: network.standard_workspace(), work, rule: Rule::LevenbergMarquardt { mu: 0.0 }, steps: 0 }
    }

    /// The same, which learns by this rule. What is one piece of code learns by eq. 17, and is put aside for any other rule.
    pub fn with_rule(network: &Network<T>, rule: Rule) -> Self {
        let engine = Self::new(network);
        if matches!(rule, Rule::LevenbergMarquardt { .. }) {
            return engine;
        }
        let work = Work::Layers(Parameters::new(vec![T::zero(); network.layout().size()]));
        Self { work, rule, ..engine }
    }

    /// Takes over values, step sizes and moments after this many steps of training.
    pub fn load(&mut self, parameters: &Parameters<T>, steps: u64) {
        self.load_values(&parameters.values);
        self.load_step_sizes(&parameters.step_size);
        if let Work::Layers(own) = &mut self.work {
            own.moments.clone_from(&parameters.moments);
        }
        self.steps = steps;
    }

    /// Writes values and moments as they are now.
    pub fn save(&mut self, parameters: &mut Parameters<T>) {
        self.save_values(&mut parameters.values);
        if let Work::Layers(own) = &self.work {
            parameters.moments.clone_from(&own.moments);
        }
    }

    /// Uses the instructions of this level from now on, where the network is one piece of code.
    pub fn set_level(&mut self, level: Level) {
        if let Work::Fixed(fixed) = &mut self.work {
            fixed.set_level(level);
        }
    }

    /// Takes over the parameters' values.
    pub fn load_values(&mut self, values: &[T]) {
        match &mut self.work {
            Work::Layers(parameters) => parameters.values.copy_from_slice(values),
            Work::Fixed(fixed) => fixed.load_values(values),
        }
    }

    /// Takes over the step sizes.
    pub fn load_step_sizes(&mut self, step_sizes: &[T]) {
        match &mut self.work {
            Work::Layers(parameters) => parameters.step_size.copy_from_slice(step_sizes),
            Work::Fixed(fixed) => fixed.load_step_sizes(step_sizes),
        }
    }

    /// Writes the parameters' values as they are now.
    pub fn save_values(&mut self, values: &mut [T]) {
        match &mut self.work {
            Work::Layers(parameters) => values.copy_from_slice(&parameters.values),
            Work::Fixed(fixed) => fixed.save_values(values),
        }
    }

    /// The input, to be written before a forward pass.
    pub fn input_mut(&mut self) -> &mut Maps<T> {
        self.workspace.input_mut()
    }

    /// Computes the output, and lends it beside the room for the derivatives with respect to it.
    pub fn forward(&mut self, network: &Network<T>) -> (&[T], &mut [T]) {
        match &mut self.work {
            Work::Layers(parameters) => network.forward(&parameters.values, &mut self.workspace),
            Work::Fixed(fixed) => {
                let (input, output) = self.workspace.input_and_output();
                fixed.forward(&input.values, &mut output.values);
            }
        }
        let (output, derivative) = self.workspace.output_and_derivative();
        (&output.values, &mut derivative.values)
    }

    /// Moves every parameter by a step of the rule, once the derivatives with respect to the output are written.
    pub fn learn(&mut self, network: &Network<T>) {
        self.steps += 1;
        match &mut self.work {
            Work::Layers(parameters) => {
                network.gradient(&parameters.values, &mut self.workspace, &mut parameters.gradient);
                self.rule.step(network.kernels(), parameters, self.steps);
            }
            Work::Fixed(fixed) => fixed.learn(&self.workspace.output_and_derivative().1.values),
        }
    }
}

/// So many patterns of a batch are one thread's work. What they add up to is added in order: the same bits for any number of threads.
const CHUNK: usize = 2 * PATTERNS;

/// A network at work on batches: the mean of the patterns' gradients makes one step.
#[derive(Debug)]
pub struct BatchEngine<T> {
    chunks: Vec<Chunk<T>>,
}

/// What one thread works with.
#[derive(Debug)]
struct Chunk<T> {
    workspace: BatchWorkspace<T>,
    /// One pattern, on its way into the batch or out of it.
    input: Maps<T>,
    output: Maps<T>,
    derivative: Maps<T>,
    gradient: Vec<T>,
}

impl<T: Scalar> BatchEngine<T> {
    /// Room for batches of up to `size` patterns.
    pub fn new(network: &Network<T>, size: usize) -> Self {
        let chunk = || {
            let workspace = network.batch_workspace();
            let output = Maps::zeros(workspace.output().shape());
            Chunk {
                workspace,
                input: Maps::zeros(network.input()),
                derivative: output.clone(),
                output,
                gradient: vec![T::zero(); network.layout().size()],
            }
        };
        Self { chunks: (0..size.div_ceil(CHUNK)).map(|_| chunk()).collect() }
    }

    /// Writes the mean over `patterns` of their gradients to `gradient`, and returns what `loss` made of each.
    ///
    /// `write` writes a pattern to the network's input and returns its class; `loss`, given the outputs, the class and room for the
    /// derivatives with respect to the outputs, writes these.
    ///
    /// # Panics
    /// If there are more patterns than there is room for.
    pub fn gradient<R: Send>(
        &mut self,
        network: &Network<T>,
        values: &[T],
        patterns: &[usize],
        write: impl Fn(usize, &mut Maps<T>) -> usize + Sync,
        loss: impl Fn(&[T], usize, &mut [T]) -> R + Sync,
        gradient: &mut [T],
    ) -> Vec<R> {
        assert!(patterns.len() <= self.chunks.len() * CHUNK, "room for {} patterns", self.chunks.len() * CHUNK);
        let share = T::one() / T::of(patterns.len() as f64);
        let work = |(chunk, patterns): (&mut Chunk<T>, &[usize])| -> Vec<R> {
            chunk.gradient.fill(T::zero());
            patterns
                .chunks(PATTERNS)
                .flat_map(|some| chunk.learn(network, values, some, share, &write, &loss))
                .collect()
        };
        let parts: Vec<Vec<R>> = self.chunks.par_iter_mut().zip(patterns.par_chunks(CHUNK)).map(work).collect();
        gradient.fill(T::zero());
        for chunk in &self.chunks[..parts.len()] {
            for (sum, &part) in gradient.iter_mut().zip(&chunk.gradient) {
                *sum += part;
            }
        }
        parts.into_iter().flatten().collect()
    }
}

impl<T: Scalar> BatchEngine<T> {
    /// Hands the outputs for each of these patterns to `each`, in order, on this thread.
    pub fn forward(
        &mut self,
        network: &Network<T>,
        values: &[T],
        patterns: Range<usize>,
        write: impl Fn(usize, &mut Maps<T>),
        mut each: impl FnMut(usize, &[T]),
    ) {
        let chunk = &mut self.chunks[0];
        for start in patterns.clone().step_by(PATTERNS) {
            let some = start..patterns.end.min(start + PATTERNS);
            for (place, pattern) in some.clone().enumerate() {
                write(pattern, &mut chunk.input);
                chunk.workspace.input_mut().set_pattern(place, &chunk.input);
            }
            network.forward_batch(values, &mut chunk.workspace);
            for (place, pattern) in some.enumerate() {
                chunk.workspace.output().pattern(place, &mut chunk.output);
                each(pattern, &chunk.output.values);
            }
        }
    }
}

impl<T: Scalar> Chunk<T> {
    /// Adds `share` times the gradients of up to sixteen patterns.
    fn learn<R>(
        &mut self,
        network: &Network<T>,
        values: &[T],
        patterns: &[usize],
        share: T,
        write: &impl Fn(usize, &mut Maps<T>) -> usize,
        loss: &impl Fn(&[T], usize, &mut [T]) -> R,
    ) -> Vec<R> {
        let mut classes = [0; PATTERNS];
        for (place, (&pattern, class)) in patterns.iter().zip(&mut classes).enumerate() {
            *class = write(pattern, &mut self.input);
            self.workspace.input_mut().set_pattern(place, &self.input);
        }
        network.forward_batch(values, &mut self.workspace);
        let (output, derivative) = self.workspace.output_and_derivative();
        derivative.values_mut().fill(T::zero());
        let each = |(place, &class): (usize, &usize)| {
            output.pattern(place, &mut self.output);
            let result = loss(&self.output.values, class, &mut self.derivative.values);
            self.derivative.values.iter_mut().for_each(|dy| *dy *= share);
            derivative.set_pattern(place, &self.derivative);
            result
        };
        let results = classes[..patterns.len()].iter().enumerate().map(each).collect();
        network.gradient_batch(values, &mut self.workspace, &mut self.gradient);
        results
    }
}
