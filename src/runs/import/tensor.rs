//! One tensor of another program: its numbers, their order, and whether its shape is ours.

use half::{bf16, f16};
use safetensors::tensor::{Dtype, TensorView};

use crate::kernels::Table;

/// The types of numbers that are read.
pub const TYPES: &str = "F64, F32, F16 or BF16";

/// Its numbers as `f32`, to the nearest.
///
/// # Errors
/// If they are of another type, or one of them is not a finite number or is beyond the range of `f32`.
pub fn numbers(tensor: &TensorView<'_>) -> Result<Vec<f32>, String> {
    let data = tensor.data();
    let numbers: Vec<f64> = match tensor.dtype() {
        Dtype::F64 => data.as_chunks::<8>().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect(),
        Dtype::F32 => data.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes).into()).collect(),
        Dtype::F16 => data.as_chunks::<2>().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f64()).collect(),
        Dtype::BF16 => data.as_chunks::<2>().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f64()).collect(),
        other => return Err(format!("expected numbers of type {TYPES}, found {other:?}")),
    };
    let place = |at: usize| position(at, tensor.shape());
    if let Some((at, number)) = numbers.iter().enumerate().find(|(_, number)| !number.is_finite()) {
        return Err(format!("expected finite numbers, found {number} at {}", place(at)));
    }
    let narrow: Vec<f32> = numbers.iter().map(|&number| number as f32).collect();
    match narrow.iter().position(|number| !number.is_finite()) {
        Some(at) => Err(format!("expected numbers within the range of f32, found {:e} at {}", numbers[at], place(at))),
        None => Ok(narrow),
    }
}

/// The indices of element `at` of a tensor of this shape, such as `[3, 0]`.
fn position(mut at: usize, shape: &[usize]) -> String {
    let mut indices: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&size| {
            let index = at % size;
            at /= size;
            index
        })
        .collect();
    indices.reverse();
    format!("{indices:?}")
}

/// The dimensions in another order: dimension i of the result is dimension `axes[i]`, as in `numpy.transpose`. Without axes, as they are.
///
/// # Errors
/// If the axes are not each dimension once.
pub fn transposed_shape(shape: &[usize], axes: &[usize]) -> Result<Vec<usize>, String> {
    if axes.is_empty() {
        return Ok(shape.to_vec());
    }
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..shape.len()) {
        let all: Vec<usize> = (0..shape.len()).collect();
        return Err(format!("transpose: expected the dimensions {all:?} of {shape:?} in some order, found {axes:?}"));
    }
    Ok(axes.iter().map(|&axis| shape[axis]).collect())
}

/// The numbers of a tensor of this shape in that order.
///
/// # Panics
/// If the axes are not each dimension once.
pub fn transposed(numbers: Vec<f32>, shape: &[usize], axes: &[usize]) -> Vec<f32> {
    if axes.is_empty() {
        return numbers;
    }
    let strides: Vec<usize> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
    let element = |mut at: usize| {
        let mut from = 0;
        for &axis in axes.iter().rev() {
            from += at % shape[axis] * strides[axis];
            at /= shape[axis];
        }
        numbers[from]
    };
    (0..numbers.len()).map(element).collect()
}

/// True if a tensor of shape `theirs` has the numbers of one of shape `ours` in the same order: apart from dimensions of 1 they are
/// the same, or one of the two has the dimensions after the first in a single one, as a full connection after a flattened map has.
pub fn is_same_order(theirs: &[usize], ours: &[usize]) -> bool {
    let wide = |shape: &[usize]| -> Vec<usize> { shape.iter().copied().filter(|&size| size != 1).collect() };
    let flat = |shape: &[usize]| shape.split_first().map(|(&first, rest)| (first, rest.iter().product::<usize>()));
    wide(theirs) == wide(ours) || ((theirs.len() == 2 || ours.len() == 2) && flat(theirs) == flat(ours))
}

/// The kernels of a table's pairs, of a convolution with kernels of `size` x `size` for all pairs, \[outputs, inputs, size, size\].
///
/// # Errors
/// If a weight of maps that are not joined is not 0.
pub fn of_table(numbers: &[f32], table: &Table, size: usize) -> Result<Vec<f32>, String> {
    let (area, inputs) = (size * size, table.inputs());
    let mut kernels = Vec::with_capacity(table.pairs().len() * area);
    for (at, kernel) in numbers.chunks_exact(area).enumerate() {
        let pair = (at / inputs, at % inputs);
        if table.pairs().contains(&pair) {
            kernels.extend(kernel);
        } else if let Some(weight) = kernel.iter().find(|&&weight| weight != 0.0) {
            return Err(format!(
                "expected weights of 0 between maps that the network does not join, found {weight} from input map {} to output map {}; \
                 a network whose table is full takes it",
                pair.1, pair.0
            ));
        }
    }
    Ok(kernels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_type_are_read_to_the_nearest() {
        let read = |dtype, bytes: &[u8], count| numbers(&TensorView::new(dtype, vec![count], bytes).unwrap());
        assert_eq!(
            read(Dtype::F16, &[0x00, 0x3c, 0x55, 0xb5, 0x01, 0x00], 3).unwrap(),
            [1.0, -0.333_251_95, 2f32.powi(-24)]
        );
        assert_eq!(read(Dtype::BF16, &[0x80, 0x3f, 0x49, 0xc0], 2).unwrap(), [1.0, -3.140_625]);
        assert_eq!(read(Dtype::F64, &0.1f64.to_le_bytes(), 1).unwrap(), [0.1f32]);
        assert!(
            read(Dtype::F64, &1e39f64.to_le_bytes(), 1)
                .unwrap_err()
                .contains("within the range of f32, found 1e39 at [0]")
        );
        assert!(read(Dtype::F16, &[0, 0, 0, 0x7e], 2).unwrap_err().contains("finite numbers, found NaN at [1]"));
        assert!(read(Dtype::I64, &[0; 8], 1).unwrap_err().contains("F16 or BF16, found I64"));
    }

    #[test]
    fn dimensions_are_exchanged_as_numpy_exchanges_them() {
        let numbers: Vec<f32> = (0..24).map(|number| number as f32).collect();
        // numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).ravel()[:7]
        let (shape, axes) = (&[2, 3, 4][..], &[2, 0, 1][..]);
        let (found, shape) = (transposed(numbers, shape, axes), transposed_shape(shape, axes).unwrap());
        assert_eq!((&found[..7], &shape[..]), (&[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 1.0][..], &[4, 2, 3][..]));
        for axes in [&[0, 1][..], &[0, 0, 1], &[0, 1, 3], &[0, 1, 2, 3]] {
            assert!(transposed_shape(&[2, 3, 4], axes).unwrap_err().contains("[0, 1, 2] of [2, 3, 4]"));
        }
    }

    #[test]
    fn shapes_of_the_same_order() {
        for (theirs, ours, same) in [
            (&[84, 120][..], &[84, 120, 1, 1][..], true),
            (&[84, 120, 1, 1], &[84, 120], true),
            (&[120, 400], &[120, 16, 5, 5], true),
            (&[6, 5, 5], &[6, 1, 5, 5], true),
            (&[1], &[1], true),
            (&[400, 120], &[120, 16, 5, 5], false),
            (&[5, 5, 16, 120], &[120, 16, 5, 5], false),
            (&[6], &[16], false),
        ] {
            assert_eq!(is_same_order(theirs, ours), same, "{theirs:?} {ours:?}");
        }
    }

    #[test]
    fn a_table_takes_its_own_kernels() {
        let table = Table::sparse(2, &[&[1], &[0, 1]]);
        assert_eq!(of_table(&[0.0, 2.0, 3.0, 4.0], &table, 1).unwrap(), [2.0, 3.0, 4.0]);
        assert!(
            of_table(&[9.0, 2.0, 3.0, 4.0], &table, 1)
                .unwrap_err()
                .contains("found 9 from input map 0 to output map 0")
        );
    }
}
