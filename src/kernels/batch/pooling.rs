//! Max-pooling and subsampling over fields of N x N units that do not overlap. Units left over at the right and at the bottom are not
//! read.

use super::unit::{Unit, of_unit, to_unit};
use crate::maps::{PATTERNS, Shape};
use crate::simd::{Lanes, Select, Simd, SimdBase, fma, load, parts, splat, store};

/// The division of maps into fields.
#[derive(Clone, Copy)]
pub struct Fields {
    /// N.
    pub size: usize,
    /// The larger maps.
    pub from: Shape,
    /// The smaller ones.
    pub to: Shape,
}

impl Fields {
    /// Calls `field` with the number of each field, row by row, and the first of its units.
    #[inline(always)]
    fn of_map(self, map: usize, mut field: impl FnMut(usize, usize)) {
        let Self { size, from, to } = self;
        for y in 0..to.height {
            for x in 0..to.width {
                field((map * to.height + y) * to.width + x, (map * from.height + y * size) * from.width + x * size);
            }
        }
    }

    /// Calls `unit` with the place in its field and the number of each unit of the field that starts at `first`, row by row.
    #[inline(always)]
    fn each_unit(self, first: usize, mut unit: impl FnMut(usize, usize)) {
        for u in 0..self.size {
            for v in 0..self.size {
                unit(u * self.size + v, first + u * self.from.width + v);
            }
        }
    }

    /// True if some units belong to no field.
    fn leave_some(self) -> bool {
        let Self { size, from, to } = self;
        from.height != to.height * size || from.width != to.width * size
    }
}

/// Evaluates an expression of the fields; where their size is 2, it is a constant to the compiler.
macro_rules! at_size {
    ($fields:ident => $body:expr) => {
        if $fields.size == 2 {
            let $fields = Fields { size: 2, ..$fields };
            $body
        } else {
            $body
        }
    };
}
pub(super) use at_size;

/// Writes the largest of each field. Units are compared row by row, and of equal ones the first counts.
#[inline(always)]
pub fn max<S: Simd>(simd: S, fields: Fields, input: &[Unit], output: &mut [Unit]) {
    for map in 0..fields.to.maps {
        fields.of_map(
            map,
            #[inline(always)]
            |field, first| {
                for part in 0..parts::<S>() {
                    let mut best = of_unit(simd, &input[first], part);
                    fields.each_unit(
                        first,
                        #[inline(always)]
                        |_, unit| {
                            let x = of_unit(simd, &input[unit], part);
                            best = x.simd_gt(best).select(x, best);
                        },
                    );
                    to_unit::<S>(best, &mut output[field], part);
                }
            },
        );
    }
}

/// Writes the derivative of each field to the unit that [`max`] took, and zero elsewhere.
#[inline(always)]
pub fn max_input_derivative<S: Simd>(
    simd: S,
    fields: Fields,
    input: &[Unit],
    output_derivative: &[Unit],
    input_derivative: &mut [Unit],
) {
    if fields.leave_some() {
        input_derivative.fill([0.0; PATTERNS]);
    }
    let zero = splat::<S>(simd, 0.0);
    for map in 0..fields.to.maps {
        fields.of_map(
            map,
            #[inline(always)]
            |field, first| {
                for part in 0..parts::<S>() {
                    let da = of_unit(simd, &output_derivative[field], part);
                    let (mut best, mut which) = (of_unit(simd, &input[first], part), zero);
                    fields.each_unit(
                        first,
                        #[inline(always)]
                        |place, unit| {
                            let x = of_unit(simd, &input[unit], part);
                            let larger = x.simd_gt(best);
                            best = larger.select(x, best);
                            which = larger.select(splat(simd, place as f32), which);
                        },
                    );
                    fields.each_unit(
                        first,
                        #[inline(always)]
                        |place, unit| {
                            let taken = which.simd_eq(splat::<S>(simd, place as f32));
                            to_unit::<S>(taken.select(da, zero), &mut input_derivative[unit], part);
                        },
                    );
                }
            },
        );
    }
}

/// The sum of a field, row by row.
#[inline(always)]
fn sum<S: Simd>(simd: S, fields: Fields, first: usize, input: &[Unit], part: usize) -> S::f32s {
    let mut sum = splat::<S>(simd, 0.0);
    fields.each_unit(
        first,
        #[inline(always)]
        |_, unit| sum += of_unit(simd, &input[unit], part),
    );
    sum
}

/// Writes coefficient * sum + bias of each field.
#[inline(always)]
pub fn weighted<S: Simd>(
    simd: S,
    fields: Fields,
    (coefficients, biases): (&[f32], &[f32]),
    input: &[Unit],
    output: &mut [Unit],
) {
    for (map, (&coefficient, &bias)) in coefficients.iter().zip(biases).enumerate() {
        let (coefficient, bias) = (splat::<S>(simd, coefficient), splat::<S>(simd, bias));
        fields.of_map(
            map,
            #[inline(always)]
            |field, first| {
                for part in 0..parts::<S>() {
                    let sum = sum(simd, fields, first, input, part);
                    to_unit::<S>(fma::<S>(coefficient, sum, bias), &mut output[field], part);
                }
            },
        );
    }
}

/// Adds to `coefficients` and `biases`. Each pattern has sums of its own, which `Lanes::sum` adds.
#[inline(always)]
pub fn weighted_parameter_derivative<S: Simd>(
    simd: S,
    fields: Fields,
    input: &[Unit],
    output_derivative: &[Unit],
    coefficients: &mut [f32],
    biases: &mut [f32],
) {
    for (map, (coefficient, bias)) in coefficients.iter_mut().zip(biases).enumerate() {
        let (mut coefficient_sums, mut bias_sums) = (Lanes::ZERO, Lanes::ZERO);
        for part in 0..parts::<S>() {
            let (mut products, mut das) = (load(simd, &Lanes::ZERO, part), load(simd, &Lanes::ZERO, part));
            fields.of_map(
                map,
                #[inline(always)]
                |field, first| {
                    let da = of_unit(simd, &output_derivative[field], part);
                    products = fma::<S>(da, sum(simd, fields, first, input, part), products);
                    das += da;
                },
            );
            store::<S>(products, &mut coefficient_sums, part);
            store::<S>(das, &mut bias_sums, part);
        }
        *coefficient += coefficient_sums.sum(simd);
        *bias += bias_sums.sum(simd);
    }
}

/// Writes coefficient * da to each unit of a field, and zero elsewhere.
#[inline(always)]
pub fn weighted_input_derivative<S: Simd>(
    simd: S,
    fields: Fields,
    coefficients: &[f32],
    output_derivative: &[Unit],
    input_derivative: &mut [Unit],
) {
    if fields.leave_some() {
        input_derivative.fill([0.0; PATTERNS]);
    }
    for (map, &coefficient) in coefficients.iter().enumerate() {
        let coefficient = splat::<S>(simd, coefficient);
        fields.of_map(
            map,
            #[inline(always)]
            |field, first| {
                for part in 0..parts::<S>() {
                    let dx = coefficient * of_unit(simd, &output_derivative[field], part);
                    fields.each_unit(
                        first,
                        #[inline(always)]
                        |_, unit| to_unit::<S>(dx, &mut input_derivative[unit], part),
                    );
                }
            },
        );
    }
}
