//! Initial values of the parameters: the paper's statements about weights, and readings of what it leaves open.

use rand_distr::{Distribution, StandardNormal, Uniform};

use crate::config::network::Start;
use crate::config::{BiasStart, CoefficientStart, Config, FanIn, WeightDistribution};
use crate::kernels::scalar::Scalar;
use crate::network::parameters::{Layout, Role};
use crate::random::stream;

/// The initial values of all parameters, in the order of `layout`, drawn from the seed's stream `weights`.
///
/// Weights are uniform in +- r / F or +- r / sqrt(F), with F the fan-in of the unit, or normal with this as their standard
/// deviation; biases and subsampling coefficients follow the settings, of a declared network those of the layer. Numbers are drawn as `f64` for every `T`, so that an
/// `f32` network starts where its `f64` twin does.
pub fn initial_values<T: Scalar>(layout: &Layout, config: &Config) -> Vec<T> {
    let mut generator = stream(config.seed, "weights", 0);
    let mut values = Vec::with_capacity(layout.size());
    for (tensor, _) in layout.iter() {
        let row = tensor.size() / tensor.fan_in.len();
        let start = config.start(&tensor.name);
        for &fan_in in &tensor.fan_in {
            let (centre, range, distribution) = distribution_of(tensor.role, fan_in, &start);
            if distribution == WeightDistribution::Normal {
                let draw = |_| range * <StandardNormal as Distribution<f64>>::sample(&StandardNormal, &mut generator);
                values.extend((0..row).map(draw).map(T::of));
                continue;
            }
            let uniform = Uniform::new_inclusive(-range, range).expect("ranges are finite and not negative");
            values.extend((0..row).map(|_| T::of(centre + uniform.sample(&mut generator))));
        }
    }
    values
}

/// Centre, range and distribution of the initial values of a unit.
fn distribution_of(role: Role, fan_in: usize, start: &Start) -> (f64, f64, WeightDistribution) {
    let unit_range = match start.weight_fan_in {
        FanIn::Linear => start.weight_range / fan_in as f64,
        FanIn::SquareRoot => start.weight_range / (fan_in as f64).sqrt(),
    };
    let uniform = WeightDistribution::Uniform;
    match (role, start.bias_start, start.coefficient_start) {
        (Role::Weight, _, _) | (Role::Bias, BiasStart::Uniform, _) => (0.0, unit_range, start.weight_distribution),
        (Role::Bias, BiasStart::Zero, _) => (0.0, 0.0, uniform),
        (Role::Coefficient, _, CoefficientStart::Constant) => (start.coefficient, 0.0, uniform),
        (Role::Coefficient, _, CoefficientStart::Uniform) => (0.0, start.coefficient, uniform),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models;
    use crate::models::builder::Builder;
    use crate::paper::codes;

    fn start(assignments: &[&str]) -> (Layout, Vec<f64>) {
        let layout = models::lenet5::<f64>(&codes::digits(), models::Readings::AS_PRINTED).layout().clone();
        let values = initial_values(&layout, &Builder::assigned(assignments).unwrap());
        (layout, values)
    }

    /// S2's fan-in is 4: with a range of 1 over its root, 0.5 is the coefficient too.
    #[test]
    fn coefficients_are_uniform_whatever_the_weights_are() {
        let assignments = ["coefficient_start=uniform", "weight_range=1.0", "coefficient=0.5"];
        let (layout, uniform) = start(&assignments);
        let (_, normal) = start(&[&assignments[..], &["weight_distribution=normal"]].concat());
        for (tensor, range) in layout.iter() {
            let largest = spread(&normal[range.clone()]).0;
            match tensor.role {
                Role::Coefficient => assert!(largest <= 0.5 && largest > 0.0, "{}: {largest}", tensor.name),
                Role::Weight => assert!(largest > spread(&uniform[range]).0, "{}: {largest}", tensor.name),
                Role::Bias => {}
            }
        }
    }

    /// Largest and root mean square value of the parameters `range`.
    fn spread(values: &[f64]) -> (f64, f64) {
        let square = values.iter().map(|w| w * w).sum::<f64>() / values.len() as f64;
        (values.iter().fold(0.0, |largest, w| w.abs().max(largest)), square.sqrt())
    }

    #[test]
    fn weights_fill_the_range_of_their_own_unit() {
        let (layout, values) = start(&["weight_range=2.4"]);
        for (tensor, range) in layout.iter().filter(|(tensor, _)| tensor.role == Role::Weight) {
            let row = tensor.size() / tensor.fan_in.len();
            for (&fan_in, row) in tensor.fan_in.iter().zip(values[range].chunks(row)) {
                let limit = 2.4 / (fan_in as f64).sqrt();
                let (largest, _) = spread(row);
                assert!(largest <= limit && largest > 0.6 * limit, "{}: {largest} of {limit}", tensor.name);
            }
        }
        // C3's units see 3, 4 or 6 maps of 5x5 inputs.
        let c3 = layout.iter().find(|(tensor, _)| tensor.name == "c3.weight").unwrap().0;
        assert_eq!((c3.fan_in[0], c3.fan_in[18], c3.fan_in[59]), (75, 100, 150));
    }

    #[test]
    fn uniform_weights_have_the_variance_of_a_uniform_distribution() {
        let (layout, values) = start(&["weight_range=2.4", "weight_fan_in=linear"]);
        let (_, range) = layout.iter().find(|(tensor, _)| tensor.name == "c5.weight").unwrap();
        let (largest, deviation) = spread(&values[range]);
        let limit = 2.4 / 400.0;
        assert!(largest <= limit && (deviation / (limit / 3.0_f64.sqrt()) - 1.0).abs() < 0.02);
    }

    #[test]
    fn biases_and_coefficients_start_as_the_settings_say() {
        let (layout, constant) = start(&["coefficient=0.25"]);
        let (_, uniform) = start(&["bias_start=uniform", "coefficient_start=uniform", "coefficient=0.6"]);
        for (tensor, range) in layout.iter() {
            let (constant, uniform) = (&constant[range.clone()], &uniform[range]);
            match tensor.role {
                Role::Weight => {}
                Role::Bias => assert!(constant.iter().all(|&b| b == 0.0) && uniform.iter().all(|&b| b != 0.0)),
                Role::Coefficient => {
                    assert!(constant.iter().all(|&c| c == 0.25));
                    assert!(uniform.iter().all(|&c| c.abs() <= 0.6) && uniform.iter().any(|&c| c < 0.0));
                }
            }
        }
    }
}
