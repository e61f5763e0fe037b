//! One layer run by hand, without a network around it.

use lenet5::kernels::Plain;
use lenet5::kernels::maps::{Maps, Shape};
use lenet5::network::layers::{Context, Derivatives, Layer, Scratch};

pub fn size(layer: &dyn Layer<f64>) -> usize {
    layer.tensors().iter().map(|tensor| tensor.size()).sum()
}

/// The layer's output. Room for it starts as NaN, so that a unit that is not written shows.
pub fn forward(layer: &dyn Layer<f64>, values: &[f64], input: &Maps<f64>) -> Maps<f64> {
    let mut output = nan(layer.output_shape(input.shape()).expect("the layer takes this input"));
    layer.forward(values, input, &mut output, Context { kernels: &Plain, scratch: &mut Scratch::default() });
    output
}

/// The derivatives with respect to input and parameters, given those with respect to the output. Those of the input are to be
/// overwritten and start as NaN; those of the parameters are to be added and start at 1.
pub fn backward(layer: &dyn Layer<f64>, values: &[f64], input: &Maps<f64>, dy: &Maps<f64>) -> (Maps<f64>, Vec<f64>) {
    let (mut dx, mut parameters) = (nan(input.shape()), vec![1.0; values.len()]);
    let output = forward(layer, values, input);
    let pass = Derivatives {
        input,
        output: &output,
        output_derivative: dy,
        input_derivative: Some(&mut dx),
        parameter_derivative: &mut parameters,
    };
    layer.gradient(values, pass, Context { kernels: &Plain, scratch: &mut Scratch::default() });
    (dx, parameters.into_iter().map(|sum| sum - 1.0).collect())
}

fn nan(shape: Shape) -> Maps<f64> {
    Maps::from_values(shape, vec![f64::NAN; shape.units()]).expect("as many numbers as units")
}
