//! The output layer of Euclidean radial basis functions.

use super::{Context, Derivatives, Layer, Operation, ShapeError};
use crate::kernels::maps::{Maps, Shape};
use crate::kernels::scalar::Scalar;
use crate::network::parameters::Array;

/// The measure of distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// y = sum (x - w)^2, as printed (eq. 7).
    Sum,
    /// y = 1/2 sum (x - w)^2, as in the authors' code.
    Half,
}

impl Distance {
    /// The factor of the sum of squares.
    pub fn scale(self) -> f64 {
        match self {
            Self::Sum => 1.0,
            Self::Half => 0.5,
        }
    }
}

/// One unit a class, whose output is the distance between the state of the layer below and the code of the class (eq. 7).
/// The smaller, the better. Codes are fixed: `codes` \[classes, inputs\].
#[derive(Debug, Clone)]
pub struct Rbf<T> {
    name: String,
    inputs: usize,
    codes: Vec<T>,
    scale: T,
}

/// Squared distances of `classes` squashed outputs to their targets, +1 for the right class and -1 for the others, as in the
/// networks without RBF units (LeNet-1 and LeNet-4, section III-C): y_i = sum over k of (x_k - t_ik)^2.
///
/// The smallest distance is that of the largest output, as y_i = sum over k of (x_k + 1)^2 - 4 x_i; eq. 8 is then the squared error.
/// It is an [`Rbf`] layer with the targets as codes, and without a name: it is neither counted nor saved.
pub fn targets<T: Scalar>(classes: usize, distance: Distance) -> Rbf<T> {
    let codes: Vec<i8> = (0..classes * classes).map(|at| if at % (classes + 1) == 0 { 1 } else { -1 }).collect();
    Rbf::new("", classes, &codes, distance)
}

impl<T: Scalar> Rbf<T> {
    /// The layer `name` with one row of `inputs` components for each class.
    ///
    /// # Panics
    /// If the codes are not a whole number of rows: they are part of a network's declaration.
    pub fn new(name: &str, inputs: usize, codes: &[i8], distance: Distance) -> Self {
        assert!(inputs > 0 && !codes.is_empty() && codes.len().is_multiple_of(inputs), "rows of {inputs} components");
        let codes = codes.iter().map(|&w| T::of(w.into())).collect();
        Self { name: name.into(), inputs, codes, scale: T::of(distance.scale()) }
    }

    fn classes(&self) -> usize {
        self.codes.len() / self.inputs
    }

    /// Calls `compute` for each position of the maps of each pattern, with the components of that position map by map, and stores its
    /// results at that position.
    fn each_position<const N: usize>(
        from: [&Maps<T>; N],
        to: &mut Maps<T>,
        room: &mut Vec<T>,
        compute: impl Fn([&[T]; N], &mut [T]),
    ) {
        // Patterns are more positions.
        let area = to.shape().area() * to.patterns();
        if area == 1 {
            return compute(from.map(|maps| &*maps.values), &mut to.values);
        }
        room.resize(from.iter().map(|maps| maps.shape().maps).sum::<usize>() + to.shape().maps, T::zero());
        let inputs = room.len() - to.shape().maps;
        let (components, result) = room.split_at_mut(inputs);
        for position in 0..area {
            let mut rest = &mut *components;
            for maps in from {
                let own = rest.split_off_mut(..maps.shape().maps).expect("room for all of them");
                for (component, units) in own.iter_mut().zip(maps.values.chunks_exact(area)) {
                    *component = units[position];
                }
            }
            let mut rest = &*components;
            compute(from.map(|maps| rest.split_off(..maps.shape().maps).expect("as many as gathered")), result);
            for (units, &result) in to.values.chunks_exact_mut(area).zip(result.iter()) {
                units[position] = result;
            }
        }
    }
}

impl<T: Scalar> Layer<T> for Rbf<T> {
    fn name(&self) -> &str {
        &self.name
    }

    fn output_shape(&self, input: Shape) -> Result<Shape, ShapeError> {
        if input.maps != self.inputs {
            let expected = format!("{} maps", self.inputs);
            return Err(ShapeError { layer: self.name.clone(), expected, found: input });
        }
        Ok(Shape { maps: self.classes(), ..input })
    }

    /// `None` for [`targets`], which follow from the number of classes.
    fn constant(&self) -> Option<Array<T>> {
        if self.name.is_empty() {
            return None;
        }
        let name = format!("{}.codes", self.name.to_lowercase());
        Some(Array { name, shape: vec![self.classes(), self.inputs], values: self.codes.clone() })
    }

    fn operation(&self) -> Option<Operation<'_, T>> {
        Some(Operation::Distances { codes: &self.codes, inputs: self.inputs, scale: self.scale })
    }

    /// For codes of components -1 and 1.
    fn bound(&self, _values: &[T], input: f64) -> f64 {
        self.scale.widen() * self.inputs as f64 * (input + 1.0) * (input + 1.0)
    }

    fn connections(&self, input: Shape) -> usize {
        input.area() * self.codes.len()
    }

    fn forward(&self, _values: &[T], input: &Maps<T>, output: &mut Maps<T>, context: Context<'_, T>) {
        Self::each_position([input], output, &mut context.scratch.values, |[x], y| {
            context.kernels.rbf_forward(self.scale, &self.codes, x, y);
        });
    }

    fn gradient(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let from = [pass.input, pass.output_derivative];
            Self::each_position(from, to, &mut context.scratch.values, |[x, dy], dx| {
                context.kernels.rbf_gradient(self.scale, &self.codes, x, dy, dx);
            });
        }
    }

    /// d2E/dx_j^2 = sum over i of g_i * d2y_i/dx_j^2 with d2y_i/dx_j^2 = 2 s.
    ///
    /// The loss gives g_i = dE/dy_i, the weight of each distance's own curvature (for eq. 8: 1 for the right class), and not a second
    /// derivative with respect to y_i. Reading (*authors' code*): a constant 2 for each
    /// state of F6, or 1 with the 1/2.
    fn curvature(&self, _values: &[T], pass: Derivatives<'_, T>, context: Context<'_, T>) {
        if let Some(to) = pass.input_derivative {
            let from = [pass.output_derivative];
            Self::each_position(from, to, &mut context.scratch.values, |[weights], curvature| {
                let weight = weights.iter().fold(T::zero(), |sum, &g| sum + g);
                curvature.fill((self.scale + self.scale) * weight);
            });
        }
    }
}
