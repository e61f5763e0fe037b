//! The speed of the training step on one core, and its upper bound: `lenet5 bench`.
//!
//! Other programs on the machine and its changing clock disturb every measurement. So each is repeated, measurements
//! that are compared take turns within milliseconds of each other, and medians are reported.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::data::{Dataset, Images, encoder::Encoder};
use crate::evaluation::statistics::median;
use crate::kernels::Fused;
use crate::kernels::lenet5::{Kernel, Lenet5};
use crate::kernels::maps::{Maps, PATTERNS, Shape};
use crate::kernels::peak;
use crate::kernels::scalar::Scalar;
use crate::kernels::simd::Level;
use crate::models;
use crate::network::Network;
use crate::network::engine::Engine;
use crate::network::loss;
use crate::network::parameters::Role;
use crate::training::Trainer;

/// A repeat takes at least this long, or one step where that takes longer: long beside the clock's resolution, short beside the
/// time in which a neighbour comes and goes.
const REPEAT: Duration = Duration::from_millis(5);

/// Multiply-adds with trainable weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MultiplyAdds {
    /// Of a forward pass.
    pub forward: usize,
    /// Of a training step: the forward pass, and the derivatives with respect to weights and to inputs.
    pub step: usize,
}

/// The multiply-adds of a network on an input of this shape: those of [`multiply_adds_by_layer`], and as many again for the weights'
/// derivatives and for the inputs' (which the first layer does not need). Subsampling, squashing, RBF units and the update are
/// left out: for LeNet-5 they are less than 2 % of it.
///
/// # Panics
/// If the network cannot take such an input.
pub fn multiply_adds<T: Scalar>(network: &Network<T>, input: Shape) -> MultiplyAdds {
    let layers = multiply_adds_by_layer(network, input);
    let forward = layers.iter().map(|layer| layer.1).sum();
    MultiplyAdds { forward, step: 3 * forward - layers.first().map_or(0, |layer| layer.1) }
}

/// The layers that have weights, in lower case, each with its multiply-adds in a forward pass: one for each weight at each position
/// of the layer's maps.
///
/// # Panics
/// If the network cannot take such an input.
pub fn multiply_adds_by_layer<T: Scalar>(network: &Network<T>, input: Shape) -> Vec<(String, usize)> {
    let rows = network.table(input).expect("it takes the input");
    let area =
        |layer: &str| rows.iter().find(|row| row.name.to_lowercase() == layer).map_or(0, |row| row.output.area());
    let weights = network.layout().iter().filter(|(tensor, _)| tensor.role == Role::Weight);
    let products = weights.map(|(tensor, _)| {
        let layer = tensor.name.split('.').next().unwrap_or_default();
        (layer.to_string(), tensor.size() * area(layer))
    });
    products.collect()
}

/// The speed of one core at one SIMD level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// The most multiply-adds, times two, in 10^9 a second ([`peak`]).
    pub fma_peak_gflops: f64,
    /// A training step as a run does it, in microseconds: reading the image, forward, loss, backward and update.
    pub step_us: f64,
    /// A forward pass as an evaluation does it, in microseconds a pattern: reading sixteen images, forward, answers and losses.
    pub forward_us: f64,
    /// Two for each of [`multiply_adds`] of a step, in 10^9 a second.
    pub useful_gflops: f64,
    /// `useful_gflops` / `fma_peak_gflops`
    pub share_of_peak: f64,
}

/// The speed at each level that was measured, by the level's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Level by level.
    pub levels: BTreeMap<&'static str, Speed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    /// A link of each chain.
    Peak,
    Step,
    /// Of sixteen patterns.
    Forward,
    Kernel(Kernel),
}

/// Measurements of LeNet-5 of the given settings, on patterns of a data set; which ones makes no difference to the time.
#[derive(Debug)]
pub struct Benchmark<'a> {
    settings: &'a Settings,
    dataset: &'a Dataset,
}

impl<'a> Benchmark<'a> {
    /// A benchmark on the training patterns of this data set.
    pub fn new(settings: &'a Settings, dataset: &'a Dataset) -> Self {
        Self { settings, dataset }
    }

    /// The speed at each of these levels, the median of `repeats` measurements.
    ///
    /// # Panics
    /// If `repeats` is 0.
    pub fn report(&self, levels: &[Level], repeats: usize) -> Report {
        let flop = 2.0 * self.multiply_adds().step as f64;
        let seconds = self.medians(levels, &[Task::Peak, Task::Step, Task::Forward], repeats);
        let speed = |(level, seconds): (&Level, &Vec<f64>)| {
            let peak_gflops = peak::multiply_adds(*level, 1) as f64 / seconds[0] / 1e9;
            let useful_gflops = flop / seconds[1] / 1e9;
            let speed = Speed {
                fma_peak_gflops: peak_gflops,
                step_us: 1e6 * seconds[1],
                forward_us: 1e6 * seconds[2] / PATTERNS as f64,
                useful_gflops,
                share_of_peak: useful_gflops / peak_gflops,
            };
            (level.name(), speed)
        };
        Report { levels: levels.iter().zip(&seconds).map(speed).collect() }
    }

    /// Microseconds a pattern of each kernel at each of these levels, each measured alone.
    ///
    /// # Panics
    /// If `repeats` is 0.
    pub fn kernels(&self, levels: &[Level], repeats: usize) -> Vec<(Kernel, Vec<f64>)> {
        let kernels = Kernel::FORWARD.into_iter().chain(Kernel::BACKWARD).chain(Kernel::SIXTEEN);
        let task: Vec<Task> = kernels.clone().map(Task::Kernel).collect();
        let seconds = self.medians(levels, &task, repeats);
        let row = |(index, kernel): (usize, Kernel)| {
            (kernel, seconds.iter().map(|level| 1e6 * level[index] / kernel.patterns() as f64).collect())
        };
        kernels.enumerate().map(row).collect()
    }

    /// The multiply-adds of the network.
    pub fn multiply_adds(&self) -> MultiplyAdds {
        let network = models::build::<f32>(self.settings);
        multiply_adds(&network, network.input())
    }

    /// Seconds of each task at each level. All take turns, so that a disturbance of the machine affects all alike.
    fn medians(&self, levels: &[Level], tasks: &[Task], repeats: usize) -> Vec<Vec<f64>> {
        let mut subjects: Vec<Subject<'_>> =
            levels.iter().map(|&level| Subject::new(level, self.settings, self.dataset)).collect();
        let turns: Vec<(usize, Task)> =
            (0..levels.len()).flat_map(|level| tasks.iter().map(move |&task| (level, task))).collect();
        let counts: Vec<usize> = turns.iter().map(|&(level, task)| subjects[level].count(task)).collect();
        let mut seconds = vec![Vec::with_capacity(repeats); turns.len()];
        for _ in 0..repeats {
            for ((&(level, task), &count), seconds) in turns.iter().zip(&counts).zip(&mut seconds) {
                seconds.push(subjects[level].time(task, count).as_secs_f64() / count as f64);
            }
        }
        let medians: Vec<f64> = seconds.into_iter().map(median).collect();
        medians.chunks(tasks.len()).map(<[f64]>::to_vec).collect()
    }
}

#[derive(Debug)]
struct Subject<'a> {
    level: Level,
    trainer: Trainer<f32>,
    engine: Engine<f32>,
    lenet5: Lenet5,
    encoder: Encoder<f32>,
    settings: &'a Settings,
    images: &'a Images,
    presented: usize,
}

impl<'a> Subject<'a> {
    /// A network before its first pass, with the step sizes of that pass.
    fn new(level: Level, settings: &'a Settings, dataset: &'a Dataset) -> Self {
        let network = models::build(settings).at_level(level);
        let mut trainer = Trainer::with_network(settings, dataset, network);
        trainer.estimate_curvature();
        trainer.set_step_sizes();
        Self {
            level,
            engine: Engine::for_answers(trainer.network(), &trainer.parameters().values),
            lenet5: after_a_step(level, settings, dataset),
            encoder: Encoder::new(trainer.network().encoding()),
            trainer,
            settings,
            images: &dataset.training,
            presented: 0,
        }
    }

    /// The number of times that a task is done in one repeat. All of three attempts must take long enough: one alone
    /// may have been interrupted.
    fn count(&mut self, task: Task) -> usize {
        let mut count = 1;
        while (0..3).any(|_| self.time(task, count) < REPEAT) {
            count *= 2;
        }
        count
    }

    /// The time of doing a task `count` times.
    fn time(&mut self, task: Task, count: usize) -> Duration {
        if task == Task::Step {
            return self.steps(count);
        }
        let started = Instant::now();
        match task {
            Task::Peak => {
                peak::multiply_adds(self.level, count);
            }
            Task::Kernel(kernel) => (0..count).for_each(|_| self.lenet5.run(kernel)),
            _ => (0..count).for_each(|_| self.forward()),
        }
        started.elapsed()
    }

    /// The time of `count` training steps. A run copies the parameters into the engine's layout and back once a pass; the time of
    /// that does not belong to a step, so the clock starts after a first step and stops after the last one.
    fn steps(&mut self, count: usize) -> Duration {
        let patterns: Vec<usize> = (0..=count).map(|_| self.next()).collect();
        let (mut started, mut elapsed, mut steps) = (Instant::now(), Duration::ZERO, 0);
        let _ = self.trainer.present(&patterns, |_| {
            if steps == 0 {
                started = Instant::now();
            } else if steps == count {
                elapsed = started.elapsed();
            }
            steps += 1;
            ControlFlow::Continue(())
        });
        elapsed
    }

    fn forward(&mut self) {
        let first = self.next().min(self.images.len() - PATTERNS);
        let patterns = first..first + PATTERNS;
        self.presented += PATTERNS;
        let Self { trainer, engine, encoder, settings, images, .. } = self;
        engine.answer(trainer.network(), patterns.clone(), |index, input| encoder.encode_image(images, index, input));
        for (n, index) in patterns.enumerate() {
            let (distances, class) = (engine.output(n), usize::from(images.labels()[index]));
            std::hint::black_box((loss::answer(distances), settings.loss_function().value(distances, class)));
        }
    }

    /// One training pattern after another, over and over.
    fn next(&mut self) -> usize {
        self.presented += 1;
        self.presented % self.images.len()
    }
}

/// LeNet-5 after a whole step and an answer to sixteen patterns, all of the first image, so that each kernel finds what it reads. All step sizes are 0: a kernel that
/// is run again and again moves no parameter, and takes the same time.
///
/// # Panics
/// If there is no image to train on.
pub fn after_a_step(level: Level, settings: &Settings, dataset: &Dataset) -> Lenet5 {
    let (trainer, images) = (Trainer::<f32>::new(settings, dataset), &dataset.training);
    let mut lenet5 = Lenet5::new(level, &settings.codes(), settings.distance.scale() as f32);
    lenet5.load_values(&trainer.parameters().values);
    let mut input = Maps::zeros(trainer.network().input());
    Encoder::new(trainer.network().encoding()).encode_image(images, 0, &mut input);
    let mut distances = vec![0.0; settings.codes().len()];
    let mut derivative = distances.clone();
    lenet5.forward(&input.values, &mut distances);
    settings.loss_function().gradient(&distances, usize::from(images.labels()[0]), &mut derivative);
    lenet5.learn(&derivative);
    lenet5.forward_batch(&[input], &mut Maps::batch(Shape::new(distances.len(), 1, 1), PATTERNS));
    lenet5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::codes;

    /// Layer by layer, from the shapes that section II-B states.
    #[test]
    fn a_step_of_lenet5_is_1_72_mflop() {
        let network = models::lenet5::<f32>(&codes::digits(), models::Readings::AS_PRINTED);
        let (c1, c3, c5, f6) = (28 * 28 * 6 * 25, 10 * 10 * 60 * 25, 120 * 16 * 25, 84 * 120);
        let counted = multiply_adds(&network, network.input());
        assert_eq!(counted.forward, c1 + c3 + c5 + f6);
        assert_eq!(counted.step, 2 * c1 + 3 * (c3 + c5 + f6));
        assert_eq!(format!("{:.2}", 2e-6 * counted.step as f64), "1.72");
    }
}
